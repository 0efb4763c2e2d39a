"""What the provider accepts of a service that asks: nothing but what FranceConnect lists."""

from dataclasses import dataclass
from typing import Any, Self

from django.conf import settings
from django.http import QueryDict
from django.urls import reverse

from cpf_portal.franceconnect import PLAYED_CLIENT, PLAYED_PATH

MIN_NONCE = 22
PROMPTS = {"login", "consent", "login consent"}
LEVELS = ("eidas1", "eidas2", "eidas3")
ALLOWED = {
    "client_id", "acr_values", "claims", "response_type", "nonce", "state", "redirect_uri", "scope",
    "prompt", "idp_hint", "ui_locales",
}  # fmt: skip
SCOPES = {
    "openid": set(),
    "identite_pivot": {
        "given_name", "given_name_array", "family_name", "gender", "birthdate", "birthplace",
        "birthcountry",
    },
    "preferred_username": {"preferred_username"},
    "email": {"email"},
}  # fmt: skip


class Refused(Exception):
    """The request is refused; `is_sure` when the service may be told by a redirection."""

    def __init__(self, error: str, description: str, *, is_sure: bool = True) -> None:
        super().__init__(description)
        self.error, self.description, self.is_sure = error, description, is_sure


def issuer() -> str:
    return settings.SITE_URL + PLAYED_PATH


def redirect_uri() -> str:
    """Return the one address that was declared beforehand."""
    return settings.SITE_URL + reverse("accounts:franceconnect_callback")


@dataclass(frozen=True, slots=True)
class Authorization:
    """A request that was accepted."""

    nonce: str
    state: str
    scopes: tuple[str, ...]
    acr: str

    @classmethod
    def read(cls, query: QueryDict) -> Self:
        """Return what `query` asks. Raises Refused at the first rule that it breaks."""
        if query.get("client_id") != PLAYED_CLIENT["client_id"]:
            raise Refused("invalid_client", "client_id inconnu", is_sure=False)
        if query.getlist("redirect_uri") != [redirect_uri()]:
            raise Refused("invalid_request", "redirect_uri non déclarée", is_sure=False)
        for broken, error, description in _rules(query):
            if broken:
                raise Refused(error, description)
        return cls(
            nonce=query["nonce"],
            state=query["state"],
            scopes=tuple(query["scope"].split()),
            acr=min(query["acr_values"].split(), key=LEVELS.index),
        )

    def claims_of(self, told: dict[str, Any]) -> dict[str, Any]:
        """Return what the scopes let out of `told`."""
        allowed = set().union(*(SCOPES[scope] for scope in self.scopes))
        return {name: value for name, value in told.items() if name in allowed}


def _rules(query: QueryDict) -> list[tuple[bool, str, str]]:
    scopes = query.get("scope", "").split()
    levels = query.get("acr_values", "").split()
    return [
        (bool(query.keys() - ALLOWED), "invalid_request", "paramètre non prévu"),
        (any(len(values) > 1 for _, values in query.lists()), "invalid_request", "paramètre répété"),
        (query.get("response_type") != "code", "unsupported_response_type", "response_type"),
        (len(query.get("nonce", "")) < MIN_NONCE, "invalid_request", "nonce trop court"),
        (not query.get("state"), "invalid_request", "state absent"),
        ("openid" not in scopes or not set(scopes) <= SCOPES.keys(), "invalid_scope", "scope"),
        (not levels or not set(levels) <= set(LEVELS), "invalid_request", "acr_values"),
        (query.get("prompt", "login") not in PROMPTS, "invalid_request", "prompt"),
    ]  # fmt: skip
