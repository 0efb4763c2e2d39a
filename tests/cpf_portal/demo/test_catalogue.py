from collections import Counter
from datetime import date

import pytest
from django.core.management import call_command
from django.db import transaction
from stdnum.fr import siret

from catalogue.models import Certification, Commune, Modality, Offer, Provider, Session
from cpf_portal.demo import catalogue
from cpf_portal.demo.providers import REGIONS
from tests.factories import OfferFactory, SessionFactory

DAY = date(2026, 11, 22)
ANOTHER_DAY = date(2027, 9, 1)


@pytest.fixture(scope="module")
def builds(django_db_setup, django_db_blocker):
    """Two builds of the same day and one of another, without leaving a row behind."""
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("load_communes", verbosity=0)
        built = [catalogue.build(day) for day in (DAY, DAY, ANOTHER_DAY)]
        transaction.set_rollback(True)
    return built


@pytest.fixture(scope="module")
def built(builds):
    return builds[0]


def offers_as_rows(built):
    fields = [field.attname for field in Offer._meta.concrete_fields if field.name != "updated_at"]
    return [
        (*(getattr(o, name) for name in fields), o.provider.siret, o.certification.code)
        for o in built.offers
    ]


def sessions_as_rows(built):
    return [(s.offer.public_id, s.number, s.starts_on, s.ends_on, s.state) for s in built.sessions]


def test_build_is_the_same_on_every_run_of_a_day(builds):
    first, second, _later = builds

    assert offers_as_rows(first) == offers_as_rows(second)
    assert sessions_as_rows(first) == sessions_as_rows(second)


def test_build_of_another_day_changes_the_sessions_only(builds):
    first, _second, later = builds

    assert offers_as_rows(first) == offers_as_rows(later)
    assert sessions_as_rows(first) != sessions_as_rows(later)


def test_build_has_about_3000_offers_of_250_providers(built):
    assert len(built.offers) == len({offer.public_id for offer in built.offers}) == 3000
    assert len({provider.siret for provider in built.providers}) == 250
    assert len({provider.name for provider in built.providers}) == 250
    assert {offer.provider.siret for offer in built.offers} <= {p.siret for p in built.providers}


def test_every_region_has_offers_to_choose_from(built):
    regions = Counter(offer.commune.region for offer in built.offers if offer.commune)

    assert set(regions) == set(REGIONS)
    assert len(regions) == 18
    assert min(regions.values()) >= 25
    assert regions.most_common(1)[0][0] == "11"


def test_every_region_has_what_most_people_look_for(built):
    on_site = {
        (offer.commune.region, offer.certification.code) for offer in built.offers if offer.commune
    }

    assert {region for region, code in on_site if code == "CPF206"} == set(REGIONS)


def test_a_third_is_at_a_distance_and_some_is_mixed(built):
    shares = {m: n / 3000 for m, n in Counter(offer.modality for offer in built.offers).items()}

    assert 0.30 < shares[Modality.REMOTE] < 0.37
    assert 0.12 < shares[Modality.MIXED] < 0.25


def test_only_remote_offers_have_no_place(built):
    for offer in built.offers:
        is_remote = offer.modality == Modality.REMOTE
        assert (offer.commune is None) == is_remote
        assert (offer.address == "") == is_remote


def test_title_never_contradicts_the_format(built):
    titles = {o.title for o in built.offers if o.modality == Modality.ON_SITE}

    assert titles
    assert not [t for t in titles if "distance" in t or "en ligne" in t or "visio" in t]


def test_places_are_towns_or_arrondissements_and_follow_the_population(built):
    towns = Counter(offer.commune.code for offer in built.offers if offer.commune)

    assert {"75056", "69123", "13055"}.isdisjoint(towns)
    assert any(code.startswith("751") for code in towns)
    assert min(o.commune.population for o in built.offers if o.commune) >= 5000
    assert len(towns) > 400


def test_every_siret_is_valid(built):
    assert all(siret.is_valid(provider.siret) for provider in built.providers)


def test_providers_are_nobody(built):
    assert all(provider.email.endswith("@example.org") for provider in built.providers)
    assert all(provider.website.endswith(".example.org/") for provider in built.providers)
    assert len({provider.phone for provider in built.providers}) == 250


def test_prices_and_durations_are_those_of_the_kind(built):
    for offer in built.offers:
        assert 100_00 <= offer.price_cents <= 13_000_00
        assert 7 <= offer.hours <= 1540
    prices = {o.price_cents for o in built.offers if o.certification.code == "CPF202"}
    assert len(prices) > 20


def test_rows_pass_the_validation_of_their_models(built):
    for row in [*built.providers, *built.certifications]:
        row.clean_fields()
    for offer in built.offers[::50]:
        offer.clean_fields(exclude=["provider", "certification", "commune"])


@pytest.mark.django_db
def test_build_without_communes_says_what_to_do():
    with pytest.raises(LookupError, match="load_communes"):
        catalogue.build(DAY)


@pytest.mark.django_db
def test_load_again_keeps_the_rows_and_moves_the_sessions(communes):
    others = SessionFactory(starts_on=DAY)
    catalogue.load(catalogue.build(DAY))
    keys = dict(catalogue.demonstration_offers().values_list("public_id", "pk"))
    was_outdated = catalogue.is_outdated(DAY), catalogue.is_outdated(ANOTHER_DAY)

    catalogue.load(catalogue.build(ANOTHER_DAY))

    assert was_outdated == (False, True)
    assert not catalogue.is_outdated(ANOTHER_DAY)
    assert dict(catalogue.demonstration_offers().values_list("public_id", "pk")) == keys
    assert Offer.objects.count() == 3001
    assert Session.objects.filter(pk=others.pk, starts_on=DAY).exists()
    assert Provider.objects.count() == 251


@pytest.mark.django_db
def test_load_keeps_imported_titles_and_removes_what_the_demonstration_no_longer_has(communes):
    Certification.objects.create(code="CPF206", kind="CPF", title="Intitulé importé")
    leftover = OfferFactory(
        provider__siret="00019999900016", commune=Commune.objects.get(pk="44109")
    )

    catalogue.load(catalogue.build(DAY))

    assert Certification.objects.get(code="CPF206").title == "Intitulé importé"
    assert not Offer.objects.filter(pk=leftover.pk).exists()
    assert catalogue.is_loaded()


@pytest.mark.django_db
def test_is_loaded_knows_the_demonstration_from_other_offers():
    OfferFactory()

    assert not catalogue.is_loaded()
