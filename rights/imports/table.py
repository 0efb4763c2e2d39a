"""Reading a CSV file line by line, in constant memory: each line gives its cells, or says why not.

No message repeats what a line holds: it may be a number, a name, or anything put in the wrong column.
"""

import csv
from collections.abc import Iterator, Mapping
from itertools import count
from typing import BinaryIO

from cpf_portal.ui.text import fold
from rights.imports.values import InvalidValue

MAX_LINE_BYTES = 4096
Columns = Mapping[str, tuple[str, ...]]


class BadFile(Exception):
    """The file as a whole cannot be read; the message is a French sentence."""


class BadLine(ValueError):
    """A line that cannot be imported: its number in the file and the reason, in French."""

    def __init__(self, number: int, reason: str) -> None:
        super().__init__(f"ligne {number}\u00a0: {reason}.")
        self.number = number
        self.reason = reason


def read_table(
    file: BinaryIO, columns: Columns, required: Mapping[str, str]
) -> Iterator[tuple[int, dict[str, str] | BadLine]]:
    """Yield each line of a CSV file opened in binary with its number: its cells by name, or a BadLine.

    `columns` gives the spellings of each name as `fold` leaves them, `required` the French name of
    those that must be there. Raises BadFile when the file is empty, has no usable header, or no line
    after it.
    """
    physical_lines = _physical_lines(file)
    places, delimiter, width = _read_header(physical_lines, columns, required)
    is_empty = True
    for number, raw in physical_lines:
        if not raw.strip():
            continue
        is_empty = False
        try:
            cells = _split(_decode(raw), delimiter)
            if len(cells) != width:
                raise InvalidValue(f"{width} colonnes sont attendues, la ligne en a {len(cells)}")
            yield number, {name: cells[at] for name, at in places.items()}
        except InvalidValue as error:
            yield number, BadLine(number, str(error))
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
        raise InvalidValue("elle contient un caractère nul\u00a0: enregistrez le fichier en UTF-8")
    try:
        return raw.decode()
    except UnicodeDecodeError:
        raise InvalidValue(
            "elle n’est pas en UTF-8\u00a0: enregistrez le fichier en UTF-8"
        ) from None


def _split(text: str, delimiter: str) -> list[str]:
    """Return the cells of one physical line, their spaces squeezed; a record never spans two lines."""
    if '"' not in text:  # most lines: no quote to understand
        return [" ".join(cell.split()) for cell in text.split(delimiter)]
    try:
        cells = next(csv.reader([text], delimiter=delimiter, strict=True))
    except csv.Error:
        raise InvalidValue("ses guillemets ne se referment pas") from None
    return [" ".join(cell.split()) for cell in cells]


def _read_header(
    physical_lines: Iterator[tuple[int, bytes]], columns: Columns, required: Mapping[str, str]
) -> tuple[dict[str, int], str, int]:
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
    return _find_columns(cells, columns, required), delimiter, len(cells)


def _find_columns(
    cells: list[str], columns: Columns, required: Mapping[str, str]
) -> dict[str, int]:
    found: dict[str, list[int]] = {
        name: [at for at, cell in enumerate(cells) if cell in spellings]
        for name, spellings in columns.items()
    }
    missing = [french for name, french in required.items() if not found[name]]
    if missing:
        raise BadFile(
            f"La première ligne doit nommer les colonnes\u00a0: il manque {', '.join(missing)}."
        )
    if any(len(places) > 1 for places in found.values()):
        raise BadFile("La première ligne nomme deux fois la même colonne.")
    return {name: places[0] for name, places in found.items() if places}
