"""Formats, places, orders and pages: what the words have nothing to do with."""

from datetime import timedelta

import pytest

from catalogue.models import Modality, Offer, SessionState
from catalogue.places import Place, communes_within
from catalogue.search import MAX_PAGES, PAGE_SIZE, Format, Sort
from catalogue.search.loading import shelf
from tests.factories import CommuneFactory, OfferFactory, ProviderFactory, SessionFactory

TOULOUSE = Place("31555", "Toulouse (31000)", "31", latitude=43.6007, longitude=1.4328)
HAUTE_GARONNE = Place(None, "Haute-Garonne (31)", "31")


@pytest.fixture
def toulouse():
    return _commune("31555", "Toulouse", 43.6007, 1.4328)


@pytest.fixture
def blagnac():
    """6.3 km from Toulouse."""
    return _commune("31069", "Blagnac", 43.6376, 1.3736)


@pytest.fixture
def montauban():
    """47.2 km from Toulouse, in another département."""
    return _commune("82121", "Montauban", 44.0223, 1.3640, department="82")


def _commune(code, name, latitude, longitude, department="31"):
    return CommuneFactory(
        code=code, name=name, latitude=latitude, longitude=longitude, department=department
    )


# --- Formats ---------------------------------------------------------------------------------


@pytest.fixture
def three_formats(index, toulouse):
    for title, modality in [
        ("Sur place", Modality.ON_SITE),
        ("Mixte", Modality.MIXED),
        ("Loin", Modality.REMOTE),
    ]:
        OfferFactory(title=title, modality=modality, commune=toulouse)
    index()


@pytest.mark.usefixtures("three_formats")
@pytest.mark.parametrize(
    ("criteria", "expected"),
    [
        ({}, {"Sur place", "Mixte", "Loin"}),
        ({"format": Format.CENTRE}, {"Sur place", "Mixte"}),
        ({"format": Format.DISTANCE}, {"Loin"}),
        # a remote training is near nobody, even when its provider gave a commune
        ({"place": TOULOUSE}, {"Sur place", "Mixte"}),
        ({"place": HAUTE_GARONNE}, {"Sur place", "Mixte"}),
    ],
)
def test_format_keeps_what_it_names(criteria, expected, titles):
    assert set(titles(**criteria)) == expected


# --- Places ----------------------------------------------------------------------------------


@pytest.fixture
def three_towns(index, toulouse, blagnac, montauban):
    for commune in (montauban, toulouse, blagnac):
        OfferFactory(title=commune.name, commune=commune)
    index()


@pytest.mark.usefixtures("three_towns")
@pytest.mark.parametrize(
    ("radius_km", "expected"),
    [
        (5, ["Toulouse"]),
        (10, ["Toulouse", "Blagnac"]),
        (30, ["Toulouse", "Blagnac"]),
        (50, ["Toulouse", "Blagnac", "Montauban"]),
    ],
)
def test_radius_keeps_the_communes_within(radius_km, expected, titles):
    assert titles(place=TOULOUSE, radius_km=radius_km, sort=Sort.DISTANCE) == expected


def test_radius_is_exact_on_both_sides(index, find, toulouse, montauban):
    OfferFactory(commune=montauban)
    index()
    exact = communes_within(TOULOUSE.latitude, TOULOUSE.longitude, 100)["82121"]

    assert find(place=TOULOUSE, radius_km=exact + 0.001).total == 1
    assert find(place=TOULOUSE, radius_km=exact - 0.001).total == 0


@pytest.mark.usefixtures("three_towns")
def test_hits_carry_their_distance(find):
    hits = find(place=TOULOUSE, radius_km=50, sort=Sort.DISTANCE).hits

    assert [round(hit.distance_km, 1) for hit in hits] == [0.0, 6.3, 47.2]
    assert {hit.distance_km for hit in find().hits} == {None}


@pytest.mark.usefixtures("three_towns")
def test_department_holds_all_its_communes_and_no_distance(find):
    results = find(place=HAUTE_GARONNE)

    assert {hit.offer.title for hit in results.hits} == {"Toulouse", "Blagnac"}
    assert {hit.distance_km for hit in results.hits} == {None}


@pytest.mark.usefixtures("three_towns")
def test_place_where_nothing_is_finds_nothing(find):
    nowhere = Place("97501", "Miquelon (97500)", "975", latitude=47.1, longitude=-56.4)

    assert find(place=nowhere).total == 0


def test_corsican_commune_is_found(index, find):
    ajaccio = _commune("2A004", "Ajaccio", 41.9347, 8.7010, department="2A")
    OfferFactory(commune=ajaccio)
    index()

    assert find(place=Place("2A004", "Ajaccio (20000)", "2A", 41.9347, 8.7010)).total == 1
    assert find(place=Place(None, "Corse-du-Sud (2A)", "2A")).total == 1


# --- Orders ----------------------------------------------------------------------------------


def test_equal_words_put_the_nearest_first(index, find, toulouse, blagnac, montauban):
    for commune in (montauban, blagnac, toulouse):
        OfferFactory(title="Anglais", commune=commune)
    index()

    hits = find("anglais", place=TOULOUSE, radius_km=50).hits

    assert [hit.offer.commune for hit in hits] == [toulouse, blagnac, montauban]


def test_better_words_win_over_a_shorter_way(index, titles, toulouse, blagnac):
    OfferFactory(title="Massage", content="Anglais souhaité", commune=toulouse)
    OfferFactory(title="Anglais", commune=blagnac)
    index()

    assert titles("anglais", place=TOULOUSE) == ["Anglais", "Massage"]


