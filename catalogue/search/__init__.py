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

__all__ = [
    "DEFAULT_RADIUS_KM",
    "RADII_KM",
    "Format",
    "Hit",
    "IndexUnavailable",
    "SearchCriteria",
    "SearchResults",
    "Sort",
    "search",
]
