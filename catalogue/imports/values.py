"""Values as the files write them: codes, amounts, days, numbers. None or "" for what cannot be read."""

import re
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from hashlib import blake2b

import phonenumbers
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from catalogue.models import CertificationKind, Modality, SessionState
from catalogue.models.offers import MAX_PRICE_CENTS

MAX_HOURS = 99_999
MAX_PUBLIC_ID = 60
LA_POSTE = "356000000"

# A register code with its prefix, whatever its case and spaces.
PREFIXED = re.compile(r"(RNCP|RS|CPF)\s*0*(\d{1,8})", re.IGNORECASE | re.ASCII)
# What a public id, so an address, may hold.
NOT_IN_AN_ID = re.compile(r"[^\w.-]+")
DIGITS = re.compile(r"\D+", re.ASCII)

MODALITIES = {"0": Modality.ON_SITE.value, "1": Modality.MIXED.value, "2": Modality.REMOTE.value}
MODALITY_CODES = {modality: code for code, modality in MODALITIES.items()}
STATES = {
    "1": SessionState.OPEN.value,
    "2": SessionState.CLOSED.value,
    "3": SessionState.SUSPENDED.value,
}
STATE_CODES = {state: code for code, state in STATES.items()}
FLAGS = {"0": False, "1": True, "false": False, "true": True}
# Old LHEO levels, of the French list of 1969, to the European ones.
OLD_LEVELS = {"4": 3, "5": 4, "6": 5, "7": 6, "8": 7}
CPF_TITLES = {
    "CPF200": "Validation des acquis de l’expérience (VAE)",
    "CPF202": "Bilan de compétences",
    "CPF203": "Accompagnement à la création ou à la reprise d’entreprise",
    "CPF206": "Permis de conduire, catégorie B",
}


def siret_digits(text: str) -> str:
    """Return the 14 digits of a SIRET written with or without spaces, else an empty text."""
    digits = DIGITS.sub("", text)
    return digits if len(digits) == 14 else ""


@lru_cache(maxsize=4096)
def is_siret_valid(siret: str) -> bool:
    """Tell whether the Luhn key of a SIRET holds.

    The establishments of La Poste (SIREN 356 000 000) follow another rule: the sum of their digits
    is a multiple of five (INSEE, « Numéro SIRET »).
    """
    if siret.startswith(LA_POSTE) and sum(map(int, siret)) % 5 == 0:
        return True
    doubled = (int(digit) * (2 - position % 2) for position, digit in enumerate(siret))
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0


@lru_cache(maxsize=8192)
def certification_code(text: str, prefix: str = "") -> str:
    """Return « RNCP35584 » for « RNCP 35584 », or « 35584 » with its register; else an empty text."""
    text = text.strip()
    if text.isascii() and text.isdecimal() and len(text) <= 8:
        text = prefix + text
    found = PREFIXED.fullmatch(text)
    return f"{found[1].upper()}{found[2]}" if found else ""


def certification_kind(code: str) -> str:
    """Return the register of a code that `certification_code` gave."""
    return next(kind.value for kind in CertificationKind if code.startswith(kind.value))


@lru_cache(maxsize=4096)
def compact_day(text: str) -> date | None:
    """Return the day « 20220905 »; an unknown part (00) is read as the first one."""
    text = text.strip().replace("-", "")
    if len(text) != 8 or not text.isdecimal() or text.startswith("0000"):
        return None
    try:
        return date(int(text[:4]), int(text[4:6]) or 1, int(text[6:]) or 1)
    except ValueError:
        return None


def french_day(text: str) -> date | None:
    """Return the day « 31/12/2026 » or « 2026-12-31 »."""
    for form in ("%d/%m/%Y", "%Y-%m-%d"):
        try:
            return datetime.strptime(text.strip(), form).date()  # noqa: DTZ007 a day has no zone
        except ValueError:
            continue
    return None


