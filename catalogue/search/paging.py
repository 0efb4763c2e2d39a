"""From the offers found to the cards of a page: each training once, and room for every provider."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from tantivy import DocAddress, Occur, Query, Searcher

from catalogue.search.ordering import WINDOW, numbers
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


def rows(searcher: Searcher, addresses: list[DocAddress]) -> list[Row]:
    """Return the offers at these addresses, near-identical ones of a provider once, in order."""
    columns = (numbers(searcher, name, addresses) for name in Row._fields)
    firsts: dict[int, tuple[int, int, int, int]] = {}
    for row in zip(*columns, strict=True):
        firsts.setdefault(row[2], row)
    return [Row._make(row) for row in firsts.values()]


def pages(found: list[Row], *, is_shared: bool) -> list[list[Row]]:
    """Cut rows into pages, in order; `is_shared` holds each page to so many of one provider.

    A row too many goes to the next page with room for it, so that none is lost.
    """
    if not is_shared or len({row.provider_id for row in found}) < 2:
        return [found[start : start + PAGE_SIZE] for start in range(0, len(found), PAGE_SIZE)]
    cut: list[list[Row]] = []
    held: list[Counter[int]] = []  # by page, how many of each provider
    last: dict[int, int] = {}  # by provider, the page that took its last row
    first_open = 0
    for row in found:
        # each page before this one is full, or had no room for the provider's row before this one
        number = max(first_open, last.get(row.provider_id, 0))
        while number < len(cut) and (
            len(cut[number]) == PAGE_SIZE or held[number][row.provider_id] == MOST_OF_A_PROVIDER
        ):
            number += 1
        if number == len(cut):
            cut.append([])
            held.append(Counter())
        cut[number].append(row)
        held[number][row.provider_id] += 1
        last[row.provider_id] = number
        while first_open < len(cut) and len(cut[first_open]) == PAGE_SIZE:
            first_open += 1
    return cut


def others(searcher: Searcher, query: Query, shown: Iterable[Row]) -> dict[int, Others]:
    """Return what a query finds behind each card, by the `twin` of its row."""
    twins = [row.twin for row in shown]
    if not twins:
        return {}
    same = Query.boolean_query(
        [(Occur.Must, query), (Occur.Must, Query.term_set_query(OFFERS, "twin", twins))]
    )
    places = {"places": {"cardinality": {"field": "place"}}}
    tally = {"twins": {"terms": {"field": "twin", "size": len(twins)}, "aggs": places}}
    buckets = searcher.aggregate(same, tally)["twins"]["buckets"]
    return {
        int(bucket["key"]): Others(
            bucket["doc_count"] - 1, max(0, round(bucket["places"]["value"]) - 1)
        )
        for bucket in buckets
    }
