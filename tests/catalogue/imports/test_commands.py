import pytest
from django.core.management import CommandError, call_command

from catalogue.models import ImportReport, Offer
from tests.catalogue.imports.conftest import DATA
from tests.catalogue.imports.files import action, catalogue, formation, many

pytestmark = pytest.mark.django_db


def run(capsys, *arguments, **options):
    call_command("import_catalogue", *map(str, arguments), **options)
    return capsys.readouterr().out


def test_command_imports_files_of_several_formats(towns, capsys):
    said = run(
        capsys, DATA / "edof-catalogue-exemple.xml", DATA / "mcf-catalogue-exemple.csv",
        DATA / "rncp-standard-extrait.csv",
    )  # fmt: skip

    assert Offer.objects.count() == 5
    assert "EDOF, source «\u00a0edof\u00a0»\u00a0: 3 lues, 3 ajoutées" in said
    assert "RNCP et RS, fiches" in said


def test_command_names_each_remark_with_its_line(towns, capsys, tmp_path):
    path = tmp_path / "a.xml"
    path.write_bytes(catalogue(formation(action("A1", price=""))))

    said = run(capsys, path)

    assert "ligne 3, n° A1, refusé\u00a0: le prix TTC manque" in said


def test_command_fails_for_a_refused_file_and_says_where(towns, capsys, tmp_path):
    path = tmp_path / "a.xml"
    path.write_bytes(b"<!DOCTYPE lheo []>" + catalogue()[39:])

    with pytest.raises(CommandError, match="1 fichier"):
        run(capsys, path)

    assert "ligne 1\u00a0: la déclaration DOCTYPE est refusée" in capsys.readouterr().err
    assert ImportReport.objects.get().line == 1


def test_command_tries_confirms_and_names_the_source(towns, capsys, tmp_path):
    path = tmp_path / "a.xml"
    path.write_bytes(catalogue(*many(4)))

    assert "essayé, rien n’a changé" in run(capsys, path, "--dry-run")
    assert not Offer.objects.exists()
    run(capsys, path, "--source", "region")
    path.write_bytes(catalogue(*many(1)))
    with pytest.raises(CommandError):
        run(capsys, path, "--source", "region")
    run(capsys, path, "--source", "region", "--confirm")
    assert Offer.objects.published().count() == 1
    assert run(capsys, path, "--source", "region", verbosity=0) == ""


def test_export_writes_what_is_published_and_comes_back(towns, capsys, tmp_path):
    path = tmp_path / "export.xml"
    run(capsys, DATA / "edof-catalogue-exemple.xml")

    call_command("export_catalogue", str(path), "--format", "lheo")

    assert "3 offres écrites" in capsys.readouterr().out
    assert "3 inchangées" in run(capsys, path, "--source", "edof")
    Offer.objects.first().provider.offers.update(source="autre")
    call_command("export_catalogue", str(path), "--source", "edof")
    assert "0 offres écrites" in capsys.readouterr().out


def test_export_to_nowhere_is_said(capsys, tmp_path):
    with pytest.raises(CommandError, match="ne s’écrit pas"):
        call_command("export_catalogue", str(tmp_path / "absent" / "a.xml"))
