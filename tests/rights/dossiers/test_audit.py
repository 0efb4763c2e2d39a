"""check_ledger sees a dossier that does not agree with the ledger, the places, the steps or the payments."""

import pytest
from django.db import connection

from rights.dossiers.audit import CHECKS
from rights.dossiers.states import State as S
from rights.models import PaymentState
from tests.rights.dossiers.steps import bring_to, make_session, pay

pytestmark = pytest.mark.django_db


def faults() -> str:
    return "\n".join(fault for check in CHECKS for fault in check())


@pytest.mark.parametrize(
    ("state", "statement", "said"),
    [
        (S.VALIDATED, "UPDATE rights_reservation SET state = 'released', resolved_at = created_at",
         "sa réservation ne dit pas"),
        (S.CANCELLED, "UPDATE rights_reservation SET state = 'held', resolved_at = NULL",
         "sa réservation ne dit pas"),
        (S.VALIDATED, "UPDATE rights_reservation SET amount_cents = amount_cents - 1",
         "sa réservation ne dit pas"),
        (S.VALIDATED, "UPDATE catalogue_session SET places_taken = 2", "ses places prises"),
        (S.REQUESTED, "UPDATE rights_dossierevent SET state_after = 'draft'",
         "ne mène pas à son état"),
        (S.TO_VALIDATE, "UPDATE rights_dossierevent SET state_before = 'draft'"
         " WHERE state_after = 'to_validate'", "ne part pas d’où"),
        (S.REFUSED, "UPDATE rights_dossierevent SET action = 'pay' WHERE action = 'refuse'",
         "pay → requested → refused n’existe pas"),
    ],
)  # fmt: skip
def test_what_was_damaged_is_named(state, statement, said):
    bring_to(state, session=make_session(places=3))
    assert faults() == ""

    with connection.cursor() as cursor:
        cursor.execute(statement)

    assert said in faults()


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("UPDATE rights_payment SET amount_cents = 1", "n’est pas le reste à payer"),
        ("UPDATE rights_payment SET state = 'refused'", "n’est pas le reste à payer"),
        ("UPDATE rights_reservation SET state = 'released', resolved_at = created_at",
         "n’est pas rendu alors"),
    ],
)  # fmt: skip
def test_a_payment_that_does_not_fit_is_named(statement, said):
    pay(bring_to(S.PAYING), PaymentState.ACCEPTED)
    assert faults() == ""

    with connection.cursor() as cursor:
        cursor.execute(statement)

    assert said in faults()


def test_a_reservation_that_no_dossier_bears_is_named():
    bring_to(S.REQUESTED)

    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM rights_dossierevent")
        cursor.execute("DELETE FROM accounts_outgoingmail")
        cursor.execute("DELETE FROM rights_dossier")

    assert "aucun dossier ne la porte" in faults()
