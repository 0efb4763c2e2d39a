"""Communes by the beginning of a postcode, from a table kept in the memory of each process."""

from array import array
from bisect import bisect_left
from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from sys import intern
from typing import NamedTuple

from catalogue.models import Commune
from catalogue.places import loading


class Postcodes(NamedTuple):
    """Postcodes in order, each with the rank of one of its communes, and the codes by rank."""

    postcodes: list[str]
    ranks: Sequence[int]
    codes: list[str]


def codes_from(digits: str, limit: int | None = None) -> list[str]:
    """Return the INSEE codes with a postcode that begins with `digits`, the most populated first."""
    table = _table(loading.version())
    start = bisect_left(table.postcodes, digits)
    # No character sorts after the last code point: the range holds all that begins so.
    end = bisect_left(table.postcodes, f"{digits}\U0010ffff", start)
    return [table.codes[rank] for rank in sorted(set(table.ranks[start:end]))[:limit]]


def forget() -> None:
    """Read the postcodes again at the next call."""
    _table.cache_clear()


@lru_cache(1)
def _table(_version: datetime | None) -> Postcodes:
    """Read the table once per process and per loading: looking in it costs SQL a read of all rows."""
    rows = list(Commune.objects.largest_first().values_list("code", "postcodes"))
    pairs = sorted(
        (intern(postcode), rank)
        for rank, (_code, postcodes) in enumerate(rows)
        for postcode in postcodes.split()
    )
    return Postcodes(
        [postcode for postcode, _rank in pairs],
        array("i", (rank for _postcode, rank in pairs)),
        [code for code, _postcodes in rows],
    )
