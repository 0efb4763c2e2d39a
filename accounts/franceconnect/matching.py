"""Whether a NIR can be the number of an identity: sex, year, month and place are in ten of its 13 characters.

Structure of the number: décret n° 82-103 du 22 janvier 1982; codes of communes and countries: INSEE,
code officiel géographique. Where the number does not tell (a month that was unknown when it was
attributed, a commune of Algeria before its independence), nothing is compared.
"""

import re

from accounts.franceconnect.identity import Identity
from accounts.nir import Nir
from cpf_portal.ui.text import fold

_SEX = {"1": "M", "2": "F", "3": "M", "4": "F"}
# What these départements became in 1968 (loi n° 64-707) and 1976 (loi n° 75-356); the communes kept
# their three digits.
_SEINE, _SEINE_ET_OISE, _CORSICA = "75", "78", "20"
_HEIRS = {
    _SEINE: {"92", "93", "94"},
    _SEINE_ET_OISE: {"91", "92", "93", "94", "95"},
    _CORSICA: {"2A", "2B"},
}
_LAST_YEAR_OF = {_SEINE: 1967, _SEINE_ET_OISE: 1967, _CORSICA: 1975}
# Codes of French rule before independence: country, last year of such births.
_ALGERIA, _MOROCCO, _TUNISIA = ("99352", 1962), ("99350", 1956), ("99351", 1956)
_FORMER = dict.fromkeys(("91", "92", "93", "94"), _ALGERIA) | {"95": _MOROCCO, "96": _TUNISIA}
# Paris, Lyon and Marseille are told as a whole or by arrondissement.
_CITIES = (
    ("75056", re.compile(r"751(?:0[1-9]|1\d|20)")),
    ("69123", re.compile(r"6938[1-9]")),
    ("13055", re.compile(r"132(?:0[1-9]|1[0-6])")),
)
# Codes that changed overseas: Saint-Barthélemy and Saint-Martin in 2007, Mayotte in 2011.
_RENAMED = {"97123": "97701", "97127": "97801"}
_MAYOTTE_BEFORE, _MAYOTTE = "985", "976"


def is_number_of(nir: Nir, identity: Identity) -> bool:
    """Tell whether sex, year, month and place of birth of `nir` are those of `identity`.

    A temporary number (first digit 7 or 8) is no proof of a civil status: it never is.
    """
    value = nir.value
    return (
        _SEX.get(value[0]) == identity.sex
        and int(value[1:3]) == identity.birth_year % 100
        and _is_month(int(value[3:5]), identity.birth_month)
        and _is_place(value[5:10], identity)
    )


def is_same_name(birth_name: str, other: str) -> bool:
    """Tell whether two birth names are one, whatever their case, accents, apostrophes, hyphens and spaces."""
    return _bare(birth_name) == _bare(other) != ""


def _bare(name: str) -> str:
    return fold(name).replace(" ", "")


def _is_month(told: int, month: int) -> bool:
    return told > 12 or told == month


def _is_place(told: str, identity: Identity) -> bool:
    if identity.is_born_in_france:
        return _is_commune(told, identity.birthplace, identity.birth_year)
    if told == identity.birthcountry:
        return True
    country, last_year = _FORMER.get(told[:2], ("", 0))
    if country != identity.birthcountry or identity.birth_year > last_year:
        return False
    return identity.birthplace in {"", told}


def _is_commune(told: str, commune: str, year: int) -> bool:
    return (
        _today(told) == _today(commune)
        or _is_city(told, commune)
        or (
            told[2:] == commune[2:]
            and commune[:2] in _HEIRS.get(told[:2], ())
            and year <= _LAST_YEAR_OF[told[:2]]
        )
    )


def _is_city(told: str, commune: str) -> bool:
    return any(
        city in {told, commune} and all(code == city or district.fullmatch(code) for code in (told, commune))
        for city, district in _CITIES
    )  # fmt: skip


def _today(code: str) -> str:
    if code.startswith(_MAYOTTE_BEFORE):
        return _MAYOTTE + code[3:]
    return _RENAMED.get(code, code)
