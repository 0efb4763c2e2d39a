"""The offers of a page, read from the database once a day for each state that the index has seen."""

import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Generic, TypeVar

from django.db import connection
from django.db.models import OuterRef, QuerySet, Subquery

from catalogue.models import Offer, Session
from catalogue.search.paging import PAGE_SIZE

T = TypeVar("T")

KEPT = 3000  # about 10 MB with their cards
# What a card does not show, and the heaviest part of an offer.
LONG_TEXTS = (
    *("objectives", "content", "results", "access_conditions", "skills", "highlights"),
    *("rhythm", "admission", "teaching_methods", "accessibility"),
)
# Of the next session, what a card shows.
SESSION_COLUMNS = ("pk", "is_permanent", "starts_on")


@dataclass
class Kept:
    """An offer with its provider and town, as of a day; `shown` is for what is rendered of it."""

    offer: Offer
    # permanent entries, or the nearest session that can still be joined
    next_session: Session | None
    shown: dict = field(default_factory=dict)


class Shelf(Generic[T]):
    """What was used last by this process, by a key that changes with the thing: never stale."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._kept: OrderedDict[tuple, T] = OrderedDict()

    def get(self, key: tuple) -> T | None:
        with self._lock:
            kept = self._kept.get(key)
            if kept is not None:
                self._kept.move_to_end(key)
            return kept

    def put(self, key: tuple, kept: T) -> T:
        with self._lock:
            self._kept[key] = kept
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
        return kept

    def clear(self) -> None:
        with self._lock:
            self._kept.clear()


# By the key of the offer, the version that the index gave it, which any change renews, and the day.
shelf: Shelf[Kept] = Shelf(KEPT)


def load(versions: Mapping[int, int], today: date) -> dict[int, Kept]:
    """Return the offers of a page by key, without those withdrawn since they were indexed.

    `versions` holds their keys. One query, whatever is on the shelf.
    """
    if not versions:
        return {}
    held = {pk: shelf.get((pk, version, today)) for pk, version in versions.items()}
    if all(held.values()):
        return {pk: kept for pk in _published(list(versions)) if (kept := held[pk])}
    published = Offer.objects.published().filter(pk__in=versions)
    return {
        offer.pk: shelf.put((offer.pk, versions[offer.pk], today), Kept(offer, _next(offer)))
        for offer in _with_next_session(published, today)
    }


def _published(pks: list[int]) -> list[int]:
    """Return those of these offers that the public may see."""
    with connection.cursor() as cursor:
        cursor.execute(_statement(len(pks)), pks)
        return [pk for (pk,) in cursor.fetchall()]


@lru_cache(PAGE_SIZE)
def _statement(count: int) -> str:
    """Return the query of so many offers, compiled once: every page asks it, and it is half of its SQL."""
    offers = Offer.objects.published().filter(pk__in=range(count)).values_list("pk")
    return offers.query.sql_with_params()[0]


def _with_next_session(offers: QuerySet[Offer], today: date) -> QuerySet[Offer]:
    upcoming = Session.objects.filter(offer=OuterRef("pk")).upcoming(today)
    first = upcoming.order_by("-is_permanent", "starts_on", "pk")
    return (
        offers.select_related("provider", "certification", "commune")
        .defer(*LONG_TEXTS)
        .annotate(**{f"next_{name}": Subquery(first.values(name)[:1]) for name in SESSION_COLUMNS})
    )


def _next(offer) -> Session | None:
    values = {name: getattr(offer, f"next_{name}") for name in SESSION_COLUMNS}
    return Session(offer_id=offer.pk, **values) if values["pk"] else None
