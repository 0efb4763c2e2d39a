"""The counter of a public agent, in hours, apart from the euros."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.append_only import AppendOnlyModel, AppendOnlyQuerySet
from accounts.models import Titulaire
from rights.models.ledger import FIRST_YEAR, RightsAccount


class HoursKind(models.TextChoices):
    YEARLY_CREDIT = "yearly_credit", "Alimentation annuelle"
    CONVERSION = "conversion", "Conversion en euros"
    CORRECTION = "correction", "Correction"
    USE = "use", "Formation suivie avec l’employeur"
    # to prevent unfitness: beyond the cap, for one project, on a counter of their own
    UNFITNESS = "unfitness", "Heures pour prévenir une inaptitude"
    UNFITNESS_USE = "unfitness_use", "Heures de prévention utilisées"


UNFITNESS_KINDS = (HoursKind.UNFITNESS, HoursKind.UNFITNESS_USE)


class HoursMovementQuerySet(AppendOnlyQuerySet):
    def for_titulaire(self, titulaire: Titulaire) -> Self:
        return self.filter(account__titulaire=titulaire)

    def newest_first(self) -> Self:
        return self.order_by("-effective_on", "-pk")


class HoursMovement(AppendOnlyModel):
    """One line of the hours: never changed nor removed, like a movement (rights.triggers)."""

    account = models.ForeignKey(
        RightsAccount,
        models.PROTECT,
        related_name="hours_movements",
        verbose_name="compte de droits",
        db_index=False,  # the index of the day begins with it
    )
    kind = models.CharField("nature", max_length=20, choices=HoursKind.choices)
    hours = models.IntegerField("heures")
    effective_on = models.DateField("date d’effet")
    year = models.PositiveSmallIntegerField("au titre de l’année", null=True, blank=True)
    source = models.CharField("origine", max_length=120)
    legal_basis = models.CharField("base légale", max_length=200, blank=True)
    reason = models.CharField("motif", max_length=300, blank=True)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="auteur",
        db_index=False,
    )
    idempotency_key = models.CharField("clé d’idempotence", max_length=120, unique=True)
    recorded_at = models.DateTimeField("enregistré le", auto_now_add=True)

    objects = HoursMovementQuerySet.as_manager()

    class Meta:
        verbose_name = "mouvement d’heures"
        verbose_name_plural = "mouvements d’heures"
        indexes = [models.Index(fields=["account", "effective_on"], name="hours_account_day")]
        constraints = [
            models.CheckConstraint(
                condition=Q(hours__range=(-1000, 1000)) & ~Q(hours=0),
                name="hours_are_plausible",
                violation_error_message="Un mouvement a de 1 à 1000 heures, en plus ou en moins.",
            ),
            models.CheckConstraint(
                condition=Q(kind="yearly_credit", hours__gt=0, year__isnull=False)
                | Q(kind="conversion", hours__lt=0)
                | (Q(kind="correction") & ~Q(reason=""))
                | (Q(kind="unfitness", hours__gt=0) & ~Q(reason=""))
                | (Q(kind__in=["use", "unfitness_use"], hours__lt=0) & ~Q(reason="")),
                name="hours_fit_their_kind",
                violation_error_message="Les heures ne correspondent pas à la nature du mouvement.",
            ),
            models.CheckConstraint(
                condition=Q(year__isnull=True) | Q(year__range=(FIRST_YEAR, 2100)),
                name="hours_year_is_plausible",
                violation_error_message=f"L’année va de {FIRST_YEAR} à 2100.",
            ),
        ]

    def __str__(self):
        return f"mouvement d’heures n° {self.pk}"

    @property
    def counter_field(self) -> str:
        """The field of the account that caches the sum of these movements."""
        return "unfitness_hours" if self.kind in UNFITNESS_KINDS else "public_hours"
