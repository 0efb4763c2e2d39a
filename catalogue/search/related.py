"""Offers that belong to another one: the same training elsewhere, and what else leads to the same place."""

from tantivy import Occur, Query

from catalogue.models import Offer
from catalogue.search import twins
from catalogue.search.facets import department_of
from catalogue.search.ordering import numbers
from catalogue.search.schema import OFFERS
from catalogue.search.snapshot import readable, snapshot

MOST_PLACES = 50
MOST_SIMILAR = 4


def same_training(offer: Offer) -> list[Offer]:
    """Return the near-identical offers of its provider, by town; IndexUnavailable without an index."""
    query = Query.term_query(OFFERS, "twin", twins.number(offer), "basic")
    found = _loaded(_keys(query, MOST_PLACES + 1), offer)
    return sorted(found, key=lambda other: (other.commune.name if other.commune else "", other.pk))


def similar(offer: Offer) -> list[Offer]:
    """Return other providers’ offers of the same certification, those of its town first."""
    if not offer.certification:
        return []
    same = Query.term_query(OFFERS, "code", offer.certification.code.lower(), "basic")
    own = Query.term_query(OFFERS, "provider_id", offer.provider_id, "basic")
    parts = [(Occur.Must, Query.const_score_query(same, 1.0)), (Occur.MustNot, own)]
    if department := department_of(offer):
        near = Query.term_query(OFFERS, "department", department, "basic")
        parts.append((Occur.Should, Query.const_score_query(near, 1.0)))
    keys = _keys(Query.boolean_query(parts), MOST_SIMILAR)
    by_key = {other.pk: other for other in _loaded(keys, offer)}
    return [by_key[key] for key in keys if key in by_key]


def _keys(query: Query, most: int) -> list[int]:
    with readable():
        offers = snapshot().offers
        addresses = [address for _score, address in offers.search(query, most).hits]
        return numbers(offers, "pk", addresses)


def _loaded(keys: list[int], offer: Offer) -> list[Offer]:
    found = Offer.objects.published().filter(pk__in=keys).exclude(pk=offer.pk)
    return list(found.select_related("provider", "commune"))
