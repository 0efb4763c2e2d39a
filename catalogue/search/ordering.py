"""The first offers that a query finds, in each of the orders offered.

Every order is total, so that no offer is on two pages or on none: the last key is the offer's own.
"""

from collections.abc import Iterable, Mapping, Sequence
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
    sort_key,
)
from catalogue.search.snapshot import count, total_of

# How many offers are looked at; those after them are counted only.
WINDOW = 1200
# Scores that differ by less are equal: identical texts may differ in the last bits.
SCORE_STEPS = 1000
MAX_PLACES = 40_000
PK_MASK = 2**KEY_BITS - 1


@dataclass(frozen=True)
class Found:
    """How many offers there are, and where the first of them stand in the index."""

    total: int
    addresses: list[DocAddress]


@dataclass(frozen=True)
class Group:
    """Offers that come together in an order, sorted among themselves by a field."""

    query: Query
    field: str = "pk"


def by_relevance(searcher: Searcher, query: Query, distances: Mapping[int, float]) -> Found:
    """Best score first; then the nearest, when a place was given."""
    result = searcher.search(query, WINDOW)
    hits = result.hits
    addresses = [address for _score, address in hits]
    scores = [-int(score * SCORE_STEPS + 0.5) for score, _address in hits]
    nearness = _nearness(searcher, addresses, distances)
    ranked = sorted(
        zip(scores, nearness, numbers(searcher, "pk", addresses), addresses, strict=False)
    )
    return Found(total_of(result), [address for *_keys, address in ranked])


def by_price(searcher: Searcher, query: Query) -> Found:
    """Cheapest first."""
    return _walk(searcher, [Group(query, "price_key")])


def by_distance(searcher: Searcher, query: Query, distances: Mapping[int, float]) -> Found:
    """Nearest place first; `distances` holds the places of the query, nearest first.

    Whole places are read and sorted here, as many as the window needs: two queries for any radius.
    """
    near, last, total = _places_needed(searcher, query, distances)
    found = _walk(searcher, [Group(_at_places(query, near))] if near else [])
    nearness = _nearness(searcher, found.addresses, distances)
    pks = numbers(searcher, "pk", found.addresses)
    ranked = sorted(zip(nearness, pks, found.addresses, strict=False))
    addresses = [address for _km, _pk, address in ranked]
    if last is not None:
        addresses += _walk(searcher, [Group(_at_places(query, [last]))]).addresses
    return Found(total, addresses[:WINDOW])


def by_next_start(searcher: Searcher, query: Query, today: date) -> Found:
    """Nearest session first; permanent entries count as today, those without a session come late.

    Last come the starts that have passed since the offer was indexed, until `indexing` looks at them
    again, which it does each day: nothing is known of what follows them.
    """
    now = today.toordinal()
    started = _both(query, _any_of(_starts(PERMANENT, PERMANENT), _starts(now, now)))
    to_come = _both(query, _starts(now + 1, NO_SESSION))
    passed = _both(query, _starts(PERMANENT + 1, now - 1))
    return _walk(searcher, [Group(started), Group(to_come, "start_key"), Group(passed)])


def numbers(searcher: Searcher, field: str, addresses: Sequence[DocAddress]) -> list[int]:
    """Return a field of whole numbers that each of these documents has."""
    return cast("list[int]", searcher.fast_field_values(field, [*addresses]))


def _places_needed(
    searcher: Searcher, query: Query, distances: Mapping[int, float]
) -> tuple[list[int], int | None, int]:
    """Return the nearest places that fit in the window, the one that fills it, and the total."""
    tally = {"places": {"terms": {"field": "place", "size": MAX_PLACES}}}
    buckets = searcher.aggregate(query, tally)["places"]["buckets"]
    counts = {int(bucket["key"]): bucket["doc_count"] for bucket in buckets}
    near, room = list[int](), WINDOW
    for number in filter(counts.__contains__, distances):
        room -= counts[number]
        if room < 0:
            return near, number, sum(counts.values())
        near.append(number)
    return near, None, sum(counts.values())


def _walk(searcher: Searcher, groups: Iterable[Group]) -> Found:
    """Return the first offers of groups that follow one another."""
    total, addresses = 0, list[DocAddress]()
    for group in groups:
        missing = WINDOW - len(addresses)
        if missing:
            result = searcher.search(
                group.query, missing, order_by_field=group.field, order=Order.Asc
            )
            addresses += [address for _key, address in result.hits]
            total += total_of(result)
        else:
            total += count(searcher, group.query)
    return Found(total, addresses)


def _nearness(
    searcher: Searcher, addresses: Sequence[DocAddress], distances: Mapping[int, float]
) -> Iterable[float]:
    if not distances:
        return repeat(0.0)
    return (distances[number] for number in numbers(searcher, "place", addresses))


def _at_places(query: Query, places: Sequence[int]) -> Query:
    return _both(query, Query.term_set_query(OFFERS, "place", [*places]))


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
