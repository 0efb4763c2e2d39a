"""The social security number (NIR): parsed once, then the type proves that it is valid.

Structure S AA MM DD CCC OOO + key, as INSEE attributes it (décret n° 82-103 du 22 janvier 1982).
"""

import re
import unicodedata
from dataclasses import dataclass
from typing import ClassVar, Self

_SEPARATORS = re.compile(r"[\s.\-‐‑–_/]+")
_FORMAT = re.compile(
    r"(?P<sex>[123478])"  # 1, 2: final; 3, 4: being attributed; 7, 8: provisional
    r"(?P<year>[0-9]{2})"
    # 20: unknown month; 21 to 42 and 50 to 99: incomplete civil status
    r"(?P<month>0[1-9]|1[0-2]|[23][0-9]|4[0-2]|[5-9][0-9])"
    r"(?P<department>(?!00)[0-9]{2}|2[AB])"
    r"(?P<commune>(?!000)[0-9]{3})"
    r"(?P<order>(?!000)[0-9]{3})"
)
_CORSICA = {"2A": "19", "2B": "18"}


class InvalidNir(ValueError):
    """The number is not a NIR; `code` is format, key or no_key. The message never repeats the number."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Nir:
    """A valid number of 13 characters. Build it with `Nir.parse`."""

    value: str

    LENGTH: ClassVar[int] = 13
    PROVISIONAL: ClassVar[frozenset[str]] = frozenset("3478")

    @classmethod
    def parse(cls, number: str, key: str = "", *, needs_key: bool = False) -> Self:
        """Return the NIR typed as 13 characters and a key, or as 15 characters in `number`.

        Spaces, dots, hyphens, lower case and full-width digits are understood. Without `needs_key`
        the 13 characters alone are accepted (the sign-in of the portal asks for no key).
        Raises InvalidNir, with the code `format`, `key` or `no_key`.
        """
        characters, typed_key = _normalise(number), _normalise(key)
        if len(characters) == cls.LENGTH + 2 and typed_key in {"", characters[-2:]}:
            characters, typed_key = characters[: cls.LENGTH], characters[cls.LENGTH :]
        if not _FORMAT.fullmatch(characters):
            raise InvalidNir("format")
        nir = cls(characters)
        if needs_key and not typed_key:
            raise InvalidNir("no_key")
        if typed_key and typed_key != nir.key:
            raise InvalidNir("key")
        return nir

    @property
    def key(self) -> str:
        """The two check digits, 01 to 97; 2A counts for 19 and 2B for 18 as the department."""
        department = self.value[5:7]
        number = int(self.value[:5] + _CORSICA.get(department, department) + self.value[7:])
        return f"{97 - number % 97:02d}"

    @property
    def is_provisional(self) -> bool:
        """Whether the number is still being attributed (first digit 3, 4, 7 or 8)."""
        return self.value[0] in self.PROVISIONAL

    @property
    def sex(self) -> str:
        """« M » or « F », as the first digit tells."""
        return "M" if self.value[0] in "137" else "F"

    @property
    def birth_year(self) -> int | None:
        """The last two digits of the year of birth, or None while the number is provisional."""
        return None if self.is_provisional else int(self.value[1:3])

    @property
    def birth_month(self) -> int | None:
        """The month of birth, or None where the civil status was incomplete or the number provisional."""
        month = int(self.value[3:5])
        return month if month <= 12 and not self.is_provisional else None

    @property
    def masked(self) -> str:
        """What may be shown to support staff: « 2 85 •• •• ••• ••• •• »."""
        return f"{self.value[0]} {self.value[1:3]} •• •• ••• ••• ••"

    @property
    def spaced(self) -> str:
        """The number in full, as a card shows it: only for a reveal with a reason."""
        value = self.value
        parts = (value[0], value[1:3], value[3:5], value[5:7], value[7:10], value[10:], self.key)
        return " ".join(parts)

    def __str__(self) -> str:
        return self.masked

    def __repr__(self) -> str:
        return "Nir(…)"


def _normalise(text: str) -> str:
    return _SEPARATORS.sub("", unicodedata.normalize("NFKC", text)).upper()
