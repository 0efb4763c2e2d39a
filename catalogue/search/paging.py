"""From the offers found to the cards of a page: each training once, and room for every provider."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from tantivy import DocAddress, Occur, Query, Searcher

from catalogue.search import filtering
from catalogue.search.ordering import WINDOW, numbers
from catalogue.search.positions import MOST_BUCKETS
from catalogue.search.schema import OFFERS

PAGE_SIZE = 12
MAX_PAGES = WINDOW // PAGE_SIZE
# By relevance a page shows no more of one provider, unless nobody else answers.
MOST_OF_A_PROVIDER = 3


class Row(NamedTuple):
    """An offer as the index groups it."""

    pk: int
    version: int
    twin: int
    provider_id: int


@dataclass(frozen=True, slots=True)
class Others:
    """The near-identical offers behind a card: how many, and in how many other places."""

    offers: int = 0
    places: int = 0


NO_OTHERS = Others()
ANYWHERE = {"cardinality": {"field": "place"}}
NEAR = {"terms": {"field": "place", "size": MOST_BUCKETS}}


def rows(searcher: Searcher, addresses: list[DocAddress]) -> list[Row]:
    """Return the offers at these addresses, near-identical ones of a provider once, in order."""
    twins = numbers(searcher, "twin", addresses)
    # of each twin the first: read backwards, it is the last one written
    first_of = dict(zip(reversed(twins), range(len(twins) - 1, -1, -1), strict=True))
    kept = [addresses[position] for position in sorted(first_of.values())]
    columns = (numbers(searcher, name, kept) for name in Row._fields)
    return [*map(Row._make, zip(*columns, strict=True))]


def pages(found: list[Row], *, is_shared: bool) -> list[list[Row]]:
    """Cut rows into pages, in order; `is_shared` holds each page to so many of one provider.

    A row too many goes to the next page with room for it, so that none is lost.
    """
    if not is_shared or len({row.provider_id for row in found}) < 2:
        return [found[start : start + PAGE_SIZE] for start in range(0, len(found), PAGE_SIZE)]
    cut: list[list[Row]] = []
    held: list[dict[int, int]] = []  # by page, how many of each provider
    last: dict[int, int] = {}  # by provider, the page that took its last row
    first_open = 0
    for row in found:
        provider = row.provider_id
        # each page before this one is full, or had no room for the provider's row before this one
        number = max(first_open, last.get(provider, 0))
        while number < len(cut) and (
            len(cut[number]) == PAGE_SIZE or held[number].get(provider) == MOST_OF_A_PROVIDER
        ):
            number += 1
        if number == len(cut):
            cut.append([])
            held.append({})
        cut[number].append(row)
        held[number][provider] = held[number].get(provider, 0) + 1
        last[provider] = number
        while first_open < len(cut) and len(cut[first_open]) == PAGE_SIZE:
            first_open += 1
    return cut


def others(
    searcher: Searcher,
    conditions: Mapping[str, Query],
    shown: Iterable[Row],
    distances: Mapping[int, float],
) -> dict[int, Others]:
    """Return what the conditions of a search leave behind each card, by the `twin` of its row.

    The words are not asked again, since near-identical offers share them; nor are the `distances` of
    the places around a town, thousands of terms to look up: the few places found are looked up there.
    """
    twins = [row.twin for row in shown]
    if not twins:
        return {}
    # for a few terms, ten times as fast as a query of a set
    terms = [Query.term_query(OFFERS, "twin", twin, "basic") for twin in twins]
    same = Query.boolean_query([(Occur.Should, term) for term in terms])
    same = filtering.narrowed(same, conditions, without="place" if distances else "")
    tally = NEAR if distances else ANYWHERE
    tally = {"twins": {"terms": {"field": "twin", "size": len(twins)}, "aggs": {"places": tally}}}
    buckets = searcher.aggregate(same, tally)["twins"]["buckets"]
    counted = (_near(bucket, distances) if distances else _anywhere(bucket) for bucket in buckets)
    return {
        int(bucket["key"]): Others(max(0, offers - 1), max(0, places - 1))
        for bucket, (offers, places) in zip(buckets, counted, strict=True)
    }


def _anywhere(bucket: dict) -> tuple[int, int]:
    """Return how many offers a bucket holds, and in how many places."""
    return bucket["doc_count"], round(bucket["places"]["value"])


def _near(bucket: dict, distances: Mapping[int, float]) -> tuple[int, int]:
    """Return the same of those that are in these places."""
    counts = [p["doc_count"] for p in bucket["places"]["buckets"] if int(p["key"]) in distances]
    return sum(counts), len(counts)
