import gzip
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.forms.models import model_to_dict

from catalogue.models import Commune
from tests.factories import CommuneFactory, OfferFactory

HEADER = "code,name,postcodes,department,region,population,latitude,longitude,is_approximate,parent"
TOULOUSE = "31555,Toulouse,31000 31100,31,76,514819,43.60426,1.44367,0,"
LHAY = "94038,L’Haÿ-les-Roses,94240,94,11,33214,48.78,2.34,1,"
LYON = "69123,Lyon,69001 69003,69,84,519127,45.74906,4.84789,0,"
LYON_3 = "69383,Lyon 3e Arrondissement,69003,69,84,103082,45.76124,4.85184,0,69123"

pytestmark = pytest.mark.django_db


def write(folder, *lines, header=HEADER):
    path = folder / "communes.csv.gz"
    path.write_bytes(gzip.compress("\n".join([header, *lines, ""]).encode()))
    return path


def load(path, **options):
    output = StringIO()
    call_command("load_communes", path, stdout=output, **options)
    return output.getvalue()


def test_load_reads_every_column(tmp_path):
    load(write(tmp_path, LHAY))

    assert model_to_dict(Commune.objects.get()) == {
        "code": "94038",
        "name": "L’Haÿ-les-Roses",
        "postcodes": " 94240 ",
        "department": "94",
        "region": "11",
        "population": 33214,
        "latitude": 48.78,
        "longitude": 2.34,
        "is_approximate": True,
        "parent": None,
    }
    assert Commune.objects.get().name_folded == "l hay les roses"


def test_load_ties_an_arrondissement_to_its_city(tmp_path):
    load(write(tmp_path, LYON, LYON_3))

    assert Commune.objects.get(code="69383").parent == Commune.objects.get(code="69123")


def test_load_tells_what_it_did(tmp_path):
    path = write(tmp_path, LHAY, LYON, LYON_3)

    assert load(path) == (
        "Communes\u00a0: 2, arrondissements municipaux\u00a0: 1, positions approximatives\u00a0: 1,"
        " retirées\u00a0: 0.\n"
    )
    assert load(path, verbosity=0) == ""


def test_load_twice_changes_nothing_but_the_date(tmp_path):
    path = write(tmp_path, TOULOUSE, LYON, LYON_3)
    load(path)
    before = {commune.pk: model_to_dict(commune) for commune in Commune.objects.all()}
    date = Commune.objects.earliest("updated_at").updated_at

    load(path)

    assert {commune.pk: model_to_dict(commune) for commune in Commune.objects.all()} == before
    assert Commune.objects.earliest("updated_at").updated_at > date


def test_load_updates_a_known_commune(tmp_path):
    CommuneFactory(code="31555", name="Tolosa", postcodes=" 31999 ", population=1)

    load(write(tmp_path, TOULOUSE))

    commune = Commune.objects.get()
    assert (commune.name, commune.name_folded) == ("Toulouse", "toulouse")
    assert (commune.postcodes, commune.population) == (" 31000 31100 ", 514819)


def test_load_removes_a_commune_that_is_no_more(tmp_path):
    CommuneFactory(code="49001")

    output = load(write(tmp_path, TOULOUSE))

    assert [commune.code for commune in Commune.objects.all()] == ["31555"]
    assert "retirées\u00a0: 1." in output


def test_load_keeps_a_commune_where_an_offer_takes_place(tmp_path):
    OfferFactory(commune=CommuneFactory(code="49001"))

    output = load(write(tmp_path, TOULOUSE))

    assert Commune.objects.filter(code="49001").exists()
    assert "Disparues, mais gardées car des offres s’y trouvent\u00a0: 49001" in output


@pytest.mark.parametrize(
    "lines",
    [
        [],
        [TOULOUSE, "94038,L’Haÿ-les-Roses,94240,94,11,beaucoup,48.78,2.34,1,"],
        [TOULOUSE, "94038"],
    ],
    ids=["empty", "population in words", "short line"],
)
def test_bad_file_changes_nothing(tmp_path, lines):
    CommuneFactory(code="44109")

    with pytest.raises(CommandError, match="ne se lit pas, rien n’a changé"):
        load(write(tmp_path, *lines))

    assert [commune.code for commune in Commune.objects.all()] == ["44109"]


def test_file_of_another_kind_is_refused(tmp_path):
    with pytest.raises(CommandError, match="code"):
        load(write(tmp_path, "31555;Toulouse", header="code_insee;nom"))


def test_truncated_file_changes_nothing(tmp_path):
    path = write(tmp_path, TOULOUSE, LHAY, LYON)
    path.write_bytes(path.read_bytes()[:-20])

    with pytest.raises(CommandError, match="rien n’a changé"):
        load(path)

    assert not Commune.objects.exists()


def test_missing_file_is_refused(tmp_path):
    with pytest.raises(CommandError, match="absent"):
        load(tmp_path / "absent.csv.gz")


def test_committed_file_is_loaded_by_default(communes):
    assert Commune.objects.filter(parent=None).count() == 34969
    assert Commune.objects.exclude(parent=None).count() == 45
