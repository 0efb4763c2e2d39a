"""Which offers changed, and so must be indexed again.

The rows are written in the transaction of the change itself, by `save` and `delete` of what the index
holds: nothing indexed is lost, nothing rolled back is indexed. They stay for RETENTION, because each
web node keeps an index of its own and remembers which rows it has applied (catalogue.search.indexing).
"""

from collections.abc import Iterable
from datetime import timedelta
from functools import wraps
from itertools import islice

from django.db import models, transaction

RETENTION = timedelta(days=7)
BATCH = 1000  # rows in memory at once: an import may change them all


class OfferChangeQuerySet(models.QuerySet):
    def record(self, offer_ids: Iterable[int]) -> None:
        """Note, in the caller's transaction, that these offers were added, changed or removed.

        To be called by whoever writes in bulk (`bulk_create`, SQL); `save`, `delete` and
        `QuerySet.update` do it by themselves. The index follows once the transaction commits.
        """
        ids = iter(set(offer_ids))
        has_any = False
        while batch := [OfferChange(offer_id=pk) for pk in islice(ids, BATCH)]:
            self.bulk_create(batch)
            has_any = True
        if has_any:
            self.follow()

    def follow(self) -> None:
        """Let the index follow what is recorded, once the caller's transaction commits."""
        # robust: what was saved stays saved, even if the task cannot be queued
        transaction.on_commit(start_indexing, robust=True)


class OfferChange(models.Model):
    # no foreign key: the offer may be gone
    offer_id = models.BigIntegerField()
    created_at = models.DateTimeField(auto_now_add=True, db_index=True)

    objects = OfferChangeQuerySet.as_manager()

    class Meta:
        verbose_name = "offre à indexer"
        verbose_name_plural = "offres à indexer"

    def __str__(self):
        return f"changement n° {self.pk}"


def start_indexing() -> None:
    from catalogue.tasks import apply_changes  # noqa: PLC0415 the task reads the models, which read this

    apply_changes.enqueue()


def _recording(write):
    """Record the offers that the rows reach, before the write as after it."""

    @wraps(write)
    def wrapper(self, *args, **kwargs):
        with transaction.atomic(savepoint=False):
            before = self.offer_ids()
            result = write(self, *args, **kwargs)
            OfferChange.objects.record(before | self.offer_ids())
        return result

    return wrapper


class IndexedQuerySet(models.QuerySet):
    """Rows that the index holds: writing them records the offers to index again."""

    def offer_ids(self) -> set[int]:
        ids = self.order_by().values_list(self.model.offer_path, flat=True)
        return {pk for pk in ids.iterator() if pk is not None}

    delete = _recording(models.QuerySet.delete)
    # As in Django: `Offer.objects.delete()` must not exist.
    delete.queryset_only = True
    delete.alters_data = True
    update = _recording(models.QuerySet.update)
    update.alters_data = True


class IndexedModel(models.Model):
    """A row that the index holds; `offer_path` is the look-up that leads from it to its offers."""

    offer_path: str

    objects = IndexedQuerySet.as_manager()

    class Meta:
        abstract = True

    def offer_ids(self) -> set[int]:
        if self.pk is None:
            return set()
        return type(self).objects.filter(pk=self.pk).offer_ids()

    save = _recording(models.Model.save)
    save.alters_data = True
    delete = _recording(models.Model.delete)
    delete.alters_data = True