@lru_cache(maxsize=4096)
def cents(text: str) -> int | None:
    """Return « 1490.00 », « 1 490,00 € » in cents, rounded to the nearest."""
    bare = text.replace(",", ".").replace("€", "")
    try:
        amount = Decimal("".join(bare.split())) * 100
        value = int(amount.to_integral_value())
    except (InvalidOperation, ValueError, OverflowError):
        return None
    return value if 0 <= value <= MAX_PRICE_CENTS else None


@lru_cache(maxsize=4096)
def hours(text: str) -> int | None:
    """Return a number of hours, rounded to the nearest."""
    try:
        value = round(float(text.strip().replace(",", ".")))
    except (ValueError, OverflowError):
        return None
    return value if 0 <= value <= MAX_HOURS else None


def lheo_level(text: str) -> int | None:
    """Return the European level (1 to 8) of a LHEO level, old (4 to 8) or new (11 to 18)."""
    text = text.strip()
    if text in OLD_LEVELS:
        return OLD_LEVELS[text]
    return int(text) - 10 if text in {str(10 + level) for level in range(1, 9)} else None


def named_level(text: str) -> int | None:
    """Return the European level of « NIV5 », « NIVEAU 5 », « Niveau 5 (bac + 2) »; None for REPRISE."""
    found = re.match(r"\s*niv(?:eau)?\s*([1-8])\b", text, re.IGNORECASE)
    return int(found[1]) if found else None


def flag(text: str) -> bool | None:
    """Return what « 0 » or « 1 » says."""
    return FLAGS.get(text.strip().lower())


def number(text: str, low: int, high: int) -> int | None:
    """Return a whole number between two bounds."""
    text = text.strip()
    if not (text.isascii() and text.isdecimal() and len(text) < 7):
        return None
    return int(text) if low <= int(text) <= high else None


@lru_cache(maxsize=4096)
def coordinate(text: str, bound: float) -> float | None:
    """Return a latitude (bound 90) or a longitude (bound 180) in degrees."""
    try:
        value = float(text.strip().replace(",", "."))
    except ValueError:
        return None
    return value if -bound <= value <= bound else None


@lru_cache(maxsize=4096)
def phone(text: str) -> str:
    """Return a telephone number in the international form, as it is when it is not a French one."""
    text = text.strip()
    if not text:
        return ""
    try:
        parsed = phonenumbers.parse(text, "FR")
        return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)[:16]
    except phonenumbers.NumberParseException:
        return ""


@lru_cache(maxsize=4096)
def email(text: str) -> str:
    """Return an address that could receive a mail, else an empty text."""
    text = text.strip()
    try:
        validate_email(text)
    except ValidationError:
        return ""
    return text if len(text) <= 254 else ""


@lru_cache(maxsize=4096)
def web(text: str) -> str:
    """Return an address that may be a link (http, https), else an empty text."""
    text = text.strip()
    if text.lower().startswith("www."):
        text = f"https://{text}"
    is_link = re.fullmatch(r"https?://[^\s<>\"']{3,240}", text, re.IGNORECASE)
    return text if is_link else ""


def public_id(siret: str, number: str) -> str:
    """Return « SIRET_numéro », which is an address: 60 characters, without spaces or slashes."""
    bare = NOT_IN_AN_ID.sub("-", number).strip("-")
    made = f"{siret}_{bare.removeprefix(f'{siret}_')}"
    if len(made) <= MAX_PUBLIC_ID:
        return made
    # cut, and still another one for another number
    end = blake2b(number.encode(errors="replace"), digest_size=5).hexdigest()
    return f"{made[: MAX_PUBLIC_ID - len(end)]}{end}"


def codes(texts, pattern: str, limit: int) -> str:
    """Return the codes that have the form of `pattern`, each once, in one text of `limit` characters."""
    found = dict.fromkeys(t for text in texts if re.fullmatch(pattern, t := text.strip().upper()))
    joined = ""
    for code in found:
        longer = f"{joined} {code}".strip()
        if len(longer) > limit:
            break
        joined = longer
    return joined
