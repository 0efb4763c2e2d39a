"""Search of the catalogue. `search(criteria)` hides the engine; see docs/architecture.md."""

from catalogue.search.engine import (
    DEFAULT_RADIUS_KM,
    RADII_KM,
    Format,
    Hit,
    SearchCriteria,
    SearchResults,
    Sort,
    count_within,
    search,
    suggest_labels,
)
from catalogue.search.facets import FACETS
from catalogue.search.filtering import Filters
from catalogue.search.generations import IndexUnavailable
from catalogue.search.labels import Kind
from catalogue.search.news import News, newest_offer, news_of
from catalogue.search.ordering import WINDOW
from catalogue.search.paging import MAX_PAGES, PAGE_SIZE
from catalogue.search.related import same_training, similar

__all__ = [
    "DEFAULT_RADIUS_KM",
    "FACETS",
    "MAX_PAGES",
    "PAGE_SIZE",
    "RADII_KM",
    "WINDOW",
    "Filters",
    "Format",
    "Hit",
    "IndexUnavailable",
    "Kind",
    "News",
    "SearchCriteria",
    "SearchResults",
    "Sort",
    "count_within",
    "newest_offer",
    "news_of",
    "same_training",
    "search",
    "similar",
    "suggest_labels",
]
