import pytest

from catalogue.models import Certification, Offer, Provider, Session
from tests.factories import OfferFactory, SessionFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("model", [Provider, Certification, Offer, Session])
def test_offers_of_changed_rows_are_those_they_reach(model):
    session = SessionFactory()
    OfferFactory()
    row = {
        Provider: session.offer.provider,
        Certification: session.offer.certification,
        Offer: session.offer,
        Session: session,
    }[model]

    assert model.objects.filter(pk=row.pk).offer_ids() == {session.offer_id}


def test_row_without_offers_reaches_none():
    provider = OfferFactory().provider
    Offer.objects.all().delete()

    assert Provider.objects.filter(pk=provider.pk).offer_ids() == set()


def test_offers_of_sessions_are_read_from_the_sessions_alone(django_assert_num_queries):
    """A nested look-up held PostgreSQL for minutes when it had no statistics."""
    SessionFactory()

    with django_assert_num_queries(1) as queries:
        Session.objects.filter(number__startswith="S").offer_ids()

    assert "catalogue_offer" not in queries[0]["sql"]
