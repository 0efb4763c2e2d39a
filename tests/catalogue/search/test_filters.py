"""Filters: within a facet one value is enough, between facets all are needed; counts are disjunctive."""

from datetime import timedelta

import pytest

from catalogue.models import CertificationKind, Modality
from catalogue.places.departments import DEPARTMENTS
from catalogue.places.regions import REGIONS, region_of
from catalogue.search import Filters
from tests.factories import CertificationFactory, CommuneFactory, OfferFactory, SessionFactory


@pytest.fixture
def catalogue(index, today):
    """Three offers of « anglais » that differ in everything."""
    rs = CertificationFactory(code="RS5550", kind=CertificationKind.RS, level=None)
    bilan = CertificationFactory(code="CPF202", kind=CertificationKind.CPF, level=None)
    dijon = CommuneFactory(code="21231", name="Dijon", department="21", region="27")
    nantes = OfferFactory(title="Anglais un", price_cents=400_00, hours=14)
    remote = OfferFactory(
        title="Anglais deux",
        certification=rs,
        modality=Modality.REMOTE,
        commune=None,
        price_cents=1500_00,
        hours=150,
    )
    mixed = OfferFactory(
        title="Anglais trois",
        certification=bilan,
        modality=Modality.MIXED,
        commune=dijon,
        price_cents=3000_01,
        hours=None,
    )
    SessionFactory(offer=nantes, starts_on=today + timedelta(days=10))
    SessionFactory(offer=nantes, starts_on=today + timedelta(days=100))
    SessionFactory(offer=remote, is_permanent=True, starts_on=None, ends_on=None)
    SessionFactory(offer=mixed, starts_on=today + timedelta(days=40))
    index()


def filtered(**values):
    days = {name: values.pop(name) for name in list(values) if not isinstance(values[name], tuple)}
    return Filters(chosen=values, **days)


@pytest.mark.parametrize(
    ("chosen", "expected"),
    [
        ({"modalite": ("centre",)}, {"un"}),
        ({"modalite": ("centre", "distance")}, {"un", "deux"}),
        ({"certification": ("rncp",)}, {"un"}),
        ({"certification": ("rs", "bilan")}, {"deux", "trois"}),
        ({"niveau": ("5",)}, {"un"}),
        ({"prix": ("500",)}, {"un"}),
        ({"prix": ("1500", "plus")}, {"deux", "trois"}),
        ({"duree": ("14", "150")}, {"un", "deux"}),
        ({"entrees": ("permanentes",)}, {"deux"}),
        ({"region": ("27",)}, {"trois"}),
        ({"departement": ("44", "21")}, {"un", "trois"}),
        ({"departement": ("44",), "prix": ("1500",)}, set()),
    ],
)
def test_choices_keep_what_they_name(chosen, expected, catalogue, titles):
    found = titles("anglais", filters=Filters(chosen=chosen))

    assert {title.removeprefix("Anglais ") for title in found} == expected


@pytest.mark.parametrize(
    ("bounds", "expected"),
    [
        ((400_00, None), {"un", "deux", "trois"}),
        ((400_01, None), {"deux", "trois"}),
        ((None, 400_00), {"un"}),
        ((None, 399_99), set()),
        ((1500_00, 1500_00), {"deux"}),
        ((10**15, 10**15), set()),
    ],
)
def test_price_bounds_are_exact_and_included(bounds, expected, catalogue, titles):
    lowest, highest = bounds
    filters = Filters(price_from_cents=lowest, price_to_cents=highest)

    assert {title[8:] for title in titles("anglais", filters=filters)} == expected


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        (10, 10, {"un", "deux"}),
        (11, 39, {"deux"}),
        (11, None, {"un", "deux", "trois"}),  # the second session of the first offer
        (None, 40, {"un", "deux", "trois"}),
        (None, 9, {"deux"}),
        (50, 20, set()),
    ],
)
def test_start_bounds_keep_any_session_and_permanent_entries(
    first, last, expected, catalogue, titles, today
):
    def day(number):
        return None if number is None else today + timedelta(days=number)

    filters = Filters(starts_from=day(first), starts_to=day(last))

    assert {title[8:] for title in titles("anglais", filters=filters)} == expected


def test_counts_leave_the_choices_of_their_own_facet_aside(catalogue, find):
    results = find("anglais", filters=Filters(chosen={"certification": ("rs",)}))

    assert results.total == 1
    assert results.counts["certification"] == {"rncp": 1, "rs": 1, "bilan": 1}
    assert results.counts["modalite"] == {"distance": 1}


def test_each_count_is_what_a_tick_alone_finds(catalogue, find):
    others = {"modalite": ("centre", "distance")}
    counts = find("anglais", filters=Filters(chosen=others)).counts["certification"]

    for value, count in counts.items():
        both = others | {"certification": (value,)}
        assert find("anglais", filters=Filters(chosen=both)).total == count


def test_budget_pays_for_the_dearest_of_what_an_offer_stands_for(index, titles):
    OfferFactory(title="Anglais", price_cents=900_00, price_max_cents=1200_00)
    index()

    assert titles("anglais", filters=Filters(budget_cents=1200_00)) == ["Anglais"]
    assert titles("anglais", filters=Filters(budget_cents=1199_99)) == []
    assert titles("anglais", filters=Filters(price_to_cents=900_00)) == ["Anglais"]


def test_accessible_places_are_a_filter(index, find):
    OfferFactory(title="Anglais plain-pied", is_accessible=True)
    OfferFactory(title="Anglais étage")
    OfferFactory(title="Anglais loin", is_accessible=True, modality=Modality.REMOTE)
    index()

    found = find("anglais", filters=Filters(chosen={"acces": ("lieu",)}))

    assert [hit.offer.title for hit in found.hits] == ["Anglais plain-pied"]
    assert find("anglais").counts["acces"] == {"lieu": 1}


def test_filter_never_changes_the_words(catalogue, find):
    filters = Filters(chosen={"departement": ("44",)})

    free, narrowed = find("anglais trois"), find("anglais trois", filters=filters)

    assert (free.total, narrowed.total) == (3, 1)
    assert narrowed.match.dropped == free.match.dropped == ("trois",)


def test_imported_place_and_level_are_filters_too(index, titles):
    untitled = CertificationFactory(code="RNCP1", title="", level=None)
    known = {"commune": None, "department": "2A", "certification": untitled}
    OfferFactory(title="Anglais Corse", exit_level=4, **known)
    OfferFactory(title="Anglais loin", modality=Modality.REMOTE, **known)
    index()

    for chosen in ({"departement": ("2A",)}, {"region": ("94",)}, {"niveau": ("4",)}):
        assert titles("anglais", filters=Filters(chosen=chosen)) == ["Anglais Corse"]


@pytest.mark.parametrize("code", ["M1805", "m1607"])
def test_rome_codes_find_the_offers_that_lead_to_the_job(code, index, titles):
    OfferFactory(title="Bureautique", rome_codes="M1805 M1806")
    OfferFactory(title="Secrétariat", certification__rome_codes="A1101 M1607")
    index()

    assert titles(code) == [{"M1805": "Bureautique", "m1607": "Secrétariat"}[code]]


def test_every_region_is_told_from_its_departments():
    assert set(DEPARTMENTS) - {code for code in DEPARTMENTS if region_of(code)} == set()
    assert {region_of(code) for code in DEPARTMENTS} == set(REGIONS)
