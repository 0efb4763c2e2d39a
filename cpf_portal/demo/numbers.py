"""Numbers that are well formed and belong to nobody."""

import secrets

from accounts.nir import Nir

# « 99 »: born abroad; INSEE attributed the country 999 to none.
FICTITIOUS_PLACE = "99999"
FIRST_FREE_ORDER = 100  # people.py keeps the orders below
# No company has a SIREN that begins so; a glance tells it from a true one.
FICTITIOUS_SIREN = "0001"
# Apart from those of the demonstration, which load_demo keeps or removes.
GENERATED_SIREN = "0002"

# The beginnings that ARCEP keeps for works of fiction (décision n° 2018-0881).
_NORTH_WEST, _NORTH_EAST, _SOUTH_EAST, _SOUTH_WEST = "26191", "35301", "46571", "53649"
FICTITIOUS_PHONES = {
    "11": "19900",
    "24": _NORTH_WEST,
    "28": _NORTH_WEST,
    "52": _NORTH_WEST,
    "53": _NORTH_WEST,
    "27": _NORTH_EAST,
    "32": _NORTH_EAST,
    "44": _NORTH_EAST,
    "84": _SOUTH_EAST,
    "93": _SOUTH_EAST,
    "94": _SOUTH_EAST,
    "75": _SOUTH_WEST,
    "76": _SOUTH_WEST,
}
# Overseas regions have no block of their own; the first half of this one is for people.
FICTITIOUS_MOBILE = "639985"


def fictitious_nir() -> Nir:
    """Return a valid number drawn at random among those that nobody bears."""
    sex = secrets.choice("12")
    year = secrets.choice([*range(50, 100), *range(6)])
    month = secrets.randbelow(12) + 1
    order = FIRST_FREE_ORDER + secrets.randbelow(1000 - FIRST_FREE_ORDER)
    return Nir.parse(f"{sex}{year:02d}{month:02d}{FICTITIOUS_PLACE}{order:03d}")


def spaced(nir: Nir) -> str:
    """Return the 13 characters as people write them: « 2 85 05 99 999 001 »."""
    value = nir.value
    return " ".join(
        (value[0], value[1:3], value[3:5], value[5:7], value[7:10], value[10:]),
    )


def siret(serial: int) -> str:
    """Return a SIRET of the fictitious range, valid as a SIREN and as a SIRET; 0 <= serial < 10,000."""
    siren = _with_luhn_digit(f"{FICTITIOUS_SIREN}{serial:04d}")
    return _with_luhn_digit(f"{siren}0001")


def generated_siret(serial: int) -> str:
    """Return a SIRET of the range of make_catalogue, valid too; 0 <= serial < 100,000,000."""
    rank, siren_serial = divmod(serial, 10_000)
    siren = _with_luhn_digit(f"{GENERATED_SIREN}{siren_serial:04d}")
    return _with_luhn_digit(f"{siren}{rank + 1:04d}")


def phone(region: str, serial: int) -> str:
    """Return a telephone number (E.164) of the fiction block of `region`; 0 <= serial < 1,000."""
    return f"+33{FICTITIOUS_PHONES.get(region, FICTITIOUS_MOBILE):0<6}{serial:03d}"


def _with_luhn_digit(digits: str) -> str:
    # The digit to add will be the last: from it leftwards, every second one is doubled.
    doubled = [int(digit) * (1 + rank % 2) for rank, digit in enumerate(reversed(digits), start=1)]
    total = sum(value // 10 + value % 10 for value in doubled)
    return f"{digits}{-total % 10}"
