"""`search(criteria)`: the offers of one page, how many there are, and what was made of the words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from tantivy import Occur, Query

from catalogue.models import Modality, Offer, Session
from catalogue.places import Place, communes_around
from catalogue.search import ordering
from catalogue.search.matching import Match, understand
from catalogue.search.ordering import MAX_PAGES, PAGE_SIZE, Found
from catalogue.search.schema import OFFERS, commune_number
from catalogue.search.snapshot import Snapshot, readable, snapshot

RADII_KM = (5, 10, 30, 50, 100)
DEFAULT_RADIUS_KM = 30


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
    sort: Sort = Sort.RELEVANCE
    page: int = 1


@dataclass(frozen=True)
class Hit:
    offer: Offer
    # between the place and the commune of the offer; None without a town to start from
    distance_km: float | None = None
    # permanent entries, or the nearest session that can still be joined
    next_session: Session | None = None


@dataclass(frozen=True)
class SearchResults:
    """One page of hits. `match` tells how the words were understood, `sort` the order really used."""

    total: int
    hits: list[Hit]
    match: Match
    sort: Sort
    page: int = 1

    @property
    def last_page(self) -> int:
        """The last page that can be shown; 1 when nothing was found."""
        return max(1, min(MAX_PAGES, -(-self.total // PAGE_SIZE)))


def search(criteria: SearchCriteria, *, today: date) -> SearchResults:
    """Return the offers that match, in a constant number of SQL queries.

    Raises IndexUnavailable when there is no index to read.
    """
    distances = _distances(criteria)
    with readable():
        state = snapshot()
        understood = understand(criteria.words, state)
        sort = _sort(criteria, understood, distances)
        query = _filtered(understood.query, criteria, distances)
        found = _page(state, query, criteria, sort, distances, today)
    hits = _load(found.pks, distances, today)
    return SearchResults(found.total, hits, understood, sort, criteria.page)


def _distances(criteria: SearchCriteria) -> Mapping[str, float]:
    return communes_around(criteria.place, criteria.radius_km) if criteria.place else {}


def _sort(criteria: SearchCriteria, understood: Match, distances: Mapping[str, float]) -> Sort:
    """Relevance needs words and distance a town; what is left is the nearest, else the soonest."""
    if criteria.sort == Sort.DISTANCE and not distances:
        return Sort.RELEVANCE if understood.has_words else Sort.NEXT_START
    if criteria.sort == Sort.RELEVANCE and not understood.has_words:
        return Sort.DISTANCE if distances else Sort.NEXT_START
    return criteria.sort


def _filtered(query: Query, criteria: SearchCriteria, distances: Mapping[str, float]) -> Query:
    conditions = [*_format(criteria), *_where(criteria.place, distances)]
    return Query.boolean_query(
        [(Occur.Must, query), *((Occur.Must, _unscored(condition)) for condition in conditions)]
    )


def _format(criteria: SearchCriteria) -> Iterable[Query]:
    # A place leaves the remote offers out: they are near nobody.
    if criteria.format == Format.DISTANCE:
        yield Query.term_query(OFFERS, "modality", Modality.REMOTE.value, "basic")
    elif criteria.format == Format.CENTRE or criteria.place:
        on_site = [Modality.ON_SITE.value, Modality.MIXED.value]
        yield Query.term_set_query(OFFERS, "modality", on_site)


def _where(place: Place | None, distances: Mapping[str, float]) -> Iterable[Query]:
    if place is None:
        return
    if place.code is None:
        yield Query.term_query(OFFERS, "department", place.department, "basic")
    else:
        numbers = [commune_number(code) for code in distances]
        yield Query.term_set_query(OFFERS, "commune", numbers)


def _unscored(condition: Query) -> Query:
    return Query.const_score_query(condition, 0.0)


def _page(
    state: Snapshot,
    query: Query,
    criteria: SearchCriteria,
    sort: Sort,
    distances: Mapping[str, float],
    today: date,
) -> Found:
    # Beyond the last page nothing is shown: a number of thirty digits costs what page 101 costs.
    offset = (min(criteria.page, MAX_PAGES + 1) - 1) * PAGE_SIZE
    if sort == Sort.PRICE:
        return ordering.by_price(state.offers, query, offset)
    if sort == Sort.DISTANCE:
        return ordering.by_distance(state.offers, query, offset, distances)
    if sort == Sort.NEXT_START:
        return ordering.by_next_start(state.offers, query, offset, today)
    return ordering.by_relevance(state.offers, query, offset, distances)


def _load(pks: list[int], distances: Mapping[str, float], today: date) -> list[Hit]:
    """Return the offers in the order of `pks`, without those withdrawn since they were indexed."""
    offers = Offer.objects.published().for_display().in_bulk(pks)
    return [
        Hit(
            offer=offers[pk],
            distance_km=distances.get(offers[pk].commune_id or ""),
            next_session=next(iter(offers[pk].upcoming_sessions(today)), None),
        )
        for pk in pks
        if pk in offers
    ]
