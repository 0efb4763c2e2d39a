import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, OperationalError
from django.utils import timezone

from accounts.models import KeyCheck, Titulaire
from rights.management.commands import import_rights as command
from rights.models import Movement
from tests.factories import make_nir

pytestmark = pytest.mark.django_db
HEADER = "nir;nom_naissance;annee;nature;montant;origine"


@pytest.fixture
def write(tmp_path):
    def write(*rows: str):
        path = tmp_path / "registre.csv"
        path.write_text("\n".join((HEADER, *rows)), encoding="utf-8")
        return path

    return write


def good_row(**cells):
    content = {"nir": make_nir().value, "name": "ZZCANARINOM", "year": "2020"}
    return ";".join((content | cells).values()) + ";alimentation;500,00;DSN"


def test_import_says_what_it_did(write, capsys):
    path = write(good_row(), good_row())

    call_command("import_rights", path)
    call_command("import_rights", path)

    assert capsys.readouterr().out.splitlines() == [
        "Lignes lues\u00a0: 2. Mouvements créés\u00a0: 2. Déjà connus\u00a0: 0. Personnes créées\u00a0: 2.",
        "Lignes lues\u00a0: 2. Mouvements créés\u00a0: 0. Déjà connus\u00a0: 2. Personnes créées\u00a0: 0.",
    ]


def test_import_under_the_key_of_another_database_makes_nobody_twice(write, settings):
    nir = make_nir().value
    KeyCheck.objects.verify()
    call_command("import_rights", write(good_row(nir=nir)))
    settings.NIR_INDEX_KEY = "ab" * 32

    with pytest.raises(CommandError, match="NIR_INDEX_KEY"):
        call_command("import_rights", write(good_row(nir=nir, year="2021")))

    assert (Titulaire.objects.count(), Movement.objects.count()) == (1, 1)


def test_import_says_utf_8_as_it_is_written(write, capsys):
    path = write(good_row())
    path.write_bytes(path.read_bytes() + b"\n\xe9;x")

    with pytest.raises(CommandError):
        call_command("import_rights", path)

    assert capsys.readouterr().err.startswith("Ligne 3\u00a0: elle n’est pas en UTF-8\u00a0:")


def test_import_names_the_bad_lines_and_nobody(write, capsys):
    nir = make_nir()
    path = write(good_row(), good_row(nir=f"{nir.value}00"), good_row(nir=nir.value, year="x"))

    with pytest.raises(CommandError) as raised:
        call_command("import_rights", path)

    output = capsys.readouterr()
    assert raised.value.returncode == 1
    assert str(raised.value) == "Rien n’a été importé. Lignes en erreur\u00a0: 2 sur 3."
    assert output.err.splitlines() == [
        "Ligne 3\u00a0: numéro de sécurité sociale\u00a0: sa clé est fausse.",
        f"Ligne 4\u00a0: l’année doit aller de 2004 à {timezone.localdate().year}.",
    ]
    assert output.out == ""
    assert nir.value not in output.err
    assert "ZZCANARINOM" not in output.err
    assert not Movement.objects.exists()


def test_import_shows_a_hundred_bad_lines_and_counts_the_others(write, capsys):
    with pytest.raises(CommandError, match="Lignes en erreur\u00a0: 130 sur 130"):
        call_command("import_rights", write(*["x"] * 130))

    shown = capsys.readouterr().err.splitlines()
    assert len(shown) == 101
    assert shown[-1] == "Autres lignes en erreur, non montrées\u00a0: 30."


def test_import_of_an_empty_file_is_refused(tmp_path):
    path = tmp_path / "vide.csv"
    path.touch()

    with pytest.raises(CommandError, match="Le fichier est vide"):
        call_command("import_rights", path)


def test_import_of_no_file_is_refused(tmp_path):
    with pytest.raises(CommandError, match="Le fichier ne s’ouvre pas"):
        call_command("import_rights", tmp_path / "absent.csv")
    with pytest.raises(CommandError, match="Le fichier ne s’ouvre pas"):
        call_command("import_rights", tmp_path)


@pytest.mark.parametrize("error", [IntegrityError, OperationalError])
def test_import_that_the_database_refuses_quotes_no_row(write, monkeypatch, error):
    def fail(*args, **kwargs):
        raise error("Key (birth_name)=(ZZCANARINOM)")

    monkeypatch.setattr(command, "import_rights", fail)

    with pytest.raises(CommandError) as raised:
        call_command("import_rights", write(good_row()))

    assert "Relancez la commande" in str(raised.value)
    assert "ZZCANARINOM" not in str(raised.value)


def test_import_tells_its_progress_unless_it_must_be_quiet(write, capsys, monkeypatch):
    monkeypatch.setattr(command, "PROGRESS_LINES", 1)
    path = write(good_row())

    call_command("import_rights", path)
    call_command("import_rights", path, verbosity=0)

    assert capsys.readouterr().out.count("1 lignes lues…") == 1


def test_help_documents_the_columns():
    parser = command.Command().create_parser("manage.py", "import_rights")

    for column in (*HEADER.split(";"), "date"):
        assert f"\n  {column} " in parser.format_help()
