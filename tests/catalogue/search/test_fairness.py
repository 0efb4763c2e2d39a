"""One provider, however many offers it publishes, leaves room for the others."""

import pytest

from catalogue.places import Place
from catalogue.search import Filters, Sort
from catalogue.search.paging import MOST_OF_A_PROVIDER, Row, pages
from tests.factories import CommuneFactory, OfferFactory, ProviderFactory

NANTES = Place("44109", "Nantes (44000)", "44", 47.21725, -1.55336)
TOWNS = {"44143": "Rezé", "44190": "Saint-Sébastien-sur-Loire", "44162": "Saint-Herblain"}


def same_training(provider, certification=None):
    """The same training in Nantes and three towns near it, each named in its title."""
    first = OfferFactory(title="Anglais à Nantes", provider=provider)
    rest = [
        OfferFactory(
            title=f"Anglais à {name}",
            provider=provider,
            certification=certification or first.certification,
            commune=CommuneFactory(code=code, name=name, department="44"),
        )
        for code, name in TOWNS.items()
    ]
    return [first, *rest]


def test_near_identical_offers_are_one_card_that_counts_its_places(index, find):
    same_training(ProviderFactory())
    index()

    results = find("anglais")

    assert (results.total, results.cards, len(results.hits)) == (4, 1, 1)
    assert (results.hits[0].others.offers, results.hits[0].others.places) == (3, 3)


def test_card_shown_is_the_nearest_of_its_twins(index, find):
    same_training(ProviderFactory())
    index()

    hit = find("anglais", place=NANTES).hits[0]

    assert (hit.offer.commune.name, round(hit.distance_km)) == ("Nantes", 0)


def test_twins_in_one_town_count_as_offers_not_as_places(index, find):
    first = OfferFactory(title="Anglais")
    OfferFactory(
        title="Cours d’anglais", provider=first.provider, certification=first.certification
    )
    index()

    others = find("anglais").hits[0].others

    assert (others.offers, others.places) == (1, 0)


@pytest.mark.parametrize("what", ["provider", "certification", "title", "modality"])
def test_offers_that_differ_keep_their_own_card(what, index, find):
    first = OfferFactory(title="Anglais")
    same = {"title": "Anglais", "provider": first.provider, "certification": first.certification}
    if what == "modality":
        OfferFactory(**same, modality="remote", commune=None)
    else:
        OfferFactory(
            **{name: value for name, value in same.items() if name != what}
            | ({"title": "Anglais des affaires"} if what == "title" else {})
        )
    index()

    assert len(find("anglais").hits) == 2


def test_page_shows_three_cards_of_a_provider_at_most(index, find):
    big = ProviderFactory()
    for number in range(10):
        OfferFactory(title=f"Anglais module {number}", provider=big)
    small = [OfferFactory(title="Anglais pour tous les métiers du commerce") for _ in range(5)]
    index()

    results = find("anglais")

    providers = [hit.offer.provider for hit in results.hits]
    assert providers.count(big) == MOST_OF_A_PROVIDER
    assert {offer.provider for offer in small} <= set(providers)
    found = [
        hit.offer.pk
        for n in range(1, results.last_page + 1)
        for hit in find("anglais", page=n).hits
    ]
    assert len(found) == len(set(found)) == 15


def test_only_provider_fills_its_pages(index, find):
    provider = ProviderFactory()
    for number in range(10):
        OfferFactory(title=f"Anglais module {number}", provider=provider)
    index()

    assert len(find("anglais").hits) == 10
    assert len(find("anglais", filters=Filters(provider=provider.siret)).hits) == 10


def test_price_order_is_not_disturbed(index, find):
    provider = ProviderFactory()
    for number in range(5):
        OfferFactory(
            title=f"Anglais module {number}", provider=provider, price_cents=100_00 + number
        )
    OfferFactory(title="Anglais", price_cents=900_00)
    index()

    prices = [hit.offer.price_cents for hit in find("anglais", sort=Sort.PRICE).hits]

    assert prices == sorted(prices)
    assert len(prices) == 6


def test_pages_hold_each_row_once_whatever_the_providers():
    rows = [Row(n, 0, n, n % 7 if n % 3 else 0) for n in range(200)]

    cut = pages(rows, is_shared=True)

    assert sorted(row.pk for page in cut for row in page) == list(range(200))
    for page in cut:
        assert len(page) <= 12
        assert max([row.provider_id for row in page].count(n) for n in range(7)) <= 3
