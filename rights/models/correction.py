"""A large correction or abondement, which waits for a second member of the staff."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from rights.models.abondement import AbondementTerms
from rights.models.ledger import MAX_AMOUNT_CENTS, Movement, Pocket, RightsAccount


class ProposalState(models.TextChoices):
    PENDING = "pending", "À valider"
    APPROVED = "approved", "Validée"
    REFUSED = "refused", "Refusée"


class CorrectionProposalQuerySet(models.QuerySet):
    def pending(self) -> Self:
        """Those that wait, the oldest first."""
        return self.filter(state=ProposalState.PENDING).order_by("proposed_at", "pk")


class CorrectionProposal(AbondementTerms):
    """A correction; or an abondement, whose terms it bears then, and which always has a financer."""

    account = models.ForeignKey(
        RightsAccount, models.PROTECT, related_name="+", verbose_name="compte de droits"
    )
    pocket = models.CharField("poche", max_length=12, choices=Pocket.choices)
    amount_cents = models.BigIntegerField("montant (centimes)")
    reason = models.CharField("motif", max_length=300)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="proposée par"
    )
    proposed_at = models.DateTimeField("proposée le", auto_now_add=True)
    state = models.CharField(
        "état", max_length=10, choices=ProposalState.choices, default=ProposalState.PENDING
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="décidée par",
    )
    decided_at = models.DateTimeField("décidée le", null=True, blank=True)
    movement = models.OneToOneField(
        Movement, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="mouvement"
    )
    idempotency_key = models.CharField("clé d’idempotence", max_length=100, unique=True)

    objects = CorrectionProposalQuerySet.as_manager()

    class Meta:
        verbose_name = "correction ou abondement à valider"
        verbose_name_plural = "corrections et abondements à valider"
        constraints = [
            models.CheckConstraint(
                condition=Q(amount_cents__range=(-MAX_AMOUNT_CENTS, MAX_AMOUNT_CENTS))
                & ~Q(amount_cents=0),
                name="correctionproposal_amount_is_plausible",
                violation_error_message="Une correction a un montant différent de zéro.",
            ),
            models.CheckConstraint(
                condition=Q(financer="", financer_name="")
                | (~Q(financer="") & Q(pocket=Pocket.ABONDEMENT, amount_cents__gte=1)),
                name="correctionproposal_abondement_is_one",
                violation_error_message="Un abondement ajoute à sa poche, de la part d’un financeur.",
            ),
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="correctionproposal_has_a_reason",
                violation_error_message="Une correction porte un motif.",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("proposed_by")),
                name="correctionproposal_needs_two_people",
                violation_error_message="Une autre personne doit valider cette correction.",
            ),
            models.CheckConstraint(
                condition=Q(state="pending", decided_by__isnull=True, decided_at__isnull=True)
                | (~Q(state="pending") & Q(decided_by__isnull=False, decided_at__isnull=False)),
                name="correctionproposal_decided_by_somebody",
                violation_error_message="Une décision a un auteur et une date.",
            ),
            models.CheckConstraint(
                condition=Q(state="approved", movement__isnull=False)
                | (~Q(state="approved") & Q(movement__isnull=True)),
                name="correctionproposal_approved_has_its_movement",
                violation_error_message="Une correction validée a son mouvement.",
            ),
        ]

    def __str__(self):
        return f"{self.noun} à valider n° {self.pk}"

    @property
    def is_abondement(self) -> bool:
        return self.financer != ""

    @property
    def noun(self) -> str:
        return "abondement" if self.is_abondement else "correction"
