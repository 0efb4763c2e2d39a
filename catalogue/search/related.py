"""Offers that belong to another one: the same training elsewhere, and what else leads to the same place."""

from tantivy import Occur, Query

from catalogue.models import Offer
from catalogue.search import twins
from catalogue.search.facets import department_of
from catalogue.search.matching import understand
from catalogue.search.ordering import numbers
from catalogue.search.schema import OFFERS
from catalogue.search.snapshot import readable, snapshot

MOST_PLACES = 50
MOST_SIMILAR = 4
NEAR = 1000.0  # more than any score of words


def same_training(offer: Offer) -> list[Offer]:
    """Return the near-identical offers of its provider, by town; IndexUnavailable without an index."""
    query = Query.term_query(OFFERS, "twin", twins.number(offer), "basic")
    found = _loaded(_keys(query, MOST_PLACES + 1), offer)
    return sorted(found, key=lambda other: (other.commune.name if other.commune else "", other.pk))


def similar(offer: Offer) -> list[Offer]:
    """Return other providers’ offers of the same certification, else of the words of its title.

    Those of its département come first. IndexUnavailable without an index.
    """
    for subject in (_same_certification, _same_words):
        if (same := subject(offer)) is None:
            continue
        keys = _keys(_near_and_of_others(same, offer), MOST_SIMILAR)
        by_key = {other.pk: other for other in _loaded(keys, offer)}
        if found := [by_key[key] for key in keys if key in by_key]:
            return found
    return []


def _same_certification(offer: Offer) -> Query | None:
    if not offer.certification:
        return None
    code = Query.term_query(OFFERS, "code", offer.certification.code.lower(), "basic")
    return Query.const_score_query(code, 1.0)


def _same_words(offer: Offer) -> Query | None:
    with readable():
        match = understand(offer.title, snapshot())
    return match.query if match.has_words and not match.either else None


def _near_and_of_others(same: Query, offer: Offer) -> Query:
    own = Query.term_query(OFFERS, "provider_id", offer.provider_id, "basic")
    parts = [(Occur.Must, same), (Occur.MustNot, own)]
    if department := department_of(offer):
        near = Query.term_query(OFFERS, "department", department, "basic")
        parts.append((Occur.Should, Query.const_score_query(near, NEAR)))
    return Query.boolean_query(parts)


def _keys(query: Query, most: int) -> list[int]:
    with readable():
        offers = snapshot().offers
        addresses = [address for _score, address in offers.search(query, most).hits]
        return numbers(offers, "pk", addresses)


def _loaded(keys: list[int], offer: Offer) -> list[Offer]:
    found = Offer.objects.published().filter(pk__in=keys).exclude(pk=offer.pk)
    return list(found.select_related("provider", "commune"))
