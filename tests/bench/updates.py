"""How long changed offers take to reach the index, beside the queue and the second of the readers."""

from django.utils import timezone

from catalogue.changes import OfferChange
from catalogue.models import Offer
from catalogue.search import SearchCriteria, indexing, search
from tests.bench.table import Table
from tests.clock import own_time

MANY = 10_000


def measure(table: Table) -> None:
    offer = Offer.objects.published().earliest("pk")
    title = offer.title
    try:
        offer.title = "Zythologie appliquée"
        started = own_time()
        offer.save()  # in development the task that follows runs at once
        while not search(SearchCriteria(words="zythologie"), today=timezone.localdate()).total:
            indexing.apply_changes()
        table.at_most("une offre changée, trouvée", own_time() - started, 60, " s")
    finally:
        Offer.objects.filter(pk=offer.pk).update(title=title)
    pks = Offer.objects.published().order_by("pk").values_list("pk", flat=True)[:MANY]
    OfferChange.objects.bulk_create(OfferChange(offer_id=pk) for pk in pks)
    started = own_time()
    indexing.apply_changes()
    table.at_most(f"{MANY} offres changées, indexées", own_time() - started, 5, " s")
