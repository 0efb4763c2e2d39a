"""The offers as the index reads them: rows, since instances of the models cost four times as much.

Providers, certifications and communes are few beside the offers: they are read once for all.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple, Protocol

from django.db.models import Model, QuerySet

from catalogue.models import Certification, Commune, Offer, Provider, Session, SessionState

CHUNK = 2000
COLUMNS = (
    *("pk", "public_id", "title", "highlights", "objectives", "content", "results", "skills"),
    *("modality", "department", "latitude", "longitude", "is_accessible"),
    *("price_cents", "price_max_cents", "hours", "entry_level", "exit_level"),
    *("rome_codes", "provider_id", "certification_id", "commune_id"),
)


class Placed(Protocol):
    """What tells where an offer is and which training it is: a row, or an instance of Offer."""

    title: str
    modality: str
    department: str
    provider_id: int
    certification_id: int | None
    commune: Any


class ProviderRow(NamedTuple):
    pk: int
    siret: str
    name: str


class CertificationRow(NamedTuple):
    pk: int
    code: str
    kind: str
    title: str
    level: int | None
    jobs: str
    rome_codes: str


class CommuneRow(NamedTuple):
    pk: str
    name: str
    department: str
    region: str
    latitude: float
    longitude: float

    @property
    def code(self) -> str:
        return self.pk


class SessionRow(NamedTuple):
    """A session that is open."""

    is_permanent: bool
    starts_on: date | None

    def is_upcoming(self, today: date) -> bool:
        return self.is_permanent or (self.starts_on is not None and self.starts_on >= today)


@dataclass(slots=True)
class OfferRow:
    """The columns of an offer, then what it refers to; `sessions` are the open ones, nearest first."""

    pk: int
    public_id: str
    title: str
    highlights: str
    objectives: str
    content: str
    results: str
    skills: str
    modality: str
    department: str
    latitude: float | None
    longitude: float | None
    is_accessible: bool
    price_cents: int
    price_max_cents: int | None
    hours: int | None
    entry_level: int | None
    exit_level: int | None
    rome_codes: str
    provider_id: int
    certification_id: int | None
    commune_id: str | None
    provider: ProviderRow
    certification: CertificationRow | None
    commune: CommuneRow | None
    sessions: Sequence[SessionRow] = ()

    def upcoming_sessions(self, today: date) -> list[SessionRow]:
        """Sessions that can still be joined, permanent entries first, then the nearest."""
        upcoming = [session for session in self.sessions if session.is_upcoming(today)]
        return sorted(upcoming, key=lambda session: not session.is_permanent)


class Reading:
    """Reads offers with what they refer to, each provider, certification and commune once."""

    def __init__(self) -> None:
        self._providers: dict[int, ProviderRow] = {}
        self._certifications: dict[int, CertificationRow] = {}
        self._communes: dict[str, CommuneRow] = {}

    def published(self) -> Iterator[OfferRow]:
        """Yield all the published offers by key, in chunks that are each read in a few queries."""
        last = 0
        published = Offer.objects.published().order_by("pk")
        while found := list(published.filter(pk__gt=last).values_list(*COLUMNS)[:CHUNK]):
            first, last = found[0][0], found[-1][0]
            yield from self._joined(
                found, Session.objects.filter(offer__gte=first, offer__lte=last)
            )

    def published_among(self, pks: Collection[int]) -> Iterator[OfferRow]:
        """Yield those of these offers that are published; CHUNK of them at most."""
        found = list(Offer.objects.published().filter(pk__in=pks).values_list(*COLUMNS))
        yield from self._joined(found, Session.objects.filter(offer_id__in=[r[0] for r in found]))

    def _joined(self, found: list[tuple], sessions: QuerySet[Session]) -> Iterator[OfferRow]:
        if not found:
            return
        providers, certifications, communes = [*zip(*found, strict=True)][-3:]
        _complete(self._providers, Provider, ProviderRow, providers)
        _complete(self._certifications, Certification, CertificationRow, certifications)
        _complete(self._communes, Commune, CommuneRow, communes)
        by_offer = _by_offer(sessions)
        for values in found:
            pk, provider_id, certification_id, commune_id = values[0], *values[-3:]
            if provider := self._providers.get(provider_id):  # else deleted since: it is recorded
                certification = self._certifications.get(certification_id)
                commune, held = self._communes.get(commune_id), by_offer.get(pk, ())
                yield OfferRow(*(*values, provider, certification, commune, held))


def _complete(
    known: dict, model: type[Model], form: type[NamedTuple], keys: Iterable[int | str | None]
) -> None:
    """Read the rows of these keys that are not known yet."""
    missing = set(keys) - known.keys() - {None}
    for values in model._default_manager.filter(pk__in=missing).values_list(*form._fields):
        known[values[0]] = form._make(values)


def _by_offer(sessions: QuerySet[Session]) -> dict[int, list[SessionRow]]:
    held = defaultdict(list)
    open_ones = sessions.filter(state=SessionState.OPEN).order_by("offer_id", "starts_on", "pk")
    for offer_id, *values in open_ones.values_list("offer_id", *SessionRow._fields):
        held[offer_id].append(SessionRow._make(values))
    return held
