"""The figures and words of the register's file, exact to the cent: no float, no guess."""

import re
from datetime import date, datetime
from functools import lru_cache

from cpf_portal.ui.text import fold
from rights.models import FIRST_YEAR, MAX_AMOUNT_CENTS, MovementKind

# Spaces, also the no-break ones of French spreadsheets, only between groups of three digits.
_AMOUNT = re.compile(
    r"(?P<euros>[0-9]{1,3}(?:[ \u00a0\u202f][0-9]{3})+|[0-9]{1,9})"
    r"(?:[.,](?P<cents>[0-9]{1,2}))?[ \u00a0\u202f]?€?"
)
_NOT_DIGIT = re.compile(r"[^0-9]")
_DAYS = ("%d/%m/%Y", "%Y-%m-%d")

KINDS = {
    "alimentation": MovementKind.YEARLY_CREDIT,
    "alimentation annuelle": MovementKind.YEARLY_CREDIT,
    "conversion": MovementKind.HOURS_CONVERSION,
    "dif": MovementKind.DIF,
    "abondement": MovementKind.ABONDEMENT,
} | {fold(kind): kind for kind in MovementKind if kind != MovementKind.CORRECTION}


class InvalidValue(ValueError):
    """A cell that means nothing; the message is French and never repeats the cell."""


def parse_amount(text: str) -> int:
    """Return the cents of "1 105,00", "1105.00", "1105,5" or "1105"; more than 0, a million euros at most.

    Raises InvalidValue.
    """
    match = _AMOUNT.fullmatch(text)
    if not match:
        raise InvalidValue("le montant ne se lit pas\u00a0: écrivez-le comme 1105,00")
    euros = int(_NOT_DIGIT.sub("", match["euros"]))
    cents = euros * 100 + int((match["cents"] or "").ljust(2, "0"))
    if not 0 < cents <= MAX_AMOUNT_CENTS:
        raise InvalidValue("le montant doit dépasser 0 et rester sous un million d’euros")
    return cents


def parse_year(text: str, *, today: date) -> int:
    """Return the year for which the right was acquired, from FIRST_YEAR to this one.

    Raises InvalidValue.
    """
    if not re.fullmatch(r"[0-9]{4}", text) or not FIRST_YEAR <= int(text) <= today.year:
        raise InvalidValue(f"l’année doit aller de {FIRST_YEAR} à {today.year}")
    return int(text)


def parse_kind(text: str) -> MovementKind:
    """Return the kind named by its code or by a French word. Raises InvalidValue."""
    try:
        return KINDS[fold(text)]
    except KeyError:
        raise InvalidValue(
            "la nature doit être alimentation, conversion, dif ou abondement"
        ) from None


def parse_day(text: str, *, today: date) -> date:
    """Return the day of "31/12/2020" or "2020-12-31", `today` when the cell is empty.

    Raises InvalidValue, also for a day to come.
    """
    if not text:
        return today
    day = _day(text)
    if day and date(FIRST_YEAR, 1, 1) <= day <= today:
        return day
    raise InvalidValue(f"la date doit s’écrire 31/12/2020, entre {FIRST_YEAR} et aujourd’hui")


def parse_any_day(text: str) -> date:
    """Return the day of "31/12/2020" or "2020-12-31", whenever it is. Raises InvalidValue."""
    if day := _day(text):
        return day
    raise InvalidValue("la date doit s’écrire 31/12/2020")


@lru_cache(maxsize=4096)  # a feed repeats a few days
def _day(text: str) -> date | None:
    for pattern in _DAYS:
        try:
            return datetime.strptime(text, pattern).date()  # noqa: DTZ007 a day has no time zone
        except ValueError:
            continue
    return None
