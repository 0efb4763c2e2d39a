"""CSV files that a spreadsheet opens in French and never runs."""

import csv
import io
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.http import HttpResponse, StreamingHttpResponse

# What a spreadsheet takes for a formula, also in the full width of Asian keyboards.
_FORMULA_STARTS = tuple("=+-@\t\r\n")
BYTE_ORDER_MARK = "\ufeff"
LINES = 500


def safe_cell(value: object) -> str:
    """Return `value` as text that a spreadsheet shows and does not compute.

    An apostrophe goes before a text that would start a formula (security.md CSV-1); numbers, which
    are written by us, keep their sign.
    """
    if isinstance(value, int):
        return str(value)
    text = "" if value is None else str(value)
    folded = unicodedata.normalize("NFKC", text).lstrip(" \u00a0\u202f\u200b\ufeff")
    return f"'{text}" if folded.startswith(_FORMULA_STARTS) else text


def decimal_euros(cents: int) -> str:
    """Return cents as a French spreadsheet reads them: -110550 gives "-1105,50"."""
    units, rest = divmod(abs(cents), 100)
    return f"{'-' if cents < 0 else ''}{units},{rest:02d}"


class Amount(int):
    """Cents in a row of `csv_response`, written as euros."""


def csv_response(
    *, name: str, header: Sequence[str], rows: Iterable[Sequence[object]]
) -> HttpResponse:
    """Return a download of `rows`: semicolons, RFC 4180 quotes, UTF-8 with its mark."""
    return HttpResponse("".join(csv_lines(header, rows)), **_download(name))


def csv_stream(
    *, name: str, header: Sequence[str], rows: Iterable[Sequence[object]]
) -> StreamingHttpResponse:
    """Return the same download, of rows that are read while they leave: for more than memory holds."""
    return StreamingHttpResponse(csv_lines(header, rows), **_download(name))


def csv_lines(header: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """Yield the text of the file, LINES rows at a time."""
    text = io.StringIO()
    text.write(BYTE_ORDER_MARK)
    writer = csv.writer(text, delimiter=";", quoting=csv.QUOTE_MINIMAL, lineterminator="\r\n")
    writer.writerow(header)
    for number, row in enumerate(rows, start=1):
        writer.writerow(
            decimal_euros(cell) if isinstance(cell, Amount) else safe_cell(cell) for cell in row
        )
        if number % LINES == 0:
            yield text.getvalue()
            text.seek(0)
            text.truncate()
    yield text.getvalue()


def _download(name: str) -> dict[str, Any]:
    return {
        "content_type": "text/csv; charset=utf-8",
        "headers": {"Content-Disposition": f'attachment; filename="{name}"'},
    }
