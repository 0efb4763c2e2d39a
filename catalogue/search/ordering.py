"""One page of the offers that a query finds, in each of the orders offered.

Every order is total, so that no offer is on two pages or on none: the last key is the offer's own.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import repeat
from typing import cast

from tantivy import DocAddress, FieldType, Occur, Order, Query, Searcher

from catalogue.search.schema import (
    KEY_BITS,
    NO_SESSION,
    OFFERS,
    PERMANENT,
    commune_number,
    sort_key,
)
from catalogue.search.snapshot import count, total_of

PAGE_SIZE = 12
MAX_PAGES = 100
# Scores that differ by less are equal: identical texts may differ in the last bits.
SCORE_DIGITS = 3
MAX_COMMUNES = 40_000
PK_MASK = 2**KEY_BITS - 1


@dataclass(frozen=True)
class Found:
    """How many offers there are, and the keys of those of the page."""

    total: int
    pks: list[int]


@dataclass(frozen=True)
class Group:
    """Offers that come together in an order, sorted among themselves by a field."""

    query: Query
    count: int
    field: str = "pk"


def by_relevance(
    searcher: Searcher, query: Query, offset: int, distances: Mapping[str, float]
) -> Found:
    """Best score first; then the nearest, when a place was given."""
    result = searcher.search(query, PAGE_SIZE * MAX_PAGES)
    addresses = [address for _score, address in result.hits]
    scores = [round(-score, SCORE_DIGITS) for score, _address in result.hits]
    nearness = _nearness(searcher, addresses, distances)
    pks = _numbers(searcher, "pk", addresses)
    ranked = sorted(zip(scores, nearness, pks, strict=False))
    return Found(total_of(result), [pk for _score, _km, pk in ranked[offset : offset + PAGE_SIZE]])


def by_price(searcher: Searcher, query: Query, offset: int) -> Found:
    """Cheapest first."""
    return _walk(searcher, [Group(query, count(searcher, query), "price_key")], offset)


def by_distance(
    searcher: Searcher, query: Query, offset: int, distances: Mapping[str, float]
) -> Found:
    """Nearest commune first; `distances` holds the communes of the query, nearest first."""
    tally = {"communes": {"terms": {"field": "commune", "size": MAX_COMMUNES}}}
    buckets = searcher.aggregate(query, tally)["communes"]["buckets"]
    counts = {int(bucket["key"]): bucket["doc_count"] for bucket in buckets}
    numbers = [number for code in distances if (number := commune_number(code)) in counts]
    groups = (
        Group(_both(query, Query.term_query(OFFERS, "commune", number, "basic")), counts[number])
        for number in numbers
    )
    return _walk(searcher, groups, offset)


def by_next_start(searcher: Searcher, query: Query, offset: int, today: date) -> Found:
    """Nearest session first; permanent entries count as today, those without a session come late.

    Last come the starts that have passed since the offer was indexed, until `indexing` looks at them
    again, which it does each day: nothing is known of what follows them.
    """
    now = today.toordinal()
    started = _both(query, _any_of(_starts(PERMANENT, PERMANENT), _starts(now, now)))
    to_come = _both(query, _starts(now + 1, NO_SESSION))
    passed = _both(query, _starts(PERMANENT + 1, now - 1))
    groups = (
        Group(part, count(searcher, part), field)
        for part, field in [(started, "pk"), (to_come, "start_key"), (passed, "pk")]
    )
    return _walk(searcher, groups, offset)


def _walk(searcher: Searcher, groups: Iterable[Group], offset: int) -> Found:
    """Return the page at `offset` of groups that follow one another."""
    total, pks = 0, list[int]()
    for group in groups:
        skipped = max(0, offset - total)
        missing = PAGE_SIZE - len(pks)
        if missing and skipped < group.count:
            pks += _keys(searcher, group, skipped, missing)
        total += group.count
    return Found(total, pks)


def _keys(searcher: Searcher, group: Group, offset: int, limit: int) -> Iterator[int]:
    result = searcher.search(
        group.query, limit, False, order_by_field=group.field, offset=offset, order=Order.Asc
    )
    return (key & PK_MASK for key, _address in result.hits)


def _nearness(
    searcher: Searcher, addresses: Sequence[DocAddress], distances: Mapping[str, float]
) -> Iterable[float]:
    if not distances:
        return repeat(0.0)
    by_number = {commune_number(code): km for code, km in distances.items()}
    return (by_number[number] for number in _numbers(searcher, "commune", addresses))


def _numbers(searcher: Searcher, field: str, addresses: Sequence[DocAddress]) -> list[int]:
    """Return a field of whole numbers that each of these documents has."""
    return cast("list[int]", searcher.fast_field_values(field, [*addresses]))


def _both(query: Query, condition: Query) -> Query:
    return Query.boolean_query([(Occur.Must, query), (Occur.Must, condition)])


def _any_of(*queries: Query) -> Query:
    return Query.boolean_query([(Occur.Should, query) for query in queries])


def _starts(first: int, last: int) -> Query:
    """Offers whose next start is between two days (ordinals, both included)."""
    return Query.range_query(
        OFFERS,
        "start_key",
        FieldType.Unsigned,
        lower_bound=sort_key(first, 0),
        upper_bound=sort_key(last, PK_MASK),
    )
