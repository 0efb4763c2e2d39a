"""What state the index of this machine is in, and what went wrong last."""

from dataclasses import dataclass
from datetime import UTC, datetime

from catalogue.changes import OfferChange
from catalogue.search import generations, indexing, snapshot
from catalogue.search.generations import IndexUnavailable, State


@dataclass(frozen=True)
class Health:
    """The published generation, if there is one, and what it does not hold yet."""

    generation: str = ""
    offers: int | None = None
    built_at: datetime | None = None
    updated_at: datetime | None = None
    # offers changed and not written yet, and since when the oldest of them waits
    late: int = 0
    late_since: datetime | None = None
    error: str = ""
    error_at: datetime | None = None


def health() -> Health:
    """Return the state of the index of this machine, with one without a generation where none is readable."""
    error, error_at = generations.last_error()
    try:
        folder = generations.current()
        state = State.of(folder)
        offers = snapshot.searcher(folder / "offers").num_docs
    except IndexUnavailable as unavailable:
        return Health(error=error or str(unavailable), error_at=error_at)
    late = indexing.unapplied(state)
    first = min((pk for pk, _offer in late), default=0)
    oldest = OfferChange.objects.filter(pk=first).values_list("created_at", flat=True).first()
    return Health(
        generation=folder.name,
        offers=offers,
        built_at=datetime.fromtimestamp(state.built_at, UTC),
        updated_at=datetime.fromtimestamp(state.updated_at, UTC),
        late=len({offer for _pk, offer in late}),
        late_since=oldest,
        error=error,
        error_at=error_at,
    )
