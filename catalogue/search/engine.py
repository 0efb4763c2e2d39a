"""`search(criteria)`: the offers of one page, how many there are, and what was made of the words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum

from tantivy import Query, Searcher

from catalogue.models import Modality, Offer, Session
from catalogue.places import Place
from catalogue.search import filtering, labels, ordering, paging, suspended
from catalogue.search.filtering import Counts, Filters
from catalogue.search.labels import Label
from catalogue.search.loading import Kept, Shelf, load
from catalogue.search.matching import Match, understand
from catalogue.search.ordering import Found
from catalogue.search.paging import NO_OTHERS, Others, Row
from catalogue.search.positions import place_number
from catalogue.search.schema import OFFERS
from catalogue.search.snapshot import Snapshot, count, readable, snapshot

RADII_KM = (5, 10, 30, 50, 100)
DEFAULT_RADIUS_KM = 30
# Searches asked for last, in each process: up to 100 kB each.
KEPT_WINDOWS = 150
# Of each, the pages and their columns of filters: 40 kB and 20 kB.
KEPT_PAGES = 4


class Format(StrEnum):
    CENTRE = "centre"  # on site or mixed
    DISTANCE = "distance"  # wholly remote: has no place


class Sort(StrEnum):
    RELEVANCE = "pertinence"
    PRICE = "prix"
    DISTANCE = "distance"
    NEXT_START = "date"


@dataclass(frozen=True)
class SearchCriteria:
    """What is looked for; `page` begins at 1. A place limits the search to what happens near it."""

    words: str = ""
    format: Format | None = None
    place: Place | None = None
    radius_km: int = DEFAULT_RADIUS_KM
    filters: Filters = field(default_factory=Filters)
    sort: Sort = Sort.RELEVANCE
    page: int = 1


@dataclass(frozen=True)
class Hit:
    """One card: an offer, and the near-identical ones of its provider that it stands for."""

    kept: Kept
    # between the place and the offer; None without a town to start from
    distance_km: float | None = None
    # permanent entries, or the nearest session that can still be joined
    next_session: Session | None = None
    others: Others = NO_OTHERS

    @property
    def offer(self) -> Offer:
        return self.kept.offer


@dataclass(frozen=True)
class SearchResults:
    """One page of hits. `match` tells how the words were understood, `sort` the order really used."""

    # offers found, and the cards and pages that the first of them make
    total: int
    cards: int
    last_page: int
    hits: list[Hit]
    match: Match
    sort: Sort
    page: int = 1
    # rank of the first card of the page
    first_rank: int = 1
    counts: Counts = field(default_factory=dict)
    # for what is rendered of it; lives as long as the same search gives the same answer
    shown: Shelf = field(default_factory=lambda: Shelf(KEPT_PAGES))


def search(criteria: SearchCriteria, *, today: date) -> SearchResults:
    """Return the offers that match, in a constant number of SQL queries.

    Raises IndexUnavailable when there is no index to read.
    """
    state = snapshot()
    results, is_whole = _search(state, criteria, today)
    # offers are missing: of a provider suspended since they were indexed, perhaps
    if not is_whole and suspended.hide(state):
        results, _ = _search(state, criteria, today)
    return results


def _search(state: Snapshot, criteria: SearchCriteria, today: date) -> tuple[SearchResults, bool]:
    """Return a page, and whether the database holds all the cards that the index named."""
    with readable():
        distances = distances_of(criteria, state)
        hidden = tuple(sorted(state.hidden))
        key = (state.number, repr(replace(criteria, page=1)), today, len(distances), hidden)
        window = _windows.get(key) or _windows.put(key, _window(state, criteria, distances, today))
        page = window.pages[criteria.page - 1] if criteria.page <= len(window.pages) else []
        others = window.others.get(criteria.page)
        if others is None:
            others = paging.others(state.offers, window.conditions, page, distances)
            if page:  # what is beyond the last page has no end
                window.others[criteria.page] = others
    hits = hits_of(page, others, distances, today)
    results = SearchResults(
        total=window.total,
        cards=sum(map(len, window.pages)),
        last_page=max(1, len(window.pages)),
        hits=hits,
        match=window.match,
        sort=window.sort,
        page=criteria.page,
        first_rank=1 + sum(len(before) for before in window.pages[: criteria.page - 1]),
        counts=window.counts,
        shown=window.shown,
    )
    return results, len(hits) == len(page)


@dataclass(frozen=True)
class Window:
    """What the index answers to a search, whatever the page."""

    total: int
    pages: list[list[Row]]
    # what the offers fulfil, beside the words
    conditions: Mapping[str, Query]
    match: Match
    sort: Sort
    counts: Counts
    # by page, what its cards stand for
    others: dict[int, dict[int, Others]] = field(default_factory=dict)
    # for what is rendered of it
    shown: Shelf = field(default_factory=lambda: Shelf(KEPT_PAGES))


_windows: Shelf[Window] = Shelf(KEPT_WINDOWS)


def _window(
    state: Snapshot, criteria: SearchCriteria, distances: Mapping[int, float], today: date
) -> Window:
    understood = understand(criteria.words, state)
    sort = _sort(criteria, understood)
    base = basic_conditions(criteria, distances) | suspended.leaving_out(state.hidden)
    query = filtering.narrowed(understood.query, base)
    asked = filtering.conditions(criteria.filters, today)
    narrowed = filtering.narrowed(query, asked)
    found = _ordered(state.offers, narrowed, sort, distances, today)
    rows = paging.rows(state.offers, found.addresses)
    return Window(
        total=found.total,
        pages=paging.pages(rows, is_shared=sort == Sort.RELEVANCE),
        conditions=base | asked,
        match=understood,
        sort=sort,
        counts=filtering.count(state.offers, query, asked),
    )


def count_within(criteria: SearchCriteria, budget_cents: int, *, today: date) -> int:
    """Return how many offers a search finds that so much pays for; IndexUnavailable without an index."""
    filters = replace(criteria.filters, budget_cents=budget_cents)
    with readable():
        state = snapshot()
        asked = basic_conditions(criteria, distances_of(criteria, state))
        asked |= filtering.conditions(filters, today) | suspended.leaving_out(state.hidden)
        query = filtering.narrowed(understand(criteria.words, state).query, asked)
        return count(state.offers, query)


def suggest_labels(typed: str) -> list[Label]:
    """Return what to propose for the beginning of a text; IndexUnavailable without an index."""
    with readable():
        state = snapshot()
        return labels.suggest(state.labels, typed, suspended.proposed_in(state))


def distances_of(criteria: SearchCriteria, state: Snapshot) -> Mapping[int, float]:
    """Return the places around the town asked, in km, nearest first; none without a town."""
    if criteria.place is None:
        return {}
    return state.positions.around(criteria.place, criteria.radius_km)


def _sort(criteria: SearchCriteria, understood: Match) -> Sort:
    """Relevance needs words and distance a town; what is left is the nearest, else the soonest."""
    has_town = criteria.place is not None and criteria.place.code is not None
    if criteria.sort == Sort.DISTANCE and not has_town:
        return Sort.RELEVANCE if understood.has_words else Sort.NEXT_START
    if criteria.sort == Sort.RELEVANCE and not understood.has_words:
        return Sort.DISTANCE if has_town else Sort.NEXT_START
    return criteria.sort


def basic_conditions(criteria: SearchCriteria, distances: Mapping[int, float]) -> dict[str, Query]:
    """Return what the format and the place ask of the index."""
    asked = {}
    # A place leaves the remote offers out: they are near nobody.
    if criteria.format == Format.DISTANCE:
        asked["format"] = Query.term_query(OFFERS, "modality", Modality.REMOTE.value, "basic")
    elif criteria.format == Format.CENTRE or criteria.place:
        on_site = [Modality.ON_SITE.value, Modality.MIXED.value]
        asked["format"] = Query.term_set_query(OFFERS, "modality", on_site)
    if criteria.place:
        asked["place"] = _where(criteria.place, distances)
    return asked


def _where(place: Place, distances: Mapping[int, float]) -> Query:
    if place.code is None:
        return Query.term_query(OFFERS, "department", place.department, "basic")
    if not distances:
        return Query.empty_query()
    return Query.term_set_query(OFFERS, "place", [*distances])


def _ordered(
    offers: Searcher, query: Query, sort: Sort, distances: Mapping[int, float], today: date
) -> Found:
    if sort == Sort.PRICE:
        return ordering.by_price(offers, query)
    if sort == Sort.DISTANCE:
        return ordering.by_distance(offers, query, distances)
    if sort == Sort.NEXT_START:
        return ordering.by_next_start(offers, query, today)
    return ordering.by_relevance(offers, query, distances)


def hits_of(
    page: Sequence[Row], others: Mapping[int, Others], distances: Mapping[int, float], today: date
) -> list[Hit]:
    """Return the cards in the order of the page, without the offers that are no longer published."""
    loaded = load({row.pk: row.version for row in page}, today)
    return [
        Hit(
            kept=loaded[row.pk],
            distance_km=distances.get(place_number(loaded[row.pk].offer) or 0),
            next_session=loaded[row.pk].next_session,
            others=others.get(row.twin, NO_OTHERS),
        )
        for row in page
        if row.pk in loaded
    ]
