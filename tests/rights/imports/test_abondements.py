"""The abondements of the register's file, with the conditions that the person reads."""

from datetime import date
from io import BytesIO

import pytest
from django.core.management import call_command

from rights.imports import import_rights
from rights.models import Abondement, Financer, RightsAccount
from rights.services import expire_abondements, reserve
from tests.factories import CertificationFactory, make_nir

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 22)
HEADER = "nir;nom_naissance;annee;nature;montant;origine;date;financeur;fin;certifications"


def row(nir, *, kind="abondement", day="01/02/2022", financer="", end="", codes=""):
    return (
        f"{nir.value};DURAND;2022;{kind};600,00;Imprimerie du Pont;{day};{financer};{end};{codes}"
    )


def run(*rows: str):
    return import_rights(BytesIO("\n".join((HEADER, *rows)).encode()), today=TODAY)


def test_abondement_keeps_its_conditions():
    certification = CertificationFactory(code="RNCP35584")

    report = run(row(make_nir(), financer="Employeur", end="31/12/2027", codes="rncp35584"))

    abondement = Abondement.objects.get()
    assert report.movements_created == 1
    assert (abondement.financer, abondement.financer_name) == (
        Financer.EMPLOYER,
        "Imprimerie du Pont",
    )
    assert (abondement.remaining_cents, abondement.expires_on) == (600_00, date(2027, 12, 31))
    assert list(abondement.certifications.all()) == [certification]
    assert abondement.movements.get().amount_cents == 600_00


def test_abondement_without_condition_serves_every_training():
    run(row(make_nir()))

    account, abondement = RightsAccount.objects.get(), Abondement.objects.get()
    assert (account.abondement_cents, abondement.financer) == (600_00, Financer.OTHER)
    reserve(account=account, amount_cents=600_00, reference="D", today=TODAY)
    abondement.refresh_from_db()
    assert abondement.remaining_cents == 0
    call_command("check_ledger")


def test_imported_abondement_goes_back_at_its_end():
    run(row(make_nir(), end="2023-12-31"))

    assert expire_abondements(today=TODAY) == 1
    assert RightsAccount.objects.get().abondement_cents == 0
    call_command("check_ledger")


def test_same_file_twice_gives_one_abondement():
    line = row(make_nir(), financer="région", end="31/12/2027")

    run(line)
    again = run(line)

    assert (again.movements_created, again.already_known) == (0, 1)
    assert Abondement.objects.count() == 1


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ({"financer": "Père Noël"}, "financeur n’est pas connu"),
        ({"end": "31/12/2021"}, "précède sa date d’effet"),
        ({"end": "demain"}, "31/12/2020"),
        ({"codes": "RNCP1;DROP"}, "colonnes sont attendues"),
        ({"codes": "<b>"}, "par leurs codes"),
        ({"codes": "A " * 30 + "B" * 21}, "par leurs codes"),
        ({"codes": "RNCP99999999"}, "n’est pas au catalogue"),
        ({"kind": "alimentation", "end": "31/12/2027"}, "ne concernent que les abondements"),
    ],
)
def test_wrong_condition_imports_nothing_and_names_the_line(cells, reason):
    report = run(row(make_nir()), row(make_nir(), **cells))

    assert report.bad_count == 1
    assert report.bad_lines[0].number == 3
    assert reason in report.bad_lines[0].reason
    assert not Abondement.objects.exists()
