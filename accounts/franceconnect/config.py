"""The provider as the settings describe it, completed by what it publishes of itself."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from django.conf import settings
from django.core.cache import cache

from accounts.franceconnect.exceptions import FranceConnectError, Reason
from accounts.franceconnect.http import fetch_json

CACHE_SECONDS = 3600
LEVELS = ("eidas1", "eidas2", "eidas3")


@dataclass(frozen=True, slots=True)
class Provider:
    """How this portal is known to FranceConnect. `endpoints` is empty where discovery tells them."""

    issuer: str
    client_id: str
    client_secret: str
    acr: str
    scopes: tuple[str, ...]
    algorithms: tuple[str, ...]
    takes_pkce: bool
    decryption_key_file: str
    endpoints: Mapping[str, str]

    @classmethod
    def from_settings(cls) -> Self:
        """Return the provider of settings.FRANCECONNECT. Raises KeyError while FranceConnect is off."""
        values: dict[str, Any] = settings.FRANCECONNECT or {}
        return cls(**{name: values[name] for name in cls.__slots__})

    def url(self, name: str) -> str:
        """Return an endpoint by its name in OpenID Connect discovery, "" if there is none.

        Raises FranceConnectError (UNAVAILABLE) when the provider does not answer.
        """
        if self.endpoints:
            return self.endpoints.get(name, "")
        return str(self._published().get(name, ""))

    def is_sure_enough(self, acr: str) -> bool:
        """Tell whether the level of guarantee `acr` reaches the one that is asked for."""
        if acr in LEVELS and self.acr in LEVELS:
            return LEVELS.index(acr) >= LEVELS.index(self.acr)
        return acr == self.acr

    def _published(self) -> dict[str, Any]:
        key = f"franceconnect-discovery:{self.issuer}"
        published = cache.get(key)
        if published is None:
            published = fetch_json(f"{self.issuer}/.well-known/openid-configuration")
            if published.get("issuer") != self.issuer:
                raise FranceConnectError(Reason.UNTRUSTED, "discovery of another issuer")
            cache.set(key, published, CACHE_SECONDS)
        return published


def is_configured() -> bool:
    """Tell whether the button leads somewhere."""
    return settings.FRANCECONNECT is not None
