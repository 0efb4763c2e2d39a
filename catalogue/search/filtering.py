"""Filters of a search: what they ask of the index, and how many offers each choice would leave.

The counts are disjunctive: those of a facet leave its own choices aside, so that each says what one more
tick would bring. No filter ever changes the words.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from tantivy import FieldType, Occur, Query, Searcher

from catalogue.search.facets import BY_NAME, FACETS, Facet
from catalogue.search.schema import OFFERS, PERMANENT, sort_key

MAX_VALUES = 200  # more than any facet has
MAX_DAY = 2**31 - 1
MAX_CENTS = 2**31 - 1

Counts = dict[str, dict[str, int]]


@dataclass(frozen=True)
class Filters:
    """What narrows a search; `chosen` holds the values ticked in each facet, by its name.

    Within a facet one value is enough, between facets all are needed. Prices are in cents, bounds
    included; those of an offer that stands for several are its lowest, and `budget_cents` must pay for
    its highest. A session begins between the two days, bounds included; permanent entries suit any day.
    """

    chosen: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    price_from_cents: int | None = None
    price_to_cents: int | None = None
    budget_cents: int | None = None
    starts_from: date | None = None
    starts_to: date | None = None
    # SIRET of the only provider wanted
    provider: str = ""

    def __bool__(self) -> bool:
        return self != Filters()


def conditions(filters: Filters, today: date) -> dict[str, Query]:
    """Return what each filter asks of the index, by the name of its facet."""
    asked = {name: _any_value(name, values) for name, values in filters.chosen.items() if values}
    if filters.price_from_cents is not None or filters.price_to_cents is not None:
        asked["prix_exact"] = _price(filters)
    if filters.budget_cents is not None:
        asked["droits"] = _range("full_price", 0, min(filters.budget_cents, MAX_CENTS))
    if filters.starts_from or filters.starts_to:
        asked["debut"] = _start(filters, today)
    if filters.provider:
        asked["organisme"] = Query.term_query(OFFERS, "code", filters.provider, "basic")
    return asked


def narrowed(query: Query, asked: Mapping[str, Query], *, without: str = "") -> Query:
    """Return the query with its conditions, which count for nothing in the score."""
    kept = [condition for name, condition in asked.items() if name != without]
    if not kept:
        return query
    unscored = [(Occur.Must, Query.const_score_query(condition, 0.0)) for condition in kept]
    return Query.boolean_query([(Occur.Must, query), *unscored])


def count(searcher: Searcher, query: Query, asked: Mapping[str, Query]) -> Counts:
    """Return how many offers have each value of each facet, were it the only one ticked there."""
    others = [facet for facet in FACETS if facet.name not in asked]
    counts = dict(_tally(searcher, narrowed(query, asked), others))
    for facet in FACETS:
        if facet.name in asked:
            counts |= _tally(searcher, narrowed(query, asked, without=facet.name), [facet])
    return counts


def _tally(
    searcher: Searcher, query: Query, facets: Sequence[Facet]
) -> Iterator[tuple[str, dict[str, int]]]:
    wanted = {
        facet.name: {"terms": {"field": facet.column, "size": MAX_VALUES}} for facet in facets
    }
    found = searcher.aggregate(query, wanted)
    for facet in facets:
        buckets = found[facet.name]["buckets"]
        yield facet.name, {facet.values[int(b["key"])]: b["doc_count"] for b in buckets}


def _any_value(name: str, values: Sequence[str]) -> Query:
    return Query.term_set_query(
        OFFERS, BY_NAME[name].column, [BY_NAME[name].numbers[value] for value in values]
    )


def _price(filters: Filters) -> Query:
    lowest, highest = filters.price_from_cents or 0, filters.price_to_cents
    return _range(
        "price_key",
        sort_key(min(lowest, MAX_CENTS), 0),
        sort_key(min(MAX_CENTS if highest is None else highest, MAX_CENTS) + 1, 0) - 1,
    )


def _start(filters: Filters, today: date) -> Query:
    first = max(filters.starts_from or today, today).toordinal()
    last = filters.starts_to.toordinal() if filters.starts_to else MAX_DAY
    permanent = _range("start_key", sort_key(PERMANENT, 0), sort_key(PERMANENT + 1, 0) - 1)
    options = [permanent, _range("starts", first, last)] if first <= last else []
    return Query.boolean_query([(Occur.Should, option) for option in options])


def _range(name: str, lowest: int, highest: int) -> Query:
    if lowest > highest:
        return Query.empty_query()
    return Query.range_query(
        OFFERS, name, FieldType.Unsigned, lower_bound=lowest, upper_bound=highest
    )
