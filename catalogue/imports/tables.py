"""Reading the CSV files of the State: columns by name, records over several lines, all of it bounded."""

import csv
import io
from collections.abc import Callable, Iterator

from catalogue.imports.files import DAMAGED, SourceFile
from catalogue.imports.recognition import MAX_ITEMS, Recognised, header
from catalogue.imports.report import FileRefused, Report

MAX_CELL = 128 * 1024
PROGRESS_LINES = 2000

Row = dict[str, str]


def rows(
    source: SourceFile, recognised: Recognised, report: Report, on_progress: Callable[[int], None]
) -> Iterator[tuple[int, Row]]:
    """Yield (line, cells by column name) for each record; a record of another width is refused.

    Raises FileRefused for a file that is cut, without record, or that is no CSV.
    """
    csv.field_size_limit(MAX_CELL)
    try:
        with source.open() as stream:
            yield from _read(_Watched(stream), recognised, report, on_progress)
    except csv.Error:
        raise FileRefused(
            "des guillemets ne se referment pas, ou une cellule est trop longue"
        ) from None
    except DAMAGED as error:
        raise FileRefused("le fichier est coupé ou abîmé") from error


class _Watched(io.RawIOBase):
    """Counts the bytes read, and remembers how they end."""

    def __init__(self, stream) -> None:
        self._stream = stream
        self.count = 0
        self.last = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer) -> int:
        data = self._stream.read(len(buffer))
        buffer[: len(data)] = data
        self.count += len(data)
        self.last = data[-1:] or self.last
        return len(data)


def _read(stream: _Watched, recognised, report, on_progress) -> Iterator[tuple[int, Row]]:
    text = io.TextIOWrapper(
        io.BufferedReader(stream, 256 * 1024),
        encoding=recognised.encoding,
        errors="replace",
        newline="",
    )
    columns, delimiter = header(text.readline())
    reader = csv.reader(text, delimiter=delimiter, strict=True)
    line, count, is_short = 2, 0, False
    for cells in reader:
        is_short = len(cells) != len(columns)
        if is_short and cells:
            report.refuse(
                f"{len(columns)} colonnes sont attendues, il y en a {len(cells)}", line=line
            )
        elif cells:
            count += 1
            yield line, dict(zip(columns, cells, strict=True))
        line = reader.line_num + 2
        if count % PROGRESS_LINES == 0:
            on_progress(stream.count)
        if count > MAX_ITEMS:
            raise FileRefused("le fichier a plus d’un million de lignes", line)
    # Both are written to their last line end: without it, the end is missing.
    if stream.last not in (b"\n", b"\r"):
        raise FileRefused("le fichier est coupé\u00a0: sa dernière ligne n’est pas finie", line)
    if not count:
        raise FileRefused("le fichier n’a aucune ligne après ses noms de colonnes", 1)
