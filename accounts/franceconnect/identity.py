"""The identity that FranceConnect vouches for: six « pivot » claims, a pairwise name, an address."""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Self

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from accounts.franceconnect.exceptions import FranceConnectError, Reason
from accounts.validators import validate_person_name
from cpf_portal.ui.formats import date_fr

FRANCE = "99100"
_BIRTHDATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})", re.ASCII)
_COUNTRY = re.compile(r"99\d{3}", re.ASCII)
_PLACE = re.compile(r"(?:\d{2}|2[AB])\d{3}", re.ASCII)
_SEXES = {"male": "M", "female": "F"}
MAX_NAME = 100


@dataclass(frozen=True, slots=True)
class Identity:
    """What is believed of a person. Never logged: its repr tells nothing."""

    issuer: str
    sub: str
    acr: str
    birth_name: str
    given_names: str
    usage_name: str
    sex: str  # « M » or « F »
    birthdate: str  # YYYY-MM-DD, an unknown day or month written 01 (or 00)
    birthplace: str  # INSEE commune, "" abroad
    birthcountry: str  # INSEE, 99100 for France
    email: str  # a contact, "" when the provider gives none

    def __repr__(self) -> str:
        return "Identity(…)"

    @classmethod
    def from_claims(cls, claims: Mapping[str, Any], *, issuer: str, acr: str) -> Self:
        """Return the identity told by verified claims.

        Raises FranceConnectError (INCOMPLETE) where a claim misses that the number is checked against.
        """
        identity = cls(
            issuer=issuer,
            acr=acr,
            sub=_text(claims, "sub"),
            birth_name=_text(claims, "family_name"),
            given_names=_text(claims, "given_name"),
            usage_name=_text(claims, "preferred_username"),
            sex=_SEXES.get(_text(claims, "gender"), ""),
            birthdate=_text(claims, "birthdate"),
            birthplace=_text(claims, "birthplace").upper(),
            birthcountry=_text(claims, "birthcountry"),
            email=_email(_text(claims, "email")),
        )
        if missing := identity._missing():
            raise FranceConnectError(Reason.INCOMPLETE, missing)
        return identity

    def as_dict(self) -> dict[str, str]:
        return asdict(self)

    @property
    def birth_year(self) -> int:
        return int(self.birthdate[:4])

    @property
    def birth_month(self) -> int:
        return int(self.birthdate[5:7])

    @property
    def birthdate_in_words(self) -> str:
        """« 12 mai 1985 », or the year alone where nothing else is known."""
        try:
            return date_fr(date.fromisoformat(self.birthdate))
        except ValueError:
            return self.birthdate[:4]

    @property
    def sex_in_words(self) -> str:
        return "Féminin" if self.sex == "F" else "Masculin"

    @property
    def birthplace_in_words(self) -> str:
        """« En France, département 2A » or « Hors de France »: the names of communes are not known here."""
        if not self.is_born_in_france:
            return "Hors de France"
        overseas = self.birthplace.startswith(("97", "98"))
        return f"En France, département {self.birthplace[: 3 if overseas else 2]}"

    @property
    def is_born_in_france(self) -> bool:
        return self.birthcountry == FRANCE

    def _missing(self) -> str:
        """Return the names of the claims that miss or are malformed, "" when all is there."""
        is_right = {
            "sub": 0 < len(self.sub) <= 255,
            "family_name": _is_name(self.birth_name),
            "given_name": bool(self.given_names),
            "gender": bool(self.sex),
            "birthdate": bool(_BIRTHDATE.fullmatch(self.birthdate)) and self.birthdate[5:7] <= "12",
            "birthcountry": bool(_COUNTRY.fullmatch(self.birthcountry)),
            "birthplace": bool(_PLACE.fullmatch(self.birthplace)) or not self.is_born_in_france,
        }
        return " ".join(name for name, right in is_right.items() if not right)


def _text(claims: Mapping[str, Any], name: str) -> str:
    value = claims.get(name, "")
    return value.strip() if isinstance(value, str) else ""


def _email(text: str) -> str:
    try:
        validate_email(text)
    except ValidationError:
        return ""  # a contact only: without it, the person types hers
    return text if len(text) <= 254 else ""


def _is_name(name: str) -> bool:
    try:
        validate_person_name(name)
    except ValidationError:
        return False
    return len(name) <= MAX_NAME
