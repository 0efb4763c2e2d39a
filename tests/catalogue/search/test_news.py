import pytest

from catalogue.models import Offer
from catalogue.places import Place
from catalogue.search import Filters, IndexUnavailable, SearchCriteria, newest_offer, news_of
from tests.factories import CommuneFactory, OfferFactory, ProviderFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def told(index, today):
    """Return the titles that are new for a search, once the offers of a first time are known."""

    def told(words="", *, after=0, **criteria):
        index()
        news = news_of(SearchCriteria(words=words, **criteria), after=after, today=today)
        return [hit.offer.title for hit in news.hits]

    return told


def test_only_what_came_after_is_new(told):
    old = OfferFactory(title="Anglais débutant")
    OfferFactory(title="Anglais avancé")

    assert sorted(told("anglais")) == ["Anglais avancé", "Anglais débutant"]
    assert told("anglais", after=old.pk) == ["Anglais avancé"]
    assert told("anglais", after=old.pk + 1) == []


def test_offer_that_changes_is_not_new(told):
    offer = OfferFactory(title="Anglais débutant", price_cents=100_00)
    offer.price_cents = 90_00
    offer.save()

    assert told("anglais", after=offer.pk) == []


def test_all_the_words_are_needed(told):
    """A page shows the rest of a poor search; a mail does not."""
    OfferFactory(title="Massage aux pierres chaudes")
    OfferFactory(title="CAP Tailleur de pierre")

    assert told("tailleur de pierre") == ["CAP Tailleur de pierre"]
    assert told("tailleur de zyxwv") == []


def test_place_and_filters_hold(told):
    nantes, far = (
        CommuneFactory(),
        CommuneFactory(
            code="31555", name="Toulouse", department="31", latitude=43.6, longitude=1.4
        ),
    )
    OfferFactory(title="Anglais à Nantes", commune=nantes, price_cents=500_00)
    OfferFactory(title="Anglais à Toulouse", commune=far, price_cents=500_00)
    OfferFactory(title="Anglais cher à Nantes", commune=nantes, price_cents=5000_00)
    place = Place("44109", "Nantes (44000)", "44", nantes.latitude, nantes.longitude)

    assert told("anglais", place=place, filters=Filters(price_to_cents=1000_00)) == [
        "Anglais à Nantes"
    ]


def test_offer_withdrawn_since_it_was_indexed_is_not_told(index, today):
    offer = OfferFactory(title="Anglais")
    index()
    Offer.objects.filter(pk=offer.pk).update(removed_at="2026-11-22T10:00:00Z")

    assert news_of(SearchCriteria("anglais"), after=0, today=today).hits == []


def test_a_provider_has_three_lines_and_one_for_its_twins(index, today):
    provider = ProviderFactory()
    for number in (0, 0, 1, 2, 3, 4):
        OfferFactory(title=f"Anglais niveau {number}", provider=provider, certification=None)
    OfferFactory(title="Anglais ailleurs")
    index()

    news = news_of(SearchCriteria("anglais"), after=0, today=today)

    assert news.total == 6
    assert sum(hit.offer.provider == provider for hit in news.hits) == 3


def test_newest_offer_is_the_last_of_the_index(index, today):
    index()
    assert newest_offer() == 0
    last = [OfferFactory(title="Anglais") for _ in range(3)][-1]
    index()

    assert newest_offer() == last.pk
    assert news_of(SearchCriteria("rien"), after=0, today=today).newest == last.pk
    assert news_of(SearchCriteria("rien"), after=10**9, today=today).newest == 10**9


def test_without_an_index_nothing_is_read(today):
    with pytest.raises(IndexUnavailable):
        news_of(SearchCriteria("anglais"), after=0, today=today)
