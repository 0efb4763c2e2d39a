"""The offers of a page, read from the database once for each state of each that the index has seen."""

import threading
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from catalogue.models import Offer
from catalogue.search.paging import Row

T = TypeVar("T")

KEPT = 3000  # about 10 MB with their cards
# What a card does not show, and the heaviest part of an offer.
LONG_TEXTS = (
    *("objectives", "content", "results", "access_conditions", "skills", "highlights"),
    *("rhythm", "admission", "teaching_methods", "accessibility"),
)


@dataclass
class Kept:
    """An offer with its provider, town and sessions; `shown` is for what is rendered of it."""

    offer: Offer
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


# By the key of the offer and the version that the index gave it, which any change renews.
shelf: Shelf[Kept] = Shelf(KEPT)


def load(page: Iterable[Row]) -> dict[int, Kept]:
    """Return the offers of a page by key, without those withdrawn since they were indexed.

    One query when all are on the shelf, else two.
    """
    rows = {row.pk: row for row in page}
    held = {pk: kept for pk, row in rows.items() if (kept := shelf.get((row.pk, row.version)))}
    published = Offer.objects.published().filter(pk__in=rows)
    if len(held) == len(rows):
        return {pk: held[pk] for pk in published.values_list("pk", flat=True)} if rows else {}
    found = {offer.pk: Kept(offer) for offer in published.for_display().defer(*LONG_TEXTS)}
    for pk, kept in found.items():
        shelf.put((pk, rows[pk].version), kept)
    return found
