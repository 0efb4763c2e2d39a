"""Communes whose name holds or is nearly what was typed, from a table kept in the memory of each process.

Looked for in SQL, either reads all the rows.
"""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from functools import lru_cache
from sys import intern
from typing import NamedTuple

from catalogue.models import Commune
from catalogue.places import loading
from catalogue.places.text import edit_distance

SHORTEST = 4  # below, everything is near everything
EDGE = 2


class Name(NamedTuple):
    folded: str
    population: int
    code: str


class Names(NamedTuple):
    """The names of the communes, the most populated first; by their first and last two letters."""

    all: list[Name]
    begun: dict[str, list[Name]]
    ended: dict[str, list[Name]]


def codes_near(words: str, mistakes: int) -> list[str]:
    """Return the INSEE codes of the names the fewest typing mistakes away, the most populated first.

    None is more than `mistakes` (1 or 2) away: letters added, dropped, changed, or two swapped.
    """
    if len(words) < SHORTEST:
        return []
    ranked = sorted(
        (distance, -name.population, name.code)
        for name in set(_candidates(words, mistakes))
        if (distance := edit_distance(words, name.folded, mistakes)) <= mistakes
    )
    return [code for distance, _population, code in ranked if distance == ranked[0][0]]


def codes_holding(text: str) -> list[str]:
    """Return the INSEE codes of the names that hold `text`, the most populated first."""
    return [name.code for name in _table(loading.version()).all if text in name.folded]


def forget() -> None:
    """Read the names again at the next call."""
    _table.cache_clear()


def _candidates(words: str, mistakes: int) -> Iterator[Name]:
    """Yield the names of about this length which begin or end as typed, as two mistakes leave a third."""
    third = max(EDGE, len(words) // 3)
    first, last = words[:third], words[-third:]
    table = _table(loading.version())
    for name in table.begun.get(words[:EDGE], ()):
        if abs(len(name.folded) - len(words)) <= mistakes and name.folded.startswith(first):
            yield name
    for name in table.ended.get(words[-EDGE:], ()):
        if abs(len(name.folded) - len(words)) <= mistakes and name.folded.endswith(last):
            yield name


@lru_cache(1)
def _table(_version: datetime | None) -> Names:
    names = Names([], defaultdict(list), defaultdict(list))
    rows = Commune.objects.whole().largest_first().values_list("name_folded", "population", "code")
    for row in rows.iterator():
        name = Name(*row)
        names.all.append(name)
        names.begun[intern(name.folded[:EDGE])].append(name)
        names.ended[intern(name.folded[-EDGE:])].append(name)
    return names