def test_price_puts_the_cheapest_first_and_equals_in_order(index, find):
    prices = [105000, 0, 1_000_000_00, 105000, 50]
    offers = [OfferFactory(price_cents=price) for price in prices]
    index()

    expected = sorted(offers, key=lambda offer: (offer.price_cents, offer.pk))
    assert [hit.offer for hit in find(sort=Sort.PRICE).hits] == expected


def test_next_start_puts_the_nearest_session_first(index, titles, today):
    def offer(title, *days, **session):
        made = OfferFactory(title=title)
        for day in days:
            SessionFactory(offer=made, starts_on=today + timedelta(days=day), **session)

    offer("sans session")
    offer("dans un mois", 30, 400)
    offer("passée", -1)
    offer("aujourd’hui", 0)
    offer("complète demain", 1, state=SessionState.CLOSED)
    offer("demain", 200, 1)
    permanent = OfferFactory(title="permanente")
    SessionFactory(offer=permanent, is_permanent=True, starts_on=None, ends_on=None)
    index()

    found = titles(sort=Sort.NEXT_START)

    assert set(found[:2]) == {"aujourd’hui", "permanente"}
    assert found[2:4] == ["demain", "dans un mois"]
    assert set(found[4:]) == {"sans session", "passée", "complète demain"}


def test_next_session_of_a_hit_is_the_one_to_join(index, find, today):
    offer = OfferFactory()
    SessionFactory(offer=offer, starts_on=today - timedelta(days=1))
    SessionFactory(offer=offer, starts_on=today + timedelta(days=1), state=SessionState.SUSPENDED)
    joinable = SessionFactory(offer=offer, starts_on=today + timedelta(days=2))
    index()

    assert find().hits[0].next_session == joinable


def test_distance_without_a_town_falls_back(index, find):
    OfferFactory(title="Anglais")
    index()

    assert find("anglais", sort=Sort.DISTANCE).sort == Sort.RELEVANCE
    assert find(sort=Sort.DISTANCE).sort == Sort.NEXT_START
    assert find(sort=Sort.DISTANCE, place=HAUTE_GARONNE).sort == Sort.NEXT_START


def test_no_words_need_another_order_than_relevance(index, find, toulouse):
    OfferFactory(commune=toulouse)
    index()

    assert find().sort == Sort.NEXT_START
    assert find(place=TOULOUSE).sort == Sort.DISTANCE


# --- Pages -----------------------------------------------------------------------------------


@pytest.mark.parametrize("sort", Sort)
def test_pages_hold_every_offer_once(sort, index, find, toulouse, blagnac, today):
    provider = ProviderFactory()
    offers = [
        OfferFactory(title="Anglais", provider=provider, commune=commune)
        for commune in [toulouse, blagnac] * 15
    ]
    for offer in offers[::3]:
        SessionFactory(offer=offer, starts_on=today + timedelta(days=offer.pk % 3))
    index()

    pages = [find("anglais", place=TOULOUSE, sort=sort, page=page) for page in (1, 2, 3)]

    assert [page.total for page in pages] == [30, 30, 30]
    assert [len(page.hits) for page in pages] == [PAGE_SIZE, PAGE_SIZE, 30 - 2 * PAGE_SIZE]
    found = [hit.offer.pk for page in pages for hit in page.hits]
    assert sorted(found) == sorted(offer.pk for offer in offers)


@pytest.mark.parametrize("sort", Sort)
@pytest.mark.parametrize("page", [2, MAX_PAGES, MAX_PAGES + 1, 10**30])
def test_page_too_far_is_empty_and_knows_the_last(page, sort, index, find, toulouse):
    OfferFactory(title="Anglais", commune=toulouse)
    index()

    results = find("anglais", place=TOULOUSE, sort=sort, page=page)

    assert (results.total, results.hits, results.last_page) == (1, [], 1)


def test_offer_gone_since_it_was_indexed_is_not_shown(index, find):
    kept, gone, suspended = (OfferFactory(title="Anglais") for _ in range(3))
    index()
    Offer.objects.filter(pk=gone.pk).delete()
    suspended.provider.is_suspended = True
    suspended.provider.save()

    assert [hit.offer for hit in find("anglais").hits] == [kept]


@pytest.mark.parametrize("sort", Sort)
def test_queries_do_not_grow_with_the_hits(sort, index, find, toulouse, django_assert_num_queries):
    for _ in range(3):
        SessionFactory(offer=OfferFactory(title="Anglais", commune=toulouse))
    index()
    find(place=TOULOUSE)  # the positions of the communes are read once
    shelf.clear()
    with django_assert_num_queries(2):
        assert len(find("anglais", place=TOULOUSE, sort=sort).hits) == 3

    for _ in range(9):
        SessionFactory(offer=OfferFactory(title="Anglais", commune=toulouse))
    index()
    with django_assert_num_queries(2):
        assert len(find("anglais", place=TOULOUSE, sort=sort).hits) == 12
    with django_assert_num_queries(2):  # all of them kept
        assert len(find("anglais", place=TOULOUSE, sort=sort).hits) == 12


def test_kept_offer_follows_its_changes(index, find, toulouse):
    offer = OfferFactory(title="Anglais", commune=toulouse)
    index()
    find("anglais")
    offer.provider.name = "Un autre nom"
    offer.provider.save()
    index()

    assert find("anglais").hits[0].offer.provider.name == "Un autre nom"
