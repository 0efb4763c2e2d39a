"""Each invariant of the ledger: kept by the services, seen when the database is damaged."""

from datetime import date

import pytest
from django.db import connection

from rights import triggers
from rights.audit import find_faults
from rights.models import Movement
from rights.services import credit_hours, grant_abondement, release, reserve, spend
from tests.factories import TitulaireFactory
from tests.rights.feed import line, run_feed
from tests.rights.ledger import give, give_dif

pytestmark = pytest.mark.django_db
TODAY = date(2022, 5, 2)


@pytest.fixture
def account():
    """Everything that a ledger can hold: three reservations, an abondement, hours, a yearly run."""
    titulaire = TitulaireFactory()
    account = give(titulaire, 900_00, year=2019).account
    give_dif(titulaire, 100_00)
    grant_abondement(
        titulaire=titulaire, financer="region", financer_name="Région", amount_cents=50_00,
        today=TODAY, idempotency_key="aide",
    )  # fmt: skip
    credit_hours(
        titulaire=titulaire, hours=25, year=2020, effective_on=TODAY, source="Employeur",
        legal_basis="Décret", idempotency_key="agent",
    )  # fmt: skip
    run_feed(line(titulaire))
    held, paid, returned = (
        reserve(account=account, amount_cents=120_00, reference=name, today=TODAY)
        for name in ("D1", "D2", "D3")
    )
    spend(reservation=paid, amount_cents=100_00, today=TODAY)
    release(reservation=returned, today=TODAY)
    assert held.state == "held"
    account.refresh_from_db()
    return account


def damage(statement: str, *parameters) -> None:
    """Change the database as a broken restore would: no trigger, no check."""
    triggers.drop(connection)
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
    triggers.create(connection)


def test_ledger_of_the_services_has_no_fault(account):
    assert list(find_faults()) == []


@pytest.mark.parametrize(
    ("statement", "fault"),
    [
        ("UPDATE rights_rightsaccount SET cpf_cents = cpf_cents + 1", "solde"),
        ("UPDATE rights_rightsaccount SET dif_reserved_cents = 5", "montant réservé"),
        ("UPDATE rights_rightsaccount SET public_hours = 24", "compteur d’heures"),
        ("UPDATE rights_abondement SET remaining_cents = 1", "son reste"),
        ("UPDATE rights_reservation SET spent_cents = 1 WHERE state = 'spent'", "son état"),
        ("UPDATE rights_reservation SET amount_cents = 1 WHERE state = 'released'", "son état"),
        ("DELETE FROM rights_movement WHERE kind = 'spend'", "son état"),
        ("UPDATE rights_movement SET effective_on = '2099-01-01' WHERE kind = 'dif'", "à venir"),
        (
            "UPDATE rights_movement SET idempotency_key = 'year:2021:x', year = 2021"
            " WHERE year = 2019",
            "créditée 2 fois",
        ),
        (
            "UPDATE rights_movement SET amount_cents = 50001 WHERE year = 2021",
            "dépasse le montant de sa règle",
        ),
    ],
)
def test_damage_is_seen(account, statement, fault):
    damage(statement)

    assert any(fault in line for line in find_faults())


def test_credit_above_the_cap_is_seen(account):
    movement = Movement.objects.get(year=2021)
    details = '{"amount_cents": 50000, "cap_cents": 60000, "held_cents": 10001}'

    damage("UPDATE rights_movement SET details = %s WHERE id = %s", details, movement.pk)

    assert list(find_faults()) == [
        f"mouvement {movement.pk}\u00a0: il dépasse le montant de sa règle ou le plafond"
    ]


def test_abondements_beyond_their_pocket_are_seen(account):
    grant_abondement(
        titulaire=account.titulaire, financer="region", financer_name="Région", amount_cents=1,
        today=TODAY, idempotency_key="aide 2",
    )  # fmt: skip

    damage("UPDATE rights_rightsaccount SET abondement_cents = 0")

    assert f"compte {account.pk}\u00a0: ses abondements dépassent leur poche" in list(find_faults())
