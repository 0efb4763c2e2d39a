"""Rights kept aside for a training, until they are spent or given back."""

from typing import Self

from django.db import models
from django.db.models import F, Q

from rights.models.ledger import RightsAccount


class ReservationState(models.TextChoices):
    HELD = "held", "Réservé"
    SPENT = "spent", "Utilisé"
    RELEASED = "released", "Rendu"


class ReservationQuerySet(models.QuerySet):
    def held(self) -> Self:
        return self.filter(state=ReservationState.HELD)


class Reservation(models.Model):
    """Two phases: an amount is reserved, then spent (at most as much) or released, once for all.

    Its movements tell from which pockets it came; `reference` is the file that asks for it, and its
    idempotence key.
    """

    account = models.ForeignKey(
        RightsAccount, models.PROTECT, related_name="reservations", verbose_name="compte de droits"
    )
    reference = models.CharField("référence", max_length=80, unique=True)
    state = models.CharField(
        "état", max_length=10, choices=ReservationState.choices, default=ReservationState.HELD
    )
    amount_cents = models.BigIntegerField("montant réservé (centimes)")
    spent_cents = models.BigIntegerField("montant utilisé (centimes)", default=0)
    created_at = models.DateTimeField("réservé le", auto_now_add=True)
    resolved_at = models.DateTimeField("réglé le", null=True, blank=True)

    objects = ReservationQuerySet.as_manager()

    class Meta:
        verbose_name = "réservation"
        constraints = [
            models.CheckConstraint(
                condition=Q(amount_cents__gt=0),
                name="reservation_amount_positive",
                violation_error_message="Une réservation a un montant positif.",
            ),
            models.CheckConstraint(
                condition=Q(spent_cents__gte=0, spent_cents__lte=F("amount_cents")),
                name="reservation_spends_what_it_holds",
                violation_error_message="Une réservation ne dépense pas plus que son montant.",
            ),
            models.CheckConstraint(
                condition=Q(state="spent", spent_cents__gt=0)
                | (~Q(state="spent") & Q(spent_cents=0)),
                name="reservation_spent_says_how_much",
                violation_error_message="Seule une réservation utilisée a une dépense.",
            ),
            models.CheckConstraint(
                condition=Q(state="held", resolved_at__isnull=True)
                | (~Q(state="held") & Q(resolved_at__isnull=False)),
                name="reservation_resolved_says_when",
                violation_error_message="Une réservation réglée porte le moment où elle l’a été.",
            ),
        ]

    def __str__(self):
        return f"réservation n° {self.pk}"
