"""What a search finds that was not there some time ago. Keys only grow: the newest offer has the highest."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from tantivy import FieldType, Order, Query, Searcher

from catalogue.search import engine, filtering, ordering, paging
from catalogue.search.engine import Hit, SearchCriteria
from catalogue.search.matching import every_word
from catalogue.search.ordering import PK_MASK, numbers
from catalogue.search.schema import OFFERS
from catalogue.search.snapshot import readable, snapshot
from catalogue.search.suspended import leaving_out, suspended_providers


@dataclass(frozen=True)
class News:
    """Trainings that came after a given offer; the next time starts from `newest`, the last of all."""

    newest: int
    # near-identical offers of a provider count once
    total: int
    # the first of them, one page at most
    hits: Sequence[Hit]


def newest_offer() -> int:
    """Return the key of the newest offer of the index, 0 without any; IndexUnavailable without an index."""
    with readable():
        return _newest(snapshot().offers)


def news_of(criteria: SearchCriteria, *, after: int, today: date) -> News:
    """Return what a search finds among the offers newer than the offer `after`, best answers first.

    Here all the words are needed: a search that finds little is widened on a page, not in a mail.
    Raises IndexUnavailable when there is no index to read.
    """
    with readable():
        state = snapshot()
        distances = engine.distances_of(criteria, state)
        asked = engine.basic_conditions(criteria, distances)
        asked |= filtering.conditions(criteria.filters, today) | {"news": _newer_than(after)}
        asked |= leaving_out(suspended_providers())
        query = filtering.narrowed(every_word(criteria.words, state), asked)
        found = ordering.by_relevance(state.offers, query, distances)
        rows = paging.rows(state.offers, found.addresses)
        first = next(iter(paging.pages(rows, is_shared=True)), [])
        newest = max(after, _newest(state.offers))
    return News(newest, len(rows), engine.hits_of(first, {}, distances, today))


def _newer_than(pk: int) -> Query:
    return Query.range_query(
        OFFERS, "pk", FieldType.Unsigned, lower_bound=pk + 1, upper_bound=PK_MASK
    )


def _newest(searcher: Searcher) -> int:
    last = searcher.search(Query.all_query(), 1, order_by_field="pk", order=Order.Desc)
    return next(iter(numbers(searcher, "pk", [address for _key, address in last.hits])), 0)
