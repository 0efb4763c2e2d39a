"""The offers of a page, read from the database once for each state of each that the index has seen."""

import threading
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass, field

from catalogue.models import Offer
from catalogue.search.paging import Row

KEPT = 3000  # about 10 MB with their cards
# What a card does not show, and the heaviest part of an offer.
LONG_TEXTS = ("objectives", "content", "results", "access_conditions", "skills", "highlights")


@dataclass
class Kept:
    """An offer with its provider, town and sessions; `shown` is for what is rendered of it."""

    offer: Offer
    shown: dict = field(default_factory=dict)


class Shelf:
    """The offers used last by this process, by their key and the version that the index gave them.

    Any change to what is shown of an offer gives it another version: nothing here is ever stale for
    longer than the index is.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: OrderedDict[tuple[int, int], Kept] = OrderedDict()

    def get(self, row: Row) -> Kept | None:
        with self._lock:
            kept = self._kept.get((row.pk, row.version))
            if kept:
                self._kept.move_to_end((row.pk, row.version))
            return kept

    def put(self, row: Row, kept: Kept) -> None:
        with self._lock:
            self._kept[row.pk, row.version] = kept
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)

    def clear(self) -> None:
        with self._lock:
            self._kept.clear()


shelf = Shelf()


def load(page: Iterable[Row]) -> dict[int, Kept]:
    """Return the offers of a page by key, without those withdrawn since they were indexed.

    One query when all are on the shelf, else two.
    """
    rows = {row.pk: row for row in page}
    held = {pk: kept for pk, row in rows.items() if (kept := shelf.get(row))}
    published = Offer.objects.published().filter(pk__in=rows)
    if len(held) == len(rows):
        return {pk: held[pk] for pk in published.values_list("pk", flat=True)} if rows else {}
    found = {offer.pk: Kept(offer) for offer in published.for_display().defer(*LONG_TEXTS)}
    for pk, kept in found.items():
        shelf.put(rows[pk], kept)
    return found
