"""What the database itself refuses of the catalogue, in French."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from catalogue.models import Offer, Provider
from catalogue.urls import urlpatterns
from tests.factories import OfferFactory, ProviderFactory

WRONG = [
    (Offer, {"price_cents": 1_000_000_01}, "Le prix va de 0 à"),
    (Offer, {"price_max_cents": 1_000_000_01}, "Le prix maximal va de 0 à"),
    (Offer, {"public_id": "lieux"}, "celui d’une page du portail"),
    (Provider, {"siret": "0000000000001A"}, "Un SIRET compte 14 chiffres"),
    (Provider, {"siret": "1" * 13 + "\n"}, "Un SIRET compte 14 chiffres"),
    (Provider, {"siret": "١" * 14}, "Un SIRET compte 14 chiffres"),
]


@pytest.mark.parametrize(("model", "values", "said"), WRONG)
def test_wrong_values_are_refused_and_said_so(model, values, said, db):
    row = OfferFactory() if model is Offer else ProviderFactory()
    for name, value in values.items():
        setattr(row, name, value)

    with pytest.raises(ValidationError, match=said):
        row.validate_constraints()
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()


def test_bounds_themselves_are_taken(db):
    offer = OfferFactory(price_cents=0, price_max_cents=1_000_000_00, public_id="lieux/1")

    offer.full_clean()


def test_no_page_can_hide_an_offer(db):
    pages = {str(route.pattern).rstrip("/") for route in urlpatterns} - {""}
    (ids,) = [
        constraint.condition.children[0][1]
        for constraint in Offer._meta.constraints
        if constraint.name == "offer_public_id_is_not_a_page"
    ]

    assert {page for page in pages if "<" not in page} <= set(ids)
