"""Five people whom the provider of the demonstration knows, the same as in cpf_portal/demo/people.py.

They were born in the country 999, which INSEE attributed to none: they are nobody.
"""

import hashlib
from dataclasses import dataclass

from cpf_portal.demo.numbers import spaced
from cpf_portal.demo.people import CAMILLE, REGISTER, RegisterEntry

FICTITIOUS_COUNTRY = "99999"


@dataclass(frozen=True, slots=True)
class Citizen:
    """A person as a provider of identity knows her: no number among it."""

    slug: str
    entry: RegisterEntry
    given_names: tuple[str, ...]
    birthdate: str
    email: str
    description: str
    usage_name: str = ""

    @property
    def number(self) -> str:
        """Return her fictitious number as the portal will ask for it, with its key."""
        return f"{spaced(self.entry.nir)} clé {self.entry.nir.key}"

    def sub(self, client_id: str) -> str:
        """Return her pairwise name: another one for each service, 64 hexadecimal characters and « v1 »."""
        return hashlib.sha256(f"{self.slug}\0{client_id}".encode()).hexdigest() + "v1"

    def claims(self) -> dict[str, str | list[str]]:
        """Return the pivot identity and the contact, as FranceConnect writes them."""
        told: dict[str, str | list[str]] = {
            "given_name": " ".join(self.given_names),
            "given_name_array": list(self.given_names),
            "family_name": self.entry.birth_name,
            "gender": "male" if self.entry.nir.sex == "M" else "female",
            "birthdate": self.birthdate,
            "birthplace": "",
            "birthcountry": FICTITIOUS_COUNTRY,
            "email": self.email,
        }
        return told | ({"preferred_username": self.usage_name} if self.usage_name else {})


MARTIN, LEFEVRE, DE_LA_FONTAINE, OCONNOR, _ = REGISTER
CITIZENS = (
    Citizen(
        "martin", MARTIN, ("Noé", "Achille"), "1992-04-17", "noe.martin@example.org",
        "a des droits et pas encore de compte",
    ),
    Citizen(
        "lefevre", LEFEVRE, ("Élise",), "1988-07-02", "elise.lefevre@example.org",
        "a des droits, pas encore de compte, et un nom d’usage", "MOREAU",
    ),
    Citizen(
        "de-la-fontaine", DE_LA_FONTAINE, ("Hugo", "René"), "1975-01-30", "hugo@example.org",
        "a des droits et un nom à particule",
    ),
    Citizen(
        "oconnor", OCONNOR, ("Maud",), "2001-12-24", "",
        "n’a pas donné d’adresse à FranceConnect",
    ),
    Citizen(
        "camille", CAMILLE.entry, ("Camille", "Lou"), "1985-05-12", "camille@example.org",
        "a déjà un compte, dont elle connaît le mot de passe",
    ),
)  # fmt: skip


def citizen(slug: str) -> Citizen | None:
    return next((found for found in CITIZENS if found.slug == slug), None)
