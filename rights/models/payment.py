"""The remainder of a dossier, paid by card at a provider of payments; no card number comes here."""

import secrets
from typing import Self

from django.db import models
from django.db.models import F, Q

from rights.models.dossier import Dossier


def new_payment_reference() -> str:
    return secrets.token_urlsafe(18)


class PaymentState(models.TextChoices):
    STARTED = "started", "en cours"
    ACCEPTED = "accepted", "accepté"
    REFUSED = "refused", "refusé"
    ABANDONED = "abandoned", "abandonné"


class PaymentQuerySet(models.QuerySet):
    def started(self) -> Self:
        return self.filter(state=PaymentState.STARTED)

    def accepted(self) -> Self:
        return self.filter(state=PaymentState.ACCEPTED)

    def to_refund(self) -> Self:
        """Those of which more is to give back than was given back."""
        return self.filter(refund_cents__gt=F("refunded_cents"))


class Payment(models.Model):
    """One try to pay the remainder. It is accepted, refused or abandoned once for all."""

    dossier = models.ForeignKey(
        Dossier, models.PROTECT, related_name="payments", verbose_name="dossier"
    )
    reference = models.CharField(
        "référence", max_length=40, unique=True, default=new_payment_reference, editable=False
    )
    adapter = models.CharField("prestataire", max_length=40)
    amount_cents = models.PositiveIntegerField("montant (centimes)")
    state = models.CharField(
        "état", max_length=10, choices=PaymentState.choices, default=PaymentState.STARTED
    )
    # what is owed back, and what the provider of payments has given back
    refund_cents = models.PositiveIntegerField("à rembourser (centimes)", default=0)
    refunded_cents = models.PositiveIntegerField("remboursé (centimes)", default=0)
    started_at = models.DateTimeField("commencé le")
    resolved_at = models.DateTimeField("terminé le", null=True, blank=True)

    objects = PaymentQuerySet.as_manager()

    class Meta:
        verbose_name = "paiement"
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["dossier"],
                condition=Q(state=PaymentState.STARTED),
                name="payment_one_at_a_time",
                violation_error_message="Un paiement est déjà en cours pour ce dossier.",
            ),
            models.CheckConstraint(
                condition=Q(amount_cents__gt=0),
                name="payment_amount_is_positive",
                violation_error_message="Un paiement a un montant positif.",
            ),
            models.CheckConstraint(
                condition=Q(refund_cents__lte=F("amount_cents"))
                & Q(refunded_cents__lte=F("refund_cents")),
                name="payment_refund_is_within_it",
                violation_error_message="On ne rembourse pas plus que ce qui a été payé.",
            ),
            models.CheckConstraint(
                condition=Q(refund_cents=0) | Q(state=PaymentState.ACCEPTED),
                name="payment_refund_follows_acceptance",
                violation_error_message="Seul un paiement accepté se rembourse.",
            ),
            models.CheckConstraint(
                condition=Q(state=PaymentState.STARTED, resolved_at=None)
                | (~Q(state=PaymentState.STARTED) & Q(resolved_at__isnull=False)),
                name="payment_resolved_says_when",
                violation_error_message="Un paiement terminé dit quand il l’a été.",
            ),
        ]

    def __str__(self):
        return f"paiement n° {self.pk}"
