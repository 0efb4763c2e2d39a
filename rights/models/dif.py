"""The DIF that a person declares herself, with its proof (ordonnance n° 2019-861, art. 8)."""

from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from rights.models.ledger import RightsAccount

# Files that one person may send: the first, then one with each correction.
MAX_REVISIONS = 10


class DifState(models.TextChoices):
    TO_EXAMINE = "to_examine", "à examiner"
    ACCEPTED = "accepted", "accepté"
    REFUSED = "refused", "refusé"


class DifDeclarationQuerySet(models.QuerySet):
    def standing(self) -> Self:
        """Those whose hours count: waiting for an examination, or accepted."""
        return self.exclude(state=DifState.REFUSED)

    def to_examine(self) -> Self:
        """The queue of the staff, the oldest first."""
        return self.filter(state=DifState.TO_EXAMINE).order_by("submitted_at", "pk")

    def refused_and_unpaid(self, account: RightsAccount) -> Self:
        """Refused ones of which a part was used and may come back, the oldest first."""
        unpaid = Q(amount_cents__gt=models.F("taken_back_cents"))
        return self.filter(unpaid, account=account, state=DifState.REFUSED).order_by("pk")

    def proof_kept_since(self, moment: datetime) -> Self:
        """Those decided before `moment` whose file is still there."""
        return self.filter(decided_at__lt=moment).exclude(proof_name="")

    def latest_of(self, account: RightsAccount) -> "DifDeclaration | None":
        """Return the one to show to its holder: the standing one, else the last refused."""
        return self.filter(account=account).order_by("-pk").first() if account.pk else None


class DifDeclaration(models.Model):
    """Hours declared by their holder, credited at once, their proof examined afterwards."""

    account = models.ForeignKey(
        RightsAccount,
        models.PROTECT,
        related_name="dif_declarations",
        verbose_name="compte de droits",
        db_index=False,  # the index of the order begins with it
    )
    hours = models.PositiveSmallIntegerField("heures")
    amount_cents = models.BigIntegerField("montant (centimes)")
    legal_basis = models.CharField("base légale", max_length=200)
    revision = models.PositiveSmallIntegerField("version", default=1)
    state = models.CharField(
        "justificatif", max_length=12, choices=DifState.choices, default=DifState.TO_EXAMINE
    )
    # a name drawn at random in rights.proofs, empty once the file has served
    proof_name = models.CharField(max_length=32, blank=True, editable=False)
    proof_type = models.CharField("type de fichier", max_length=20, editable=False)
    declared_at = models.DateTimeField("déclaré le", auto_now_add=True)
    submitted_at = models.DateTimeField("justificatif reçu le")
    decided_at = models.DateTimeField("examiné le", null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="examiné par",
    )
    decision_reason = models.CharField("motif", max_length=300, blank=True)
    taken_back_cents = models.BigIntegerField("repris (centimes)", default=0)

    objects = DifDeclarationQuerySet.as_manager()

    class Meta:
        verbose_name = "déclaration de DIF"
        verbose_name_plural = "déclarations de DIF"
        permissions = [("examine_proof", "Examiner un justificatif de DIF")]
        indexes = [
            models.Index(fields=["account", "id"], name="dif_account_order"),
            models.Index(
                fields=["submitted_at"],
                name="dif_to_examine",
                condition=Q(state=DifState.TO_EXAMINE),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["account"],
                condition=~Q(state=DifState.REFUSED),
                name="dif_one_standing_declaration",
                violation_error_message="Le DIF de cette personne est déjà déclaré.",
            ),
            models.CheckConstraint(
                condition=Q(hours__gte=1) & Q(amount_cents__gte=1),
                name="dif_hours_are_positive",
                violation_error_message="Une déclaration porte au moins une heure.",
            ),
            models.CheckConstraint(
                condition=Q(revision__range=(1, MAX_REVISIONS)),
                name="dif_revisions_are_bounded",
                violation_error_message=f"Une déclaration se corrige {MAX_REVISIONS - 1} fois au plus.",
            ),
            models.CheckConstraint(
                condition=~Q(state=DifState.REFUSED) | ~Q(decision_reason=""),
                name="dif_refusal_has_a_reason",
                violation_error_message="Un refus porte un motif.",
            ),
            models.CheckConstraint(
                condition=Q(taken_back_cents__gte=0)
                & Q(taken_back_cents__lte=models.F("amount_cents")),
                name="dif_takes_back_what_was_given",
                violation_error_message="Un refus ne reprend pas plus que le montant déclaré.",
            ),
        ]

    def __str__(self):
        return f"déclaration de DIF n° {self.pk}"

    @property
    def is_standing(self) -> bool:
        return self.state != DifState.REFUSED

    @property
    def spent_cents(self) -> int:
        """What a refusal could not take back: it was used or reserved already."""
        return 0 if self.is_standing else self.amount_cents - self.taken_back_cents
