"""The remainder, paid by card: once, however often it is notified; given back when it must be."""

from datetime import timedelta

import pytest

from rights.dossiers import payments, services
from rights.dossiers.exceptions import PaymentError
from rights.dossiers.simulated import SimulatedPayments
from rights.dossiers.states import Action as A
from rights.dossiers.states import State as S
from rights.models import Payment, PaymentState
from tests.rights.dossiers.steps import (
    NOW,
    at_noon,
    bring_to,
    do,
    pay,
)

pytestmark = pytest.mark.django_db


def test_a_cancelled_training_gives_the_card_payment_back_once():
    dossier = pay(bring_to(S.PAYING), PaymentState.ACCEPTED)

    do(dossier, A.CANCEL)

    assert Payment.objects.get().refund_cents == 50_00
    assert [payments.refund_owed(), payments.refund_owed()] == [1, 0]
    assert Payment.objects.get().refunded_cents == 50_00


class Broken(SimulatedPayments):
    def refund(self, payment, amount_cents):
        raise TimeoutError("Mme Canari n’est pas joignable")


def test_a_refund_that_fails_is_asked_for_again(settings, caplog):
    do(pay(bring_to(S.PAYING), PaymentState.ACCEPTED), A.CANCEL)
    settings.PORTAL_CARD_PAYMENTS = f"{__name__}.Broken"

    assert payments.refund_owed() == 0

    assert "attend : TimeoutError" in caplog.text
    assert "Canari" not in caplog.text
    settings.PORTAL_CARD_PAYMENTS = "demonstration"
    assert payments.refund_owed() == 1


def test_a_payment_notified_twice_pays_once():
    dossier = bring_to(S.PAYING)
    do(dossier, A.PAY)
    payment = do(dossier, A.PAY).payments.get()  # a second click begins no other

    for _ in range(2):
        services.notify_payment(
            reference=payment.reference, outcome=PaymentState.ACCEPTED, amount_cents=50_00, at=NOW
        )

    dossier.refresh_from_db()
    assert dossier.state == S.VALIDATED
    assert dossier.events.filter(action=A.PAYMENT_ACCEPTED).count() == 1
    assert dossier.payments.get().refund_cents == 0


@pytest.mark.parametrize(
    ("outcome", "cents"),
    [(PaymentState.ACCEPTED, 49_99), (PaymentState.STARTED, 50_00), (PaymentState.REFUSED, 0)],
)
def test_a_notification_that_cannot_be_true_changes_nothing(outcome, cents):
    dossier = do(bring_to(S.PAYING), A.PAY)
    payment = dossier.payments.get()

    with pytest.raises(PaymentError):
        services.notify_payment(
            reference=payment.reference, outcome=outcome, amount_cents=cents, at=NOW
        )

    payment.refresh_from_db()
    dossier.refresh_from_db()
    assert (payment.state, dossier.state) == (PaymentState.STARTED, S.PAYING)


def test_a_payment_accepted_too_late_is_to_be_refunded():
    dossier = do(bring_to(S.PAYING), A.PAY)
    payment = dossier.payments.get()

    services.notify_payment(
        reference=payment.reference,
        outcome=PaymentState.ACCEPTED,
        amount_cents=50_00,
        at=at_noon(dossier.due_on + timedelta(days=1)),
    )

    payment.refresh_from_db()
    dossier.refresh_from_db()
    assert dossier.state == S.REQUEST_CANCELLED
    assert (payment.state, payment.refund_cents) == (PaymentState.ACCEPTED, 50_00)


def test_a_payment_that_ended_otherwise_is_not_ended_again():
    dossier = do(bring_to(S.PAYING), A.PAY)
    payment = dossier.payments.get()
    told = {"reference": payment.reference, "amount_cents": 50_00, "at": NOW}
    services.notify_payment(outcome=PaymentState.ACCEPTED, **told)

    with pytest.raises(PaymentError, match="terminé autrement"):
        services.notify_payment(outcome=PaymentState.REFUSED, **told)


def test_money_taken_after_a_refusal_is_owed_back_once():
    dossier = bring_to(S.PAYMENT_REFUSED)
    payment = dossier.payments.get()

    for _ in range(2):
        services.notify_payment(
            reference=payment.reference, outcome=PaymentState.ACCEPTED, amount_cents=50_00, at=NOW
        )

    payment.refresh_from_db()
    dossier.refresh_from_db()
    assert (payment.state, payment.refund_cents) == (PaymentState.ACCEPTED, 50_00)
    assert dossier.state == S.PAYMENT_REFUSED
