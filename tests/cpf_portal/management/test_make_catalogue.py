from collections import Counter

import pytest
from django.core.management import CommandError, call_command

from catalogue.imports.values import is_siret_valid
from catalogue.models import Commune, Modality, Offer, Session
from catalogue.search import generations
from cpf_portal.demo.catalogue import demonstration_offers
from cpf_portal.demo.providers import REGIONS
from tests.factories import CommuneFactory

pytestmark = pytest.mark.django_db
DAY = "2026-11-23"


@pytest.fixture(autouse=True)
def towns(db):
    for region, name in REGIONS.items():
        CommuneFactory(code=f"00{region:0>3}", name=name, region=region, department=region)


def make(offers=400, **options):
    call_command("make_catalogue", offers=offers, seed=7, today=None, verbosity=0, **options)


def test_made_catalogue_has_the_shape_of_the_real_one():
    make(without_index=True)

    offers = Offer.objects.published().select_related("provider")
    assert offers.count() == 400
    sizes = Counter(offers.values_list("provider__siret", flat=True)).most_common()
    assert sizes[0][1] > 3 * 400 / len(sizes)
    assert all(is_siret_valid(siret) for siret, _count in sizes)
    assert 2 < Session.objects.count() / 400 < 4
    assert {offer.modality for offer in offers} == set(Modality.values)
    assert not demonstration_offers().exists()  # apart from what load_demo keeps or removes


def test_same_arguments_make_the_same_offers_and_another_seed_others(capsys):
    make(without_index=True)
    held = set(Offer.objects.values_list("public_id", "digest"))

    make(without_index=True)

    assert set(Offer.objects.values_list("public_id", "digest")) == held
    call_command("make_catalogue", offers=400, seed=8, verbosity=0, without_index=True)
    assert set(Offer.objects.published().values_list("public_id", "digest")) != held


def test_made_catalogue_is_searchable_at_once(var_dir):
    make(offers=50)

    assert generations.current().is_dir()


def test_made_file_imports_as_the_made_base(tmp_path, capsys):
    make(without_index=True)
    make(file=tmp_path / "made.xml")

    call_command("import_catalogue", str(tmp_path / "made.xml"), "--source", "genere")

    assert "400 inchangées" in capsys.readouterr().out


def test_production_takes_no_fictitious_offer(settings):
    settings.PRODUCTION = True

    with pytest.raises(CommandError, match="production"):
        make()


def test_communes_are_needed():
    Commune.objects.all().delete()

    with pytest.raises(CommandError, match="load_communes"):
        make()
