"""What a caller gives of herself, recognised by its shape: a number, an address, a reference, a name."""

import re
from dataclasses import dataclass
from enum import StrEnum

from accounts.nir import InvalidNir, Nir
from accounts.phones import InvalidPhone, clean_phone
from rights.models.dossier import REFERENCE_ALPHABET, REFERENCE_LENGTH

_REFERENCE = re.compile(rf"[{REFERENCE_ALPHABET}]{{{REFERENCE_LENGTH}}}")
_SEPARATORS = re.compile(r"[\s.\-‐‑–_/+()]+")
_DIGITS = re.compile(r"\d{4,}")


class TermKind(StrEnum):
    NIR = "nir"
    EMAIL = "email"
    REFERENCE = "reference"
    PHONE = "phone"
    NAME = "name"
    WRONG_NUMBER = "wrong_number"  # digits, of neither a NIR nor a telephone


KIND_WORDS = {
    TermKind.NIR: "numéro de sécurité sociale",
    TermKind.EMAIL: "courriel",
    TermKind.REFERENCE: "référence de dossier",
    TermKind.PHONE: "téléphone",
    TermKind.NAME: "nom",
    TermKind.WRONG_NUMBER: "numéro mal formé",
}


@dataclass(frozen=True, slots=True, repr=False)  # its value stands in no log
class Term:
    kind: TermKind
    value: str
    nir: Nir | None = None


def recognise(text: str) -> Term:
    """Return what `text` is: an address, a NIR of 13 or 15 characters, a reference, a telephone, else a name.

    A telephone comes back as E.164, a reference without its hyphens.
    """
    text = text.strip()
    if "@" in text:
        return Term(TermKind.EMAIL, text)
    try:
        nir = Nir.parse(text)
    except InvalidNir:
        return _not_a_nir(text)
    return Term(TermKind.NIR, nir.value, nir)


def _not_a_nir(text: str) -> Term:
    bare = _SEPARATORS.sub("", text).upper()
    # whoever bears sixteen letters without a digit is found by her name
    if _REFERENCE.fullmatch(bare) and any(character.isdigit() for character in bare):
        return Term(TermKind.REFERENCE, bare)
    try:
        return Term(TermKind.PHONE, clean_phone(text).e164)
    except InvalidPhone:
        kind = TermKind.WRONG_NUMBER if _DIGITS.search(bare) else TermKind.NAME
        return Term(kind, text)
