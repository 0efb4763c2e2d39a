"""Reading the register's file: each line is a movement to be, or says why it cannot be one.

No message repeats what a line holds: it may be a number, a name, or anything put in the wrong column.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import count
from typing import BinaryIO

from django.core.exceptions import ValidationError

from accounts.models.titulaire import folded_name, nir_index
from accounts.nir import InvalidNir, Nir
from accounts.validators import validate_person_name
from cpf_portal.ui.text import fold
from rights.imports.values import InvalidValue, parse_amount, parse_day, parse_kind, parse_year
from rights.models import MovementKind

MAX_LINE_BYTES = 4096
# The widths of the columns that receive them.
MAX_NAME, MAX_FOLDED_NAME, MAX_SOURCE = 100, 200, 120

# Column names as `fold` leaves them, in French then in English.
COLUMNS = {
    "nir": ("nir", "numero de securite sociale"),
    "birth_name": ("nom naissance", "nom de naissance", "birth name"),
    "year": ("annee", "year"),
    "kind": ("nature", "kind"),
    "amount": ("montant", "amount"),
    "source": ("origine", "source"),
    "day": ("date", "date effet", "date d effet"),
}
FRENCH_NAMES = {
    "nir": "nir",
    "birth_name": "nom_naissance",
    "year": "annee",
    "kind": "nature",
    "amount": "montant",
    "source": "origine",
}  # `day` is optional


class BadFile(Exception):
    """The file as a whole cannot be read; the message is a French sentence."""


class BadLine(ValueError):
    """A line that cannot be imported: its number in the file and the reason, in French."""

    def __init__(self, number: int, reason: str) -> None:
        super().__init__(f"ligne {number}\u00a0: {reason}.")
        self.number = number
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the register, valid in itself. Its representation shows nothing of the person."""

    number: int
    nir: Nir = field(repr=False)
    nir_index: str = field(repr=False)
    birth_name: str = field(repr=False)
    birth_name_folded: str = field(repr=False)
    year: int
    kind: MovementKind
    amount_cents: int
    source: str
    effective_on: date


def read_lines(file: BinaryIO, *, today: date) -> Iterator[Line | BadLine]:
    """Yield the lines of a CSV file opened in binary, one at a time, good and bad in their order.

    `today` is the day of the movements that have no date of their own. Raises BadFile when the file
    is empty, has no usable header, or no line after it.
    """
    physical_lines = _physical_lines(file)
    columns, delimiter, width = _read_header(physical_lines)
    is_empty = True
    for number, raw in physical_lines:
        if not raw.strip():
            continue
        is_empty = False
        try:
            cells = _split(_decode(raw), delimiter)
            if len(cells) != width:
                raise InvalidValue(f"{width} colonnes sont attendues, la ligne en a {len(cells)}")
            yield _parse(number, {name: cells[at] for name, at in columns.items()}, today)
        except InvalidValue as error:
            yield BadLine(number, str(error))
    if is_empty:
        raise BadFile("Le fichier n’a aucune ligne après ses noms de colonnes.")


def _physical_lines(file: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """Yield each line with its number, cut after MAX_LINE_BYTES so that memory stays bounded."""
    for number in count(1):
        raw = file.readline(MAX_LINE_BYTES + 1)
        if not raw:
            return
        rest = raw
        while len(rest) > MAX_LINE_BYTES and not rest.endswith(b"\n"):
            rest = file.readline(MAX_LINE_BYTES + 1)
        yield number, raw


def _decode(raw: bytes) -> str:
    if len(raw) > MAX_LINE_BYTES:
        raise InvalidValue(f"elle dépasse {MAX_LINE_BYTES} octets")
    if b"\0" in raw:
        raise InvalidValue("elle contient un caractère nul")
    try:
        return raw.decode()
    except UnicodeDecodeError:
        raise InvalidValue(
            "elle n’est pas en UTF-8\u00a0: enregistrez le fichier en UTF-8"
        ) from None


def _split(text: str, delimiter: str) -> list[str]:
    """Return the cells of one physical line, their spaces squeezed; a record never spans two lines."""
    try:
        cells = next(csv.reader([text], delimiter=delimiter, strict=True))
    except csv.Error:
        raise InvalidValue("ses guillemets ne se referment pas") from None
    return [" ".join(cell.split()) for cell in cells]


def _read_header(physical_lines: Iterator[tuple[int, bytes]]) -> tuple[dict[str, int], str, int]:
    """Return where each column stands, the delimiter, and the number of columns."""
    _, raw = next(physical_lines, (1, b""))
    if not raw.strip():
        raise BadFile("Le fichier est vide.")
    try:
        text = _decode(raw).removeprefix("\ufeff")
        delimiter = ";" if ";" in text else ","
        cells = [fold(cell) for cell in _split(text, delimiter)]
    except InvalidValue as error:
        raise BadFile(str(BadLine(1, str(error)))) from None
    return _find_columns(cells), delimiter, len(cells)


def _find_columns(cells: list[str]) -> dict[str, int]:
    found: dict[str, list[int]] = {
        name: [at for at, cell in enumerate(cells) if cell in spellings]
        for name, spellings in COLUMNS.items()
    }
    missing = [french for name, french in FRENCH_NAMES.items() if not found[name]]
    if missing:
        raise BadFile(
            f"La première ligne doit nommer les colonnes\u00a0: il manque {', '.join(missing)}."
        )
    if any(len(places) > 1 for places in found.values()):
        raise BadFile("La première ligne nomme deux fois la même colonne.")
    return {name: places[0] for name, places in found.items() if places}


def _parse(number: int, cells: dict[str, str], today: date) -> Line:
    nir = _parse_nir(cells["nir"])
    birth_name = _parse_name(cells["birth_name"])
    year = parse_year(cells["year"], today=today)
    return Line(
        number=number,
        nir=nir,
        nir_index=nir_index(nir),
        birth_name=birth_name,
        birth_name_folded=folded_name(birth_name),
        year=year,
        kind=parse_kind(cells["kind"]),
        amount_cents=parse_amount(cells["amount"]),
        source=_parse_source(cells["source"]),
        effective_on=parse_day(cells.get("day", ""), today=today),
    )


def _parse_nir(text: str) -> Nir:
    try:
        nir = Nir.parse(text)
    except InvalidNir as error:
        fault = "sa clé est fausse" if error.code == "key" else "sa forme n’est pas la bonne"
        raise InvalidValue(f"numéro de sécurité sociale\u00a0: {fault}") from None
    if nir.is_provisional:
        raise InvalidValue(
            "numéro de sécurité sociale provisoire\u00a0: les droits attendent le numéro définitif"
        )
    return nir


def _parse_name(text: str) -> str:
    if not text:
        raise InvalidValue("le nom de naissance manque")
    if len(text) > MAX_NAME or len(fold(text)) > MAX_FOLDED_NAME:
        raise InvalidValue(f"le nom de naissance dépasse {MAX_NAME} caractères")
    try:
        validate_person_name(text)
    except ValidationError:
        raise InvalidValue("le nom de naissance contient autre chose que des lettres") from None
    return text


def _parse_source(text: str) -> str:
    if not text:
        raise InvalidValue("l’origine manque")
    if len(text) > MAX_SOURCE:
        raise InvalidValue(f"l’origine dépasse {MAX_SOURCE} caractères")
    if not text.isprintable():
        raise InvalidValue("l’origine contient un caractère de commande")
    return text
