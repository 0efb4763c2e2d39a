"""How long changed offers take to reach the index, beside the queue and the second of the readers."""

import time

from django.utils import timezone

from catalogue.changes import OfferChange
from catalogue.models import Offer
from catalogue.search import SearchCriteria, indexing, search
from tests.bench.table import Table

MANY = 10_000


def measure(table: Table) -> None:
    offer = Offer.objects.published().earliest("pk")
    title = offer.title
    try:
        offer.title = "Zythologie appliquée"
        started = time.perf_counter()
        offer.save()  # in development the task that follows runs at once
        while not search(SearchCriteria(words="zythologie"), today=timezone.localdate()).total:
            indexing.apply_changes()
        table.at_most("une offre changée, trouvée", time.perf_counter() - started, 60, " s")
    finally:
        Offer.objects.filter(pk=offer.pk).update(title=title)
    pks = Offer.objects.published().order_by("pk").values_list("pk", flat=True)[:MANY]
    OfferChange.objects.bulk_create(OfferChange(offer_id=pk) for pk in pks)
    started = time.perf_counter()
    indexing.apply_changes()
    table.at_most(f"{MANY} offres changées, indexées", time.perf_counter() - started, 5, " s")
