"""Communes whose name holds or is nearly what was typed, from a table kept in the memory of each process.

Looked for in SQL, either reads all the rows.
"""

from bisect import bisect
from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from functools import lru_cache
from itertools import accumulate
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
    """The names of the communes by their first and last two letters; and all of them, the most populated
    first, one a line of `text`, whose lines begin at `starts` and have these `codes`."""

    text: str
    starts: list[int]
    codes: list[str]
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


def codes_holding(text: str) -> Iterator[str]:
    """Yield the INSEE codes of the names that hold `text` (one line), the most populated first."""
    names = _table(loading.version())
    found = names.text.find(text)
    while found >= 0:
        line = bisect(names.starts, found)
        yield names.codes[line - 1]
        found = names.text.find(text, names.starts[line]) if line < len(names.starts) else -1


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
    begun, ended = defaultdict(list), defaultdict(list)
    lines, codes = [], []
    rows = Commune.objects.whole().largest_first().values_list("name_folded", "population", "code")
    for row in rows.iterator():
        name = Name(*row)
        lines.append(f"{name.folded}\n")
        codes.append(name.code)
        begun[intern(name.folded[:EDGE])].append(name)
        ended[intern(name.folded[-EDGE:])].append(name)
    starts = [0, *accumulate(map(len, lines))][:-1]
    return Names("".join(lines), starts, codes, begun, ended)
