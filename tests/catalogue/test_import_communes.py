import json

import pytest
from django.core.management import CommandError, call_command

from catalogue.models import Commune
from catalogue.places import communes_within
from tests.factories import CommuneFactory

pytestmark = pytest.mark.django_db

NANTES = {
    "code": "44109",
    "nom": "Nantes",
    "codesPostaux": ["44000", "44100", "44200", "44300"],
    "population": 327_734,
    "codeDepartement": "44",
    "codeRegion": "52",
    "centre": {"type": "Point", "coordinates": [-1.5482, 47.2316]},
}
NEW = NANTES | {"code": "44999", "nom": "Neuville-l’Évêque", "codesPostaux": ["44990"]}


def load(folder, content, capsys):
    path = folder / "communes.json"
    path.write_text(content if isinstance(content, str) else json.dumps(content))
    call_command("import_communes", str(path))
    return capsys.readouterr().out


def test_official_centre_replaces_an_approximate_position(tmp_path, capsys):
    CommuneFactory(latitude=47.0, longitude=-1.0, is_approximate=True, population=1)
    communes_within(47.0, -1.0, 1)  # the positions in memory are read again afterwards

    said = load(tmp_path, [NANTES], capsys)

    commune = Commune.objects.get()
    assert (commune.latitude, commune.longitude) == (47.2316, -1.5482)
    assert (commune.is_approximate, commune.population) == (False, 327_734)
    assert (commune.department, commune.region) == ("44", "52")
    assert communes_within(47.2316, -1.5482, 1) == {"44109": pytest.approx(0, abs=0.01)}
    assert "Communes placées\u00a0: 1, dont nouvelles\u00a0: 0." in said


def test_new_commune_is_created_and_absent_ones_stay(tmp_path, capsys):
    CommuneFactory(code="29233", name="Quimperlé")

    load(tmp_path, [NEW], capsys)

    new = Commune.objects.get(code="44999")
    assert (new.name_folded, new.postcodes) == ("neuville l eveque", " 44990 ")
    assert Commune.objects.filter(code="29233").exists()


def test_record_without_centre_keeps_the_position_it_had(tmp_path, capsys):
    CommuneFactory(is_approximate=True, latitude=47.0)

    load(tmp_path, [{"code": "44109", "nom": "Nantes", "codesPostaux": []}], capsys)

    commune = Commune.objects.get()
    assert (commune.latitude, commune.is_approximate) == (47.0, True)
    assert commune.postcodes == " 44000 44100 44200 44300 "


@pytest.mark.parametrize(
    "record",
    [{}, {"code": "1", "nom": "X"}, NEW | {"centre": None}, NEW | {"centre": {"coordinates": [1]}},
     NEW | {"centre": {"coordinates": [500, 2]}}, NEW | {"population": "beaucoup"}],
)  # fmt: skip
def test_unusable_record_is_left_aside_and_named(record, tmp_path, capsys):
    said = load(tmp_path, [NANTES | {"codeRegion": "52"}, record], capsys)

    assert [commune.code for commune in Commune.objects.all()] == ["44109"]
    assert "laissée de côté" in said


@pytest.mark.parametrize("content", ["", "[", "{}", "[1]", "[]", '[{"code": 1}]', "[" * 100_000])
def test_bad_file_changes_nothing(content, tmp_path, capsys):
    CommuneFactory()

    with pytest.raises(CommandError, match="Rien n’a changé"):
        load(tmp_path, content, capsys)

    assert Commune.objects.count() == 1


def test_missing_file_is_said(tmp_path):
    with pytest.raises(CommandError, match="ne s’ouvre pas"):
        call_command("import_communes", str(tmp_path / "absent.json"))
