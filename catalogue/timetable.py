"""When and where a training takes place: its sessions by month, its other places by town."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from django.db.models import Prefetch, prefetch_related_objects
from django.utils.formats import date_format

from catalogue.models import Modality, Offer, Session
from catalogue.places.departments import DEPARTMENTS
from cpf_portal.ui.formats import NO_BREAK_SPACE, date_fr

MOST_DATES = 3  # named for each other place; the next ones are counted
PERMANENT = "Entrées permanentes"


@dataclass(frozen=True)
class Month:
    """Sessions that begin in one month, in the order of their dates; or permanent entries, untitled."""

    title: str
    sessions: list[Session]


@dataclass(frozen=True)
class Place:
    """An offer of the same training: where it is, and when it next begins."""

    offer: Offer
    label: str
    dates: str


def months(sessions: Iterable[Session]) -> list[Month]:
    """Return the sessions by the month of their start, permanent entries first."""
    ordered = sorted(sessions, key=_order)
    return [Month(title, list(group)) for title, group in groupby(ordered, key=_month)]


def places(offers: Sequence[Offer], today: date) -> list[Place]:
    """Return offers of one training by town, then by their next start; one query for the sessions."""
    prefetch_related_objects(offers, Prefetch("sessions", Session.objects.upcoming(today)))
    found = [(place_label(offer), offer.upcoming_sessions(today), offer) for offer in offers]
    found.sort(key=lambda item: (item[0], [_order(session) for session in item[1][:1]], item[2].pk))
    labels = [label for label, *_ in found]
    return [
        Place(offer, _told_apart(offer, label, labels), _dates(upcoming))
        for label, upcoming, offer in found
    ]


def place_label(offer: Offer) -> str:
    """Return « 44000 Nantes », « Haute-Garonne (31), ville non précisée » or « À distance »."""
    if offer.modality == Modality.REMOTE:
        return "À distance"
    if offer.commune:
        name = offer.commune.name.removesuffix(" Arrondissement")
        return f"{offer.commune.postcode} {name}".strip()
    return f"{DEPARTMENTS.get(offer.department, '')} ({offer.department}), ville non précisée"


def _told_apart(offer: Offer, label: str, labels: Sequence[str]) -> str:
    """Add the address where several offers are in the same town."""
    street = " ".join(offer.address.split())
    return f"{label}, {street}" if street and labels.count(label) > 1 else label


def _dates(upcoming: Sequence[Session]) -> str:
    if not upcoming:
        return "pas de session annoncée"
    named = dict.fromkeys(
        date_fr(s.starts_on) if s.starts_on and not s.is_permanent else PERMANENT.lower()
        for s in upcoming
    )
    told = ", ".join([*named][:MOST_DATES])
    more = len(named) - MOST_DATES
    if more <= 0:
        return told
    plural = "s" if more > 1 else ""
    return f"{told} et {more}{NO_BREAK_SPACE}autre{plural} date{plural}"


def _order(session: Session) -> tuple[bool, date, date, int]:
    starts_on = session.starts_on or date.max
    ends_on = session.ends_on or date.max
    return not session.is_permanent, starts_on, ends_on, session.pk


def _month(session: Session) -> str:
    if session.is_permanent or session.starts_on is None:
        return ""
    return date_format(session.starts_on, "F Y").capitalize()
