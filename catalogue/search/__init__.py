"""Search of the catalogue. `search(criteria)` hides the engine; see docs/architecture.md."""

from catalogue.search.engine import (
    DEFAULT_RADIUS_KM,
    RADII_KM,
    Format,
    Hit,
    SearchCriteria,
    SearchResults,
    Sort,
    search,
)
from catalogue.search.generations import IndexUnavailable
from catalogue.search.ordering import MAX_PAGES, PAGE_SIZE

__all__ = [
    "DEFAULT_RADIUS_KM",
    "MAX_PAGES",
    "PAGE_SIZE",
    "RADII_KM",
    "Format",
    "Hit",
    "IndexUnavailable",
    "SearchCriteria",
    "SearchResults",
    "Sort",
    "search",
]
