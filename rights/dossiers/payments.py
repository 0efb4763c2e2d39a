"""The remainder, paid by card: what a provider of payments must know how to do, and what we do with it.

No card number comes here: the browser is sent to the provider of payments, which tells us what happened.
Its notifications may come twice, late or in disorder; each payment is resolved once.
"""

import logging
from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string

from rights.dossiers.exceptions import PaymentError, StepRefused
from rights.models import Dossier, Payment, PaymentState

logger = logging.getLogger(__name__)

NOT_AVAILABLE = (
    "Le paiement par carte n’est pas disponible pour le moment\u00a0: seule une formation payée "
    "entièrement par vos droits peut être demandée."
)
OUTCOMES = (PaymentState.ACCEPTED, PaymentState.REFUSED, PaymentState.ABANDONED)


class CardPayments(Protocol):
    """A provider of payments. `name` is kept with each payment, 40 characters at most."""

    name: str

    def page_url(self, payment: Payment) -> str:
        """Return where the browser goes to pay; the same payment may be asked for again."""

    def refund(self, payment: Payment, amount_cents: int) -> None:
        """Give back `amount_cents` (more than 0), once for the reference of the payment and this amount.

        Raises any exception when it could not: it is asked again later.
        """


def adapter() -> CardPayments | None:
    """Return the provider of payments of PORTAL_CARD_PAYMENTS, None when there is none."""
    path = settings.PORTAL_CARD_PAYMENTS
    if not path:
        return None
    factory: Callable[[], CardPayments] = import_string(_NAMED.get(path, path))
    return factory()


_NAMED = {"demonstration": "rights.dossiers.simulated.SimulatedPayments"}


def is_available() -> bool:
    return adapter() is not None


@transaction.atomic
def start(*, dossier: Dossier, at: datetime) -> Payment:
    """Return the payment of the remainder that is under way, begun now if none is.

    The caller holds the lock of the dossier. Raises StepRefused without a provider of payments.
    """
    if known := dossier.payments.started().first():
        return known
    provider = adapter()
    if provider is None:
        raise StepRefused(NOT_AVAILABLE)
    return Payment.objects.create(
        dossier=dossier,
        adapter=provider.name,
        amount_cents=dossier.remainder_cents,
        started_at=at,
    )


def resolve(payment: Payment, outcome: PaymentState, at: datetime) -> bool:
    """Write how the payment ended, in the caller's transaction; False when it had ended already."""
    changed = Payment.objects.started().filter(pk=payment.pk)
    is_first = changed.update(state=outcome, resolved_at=at)
    payment.refresh_from_db()
    return bool(is_first)


def resolve_again(payment: Payment, outcome: PaymentState) -> Payment:
    """Take a later notification of a payment that has ended, in the caller's transaction.

    Money taken after a refusal or an abandonment is owed back: the dossier went on without it. Raises
    PaymentError for any other contradiction.
    """
    if outcome == PaymentState.ACCEPTED and payment.state != PaymentState.ACCEPTED:
        payment.state, payment.refund_cents = PaymentState.ACCEPTED, payment.amount_cents
        payment.save(update_fields=["state", "refund_cents"])
    elif payment.state != outcome:
        raise PaymentError("Ce paiement s’est déjà terminé autrement.")
    return payment


def check_notification(payment: Payment, outcome: PaymentState, amount_cents: int) -> None:
    """Raise PaymentError when what is notified cannot be about this payment."""
    if outcome not in OUTCOMES:
        raise PaymentError("Ce résultat de paiement n’existe pas.")
    if amount_cents != payment.amount_cents:
        raise PaymentError("Le montant notifié n’est pas celui du paiement.")


def owe_back(dossier: Dossier, percent: int = 100) -> None:
    """Note that this share of what was paid by card is to be given back, in the caller's transaction."""
    for payment in dossier.payments.accepted():
        owed = payment.amount_cents * percent // 100
        if owed > payment.refund_cents:
            Payment.objects.filter(pk=payment.pk).update(refund_cents=owed)


def refund_owed() -> int:
    """Ask the provider of payments for each refund that is owed; return how many were made.

    A refund that fails stays owed, and is asked for again the next time. Done twice at once, each
    refund is asked for with the same key and noted once.
    """
    provider = adapter()
    if provider is None:
        return 0
    owed = Payment.objects.to_refund().filter(adapter=provider.name)
    return sum(_refund(provider, payment) for payment in owed)


def _refund(provider: CardPayments, payment: Payment) -> bool:
    amount = payment.refund_cents - payment.refunded_cents
    try:
        provider.refund(payment, amount)
    except Exception as error:
        # Whatever went wrong there must not keep the others from being refunded. Only the kind of
        # error is kept: an answer of the provider of payments may name the person.
        logger.warning(
            "Le remboursement du paiement n° %s attend : %s", payment.pk, type(error).__name__
        )
        return False
    noted = Payment.objects.filter(pk=payment.pk, refunded_cents=payment.refunded_cents)
    return bool(noted.update(refunded_cents=payment.refund_cents))
