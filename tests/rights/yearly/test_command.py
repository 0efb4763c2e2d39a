"""manage.py credit_year, as the operator runs it: reports, refusals, the same file twice."""

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.nir import Nir
from rights.models import Movement, RightsAccount, RunState, YearlyRun
from tests.factories import TitulaireFactory
from tests.rights.feed import HEADER, feed, line

pytestmark = pytest.mark.django_db


@pytest.fixture
def write(tmp_path):
    """Write a feed and return its path; an extra `raw` replaces its bytes."""

    def write(*lines: str, raw: bytes | None = None):
        path = tmp_path / "dsn.csv"
        path.write_bytes(feed(*lines).getvalue() if raw is None else raw)
        return path

    return write


def credit_year(path, *options, year=2021):
    call_command("credit_year", str(year), str(path), *options)


def test_run_tells_what_it_did(write, capsys):
    people = TitulaireFactory.create_batch(2)

    credit_year(write(*map(line, people), line(TitulaireFactory.build())))

    output = capsys.readouterr()
    assert output.out == (
        "Année 2021. Lignes lues\u00a0: 3 (en double\u00a0: 0, personnes inconnues\u00a0: 1).\n"
        "Personnes examinées\u00a0: 2. Créditées\u00a0: 2, pour 1000,00\u00a0€ et 0 heures.\n"
        "Déjà créditées\u00a0: 0. Limitées par le plafond\u00a0: 0.\n"
    )
    assert "[####################] 100 %, 2 personnes" in output.err
    assert Movement.objects.count() == 2


def test_dry_run_tells_and_credits_nothing(write, capsys):
    path = write(line(TitulaireFactory()))

    credit_year(path, "--dry-run")

    output = capsys.readouterr().out
    assert output.startswith("Essai\u00a0: rien n’a été crédité.\n")
    assert "Créditées\u00a0: 1, pour 500,00\u00a0€" in output
    assert not Movement.objects.exists()
    credit_year(path)
    assert Movement.objects.get().amount_cents == 500_00


def test_same_file_again_changes_nothing(write, capsys):
    path = write(line(TitulaireFactory()))

    credit_year(path)
    credit_year(path)

    assert "Ce fichier a déjà été traité\u00a0: rien n’a changé." in capsys.readouterr().out
    assert RightsAccount.objects.get().cpf_cents == 500_00


def test_same_year_twice_credits_nobody_twice(write, capsys):
    titulaire = TitulaireFactory()
    credit_year(write(line(titulaire, share="20")))

    credit_year(write(line(titulaire)))

    assert "Déjà créditées\u00a0: 1." in capsys.readouterr().out
    assert RightsAccount.objects.get().cpf_cents == 100_00


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        (";salarie;100;01/01/2021;31/12/2021", "sa forme n’est pas la bonne"),
        ("285059999900132;salarie;100;01/01/2021;31/12/2021", "sa clé est fausse"),
        ("{nir};patron;100;01/01/2021;31/12/2021", "le statut doit être l’un de"),
        ("{nir};salarie;-5;01/01/2021;31/12/2021", "la quotité doit aller de 0,01 à 100"),
        ("{nir};salarie;1 e3;01/01/2021;31/12/2021", "la quotité doit aller"),
        ("{nir};salarie;NaN;01/01/2021;31/12/2021", "la quotité doit aller"),
        ("{nir};salarie;100,001;01/01/2021;31/12/2021", "la quotité doit aller"),
        ("{nir};salarie;0;01/01/2021;31/12/2021", "la quotité doit aller"),
        ("{nir};salarie;100;31/02/2021;31/12/2021", "la date doit s’écrire"),
        ("{nir};salarie;100;31/12/2021;01/01/2021", "la fin précède le début"),
        ("{nir};salarie;100;01/01/2020;31/12/2020", "la période est hors de l’année 2021"),
        ("{nir};salarie;100;01/01/2021", "5 colonnes sont attendues, la ligne en a 4"),
        ('{nir};salarie;"100;01/01/2021;31/12/2021', "ses guillemets ne se referment pas"),
    ],
)
def test_broken_line_stops_everything_and_is_named(write, capsys, cells, reason):
    titulaire = TitulaireFactory()
    broken = cells.format(nir=titulaire.nir.value)

    with pytest.raises(CommandError, match="Personne n’a été crédité") as raised:
        credit_year(write(line(titulaire), broken))

    assert raised.value.args[0].endswith("Lignes en erreur\u00a0: 1 sur 2.")
    message = capsys.readouterr().err
    assert "Ligne 3\u00a0: " in message
    assert reason in message
    assert titulaire.nir.value not in message
    assert not Movement.objects.exists()
    assert YearlyRun.objects.get().state == RunState.REFUSED


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"", "Le fichier est vide"),
        (HEADER.encode(), "aucune ligne"),
        (b"nir;statut\n1;2", "il manque quotite, du, au"),
        ("\ufeffné;\n".encode("utf-16"), "Ligne 1|ligne 1"),
    ],
)
def test_file_that_is_no_feed_is_refused(write, raw, reason):
    with pytest.raises(CommandError, match=reason):
        credit_year(write(raw=raw))

    assert YearlyRun.objects.get().state == RunState.REFUSED


def test_wrong_encoding_is_told_line_by_line(write, capsys):
    body = f"{HEADER};employeur\n{line(TitulaireFactory())};é".encode("latin-1")

    with pytest.raises(CommandError, match="Personne n’a été crédité"):
        credit_year(write(raw=body))

    assert "elle n’est pas en UTF-8" in capsys.readouterr().err


def test_byte_order_mark_columns_in_any_order_and_spreadsheet_spellings_are_read(write):
    titulaire = TitulaireFactory()
    number = Nir(titulaire.nir.value)
    body = (
        "\ufeffAu,Du,Quotité,Statut,Numéro de sécurité sociale\n"
        f'2021-12-31,2021-01-01,"33,33 %",Salariée,{number.value} {number.key}\n'
    )

    credit_year(write(raw=body.encode()))

    assert RightsAccount.objects.get().cpf_cents == 166_65


@pytest.mark.parametrize("year", [2018, timezone.localdate().year])
def test_year_out_of_bounds_is_refused(write, year):
    with pytest.raises(CommandError, match="L’année doit aller de 2019"):
        credit_year(write(line(TitulaireFactory())), year=year)

    assert not YearlyRun.objects.exists()


def test_missing_file_is_told(tmp_path):
    with pytest.raises(CommandError, match="Le fichier ne s’ouvre pas"):
        credit_year(tmp_path / "absent.csv")
