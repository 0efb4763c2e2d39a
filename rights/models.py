"""What a person holds: a ledger of immutable movements, and its cached balance per pocket."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models import Titulaire


class Pocket(models.TextChoices):
    CPF = "cpf", "CPF"
    DIF = "dif", "DIF"
    ABONDEMENT = "abondement", "abondement"


class MovementKind(models.TextChoices):
    YEARLY_CREDIT = "yearly_credit", "Alimentation annuelle"
    HOURS_CONVERSION = "hours_conversion", "Conversion des heures acquises avant 2019"
    DIF = "dif", "Heures de DIF"
    ABONDEMENT = "abondement", "Abondement"
    CORRECTION = "correction", "Correction"


class RightsAccountQuerySet(models.QuerySet):
    def for_titulaire(self, titulaire: Titulaire):
        """The account of this person, or none while nothing was ever credited."""
        return self.filter(titulaire=titulaire)


class RightsAccount(models.Model):
    titulaire = models.OneToOneField(
        Titulaire, models.PROTECT, related_name="rights_account", verbose_name="titulaire"
    )
    # Cached sums of the movements, in cents; check_ledger compares them.
    cpf_cents = models.BigIntegerField("CPF (centimes)", default=0, editable=False)
    dif_cents = models.BigIntegerField("DIF (centimes)", default=0, editable=False)
    abondement_cents = models.BigIntegerField("abondements (centimes)", default=0, editable=False)
    opened_at = models.DateTimeField("ouvert le", auto_now_add=True)

    objects = RightsAccountQuerySet.as_manager()

    class Meta:
        verbose_name = "compte de droits"
        verbose_name_plural = "comptes de droits"
        constraints = [
            models.CheckConstraint(
                condition=Q(**{f"{pocket}_cents__gte": 0}),
                name=f"rightsaccount_{pocket}_not_negative",
                violation_error_message="Le solde ne peut pas être négatif.",
            )
            for pocket in Pocket.values
        ]

    def __str__(self):
        return f"compte de droits n° {self.pk}"

    @property
    def total_cents(self) -> int:
        """All that can be used, in cents; the DIF is a part of it, never added on top."""
        return self.cpf_cents + self.dif_cents + self.abondement_cents


class MovementQuerySet(models.QuerySet):
    def for_titulaire(self, titulaire: Titulaire):
        return self.filter(account__titulaire=titulaire)

    def newest_first(self):
        return self.order_by("-effective_on", "-pk")


class Movement(models.Model):
    """One line of the ledger. It is never changed nor removed: an error is mended by another line."""

    account = models.ForeignKey(
        RightsAccount, models.PROTECT, related_name="movements", verbose_name="compte de droits"
    )
    kind = models.CharField("nature", max_length=30, choices=MovementKind.choices)
    pocket = models.CharField("poche", max_length=12, choices=Pocket.choices)
    amount_cents = models.BigIntegerField("montant (centimes)")
    effective_on = models.DateField("date d’effet")
    year = models.PositiveSmallIntegerField("au titre de l’année", null=True, blank=True)
    source = models.CharField("origine", max_length=120)
    legal_basis = models.CharField("base légale", max_length=200, blank=True)
    reason = models.CharField("motif", max_length=300, blank=True)
    idempotency_key = models.CharField("clé d’idempotence", max_length=120, unique=True)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="auteur",
    )
    recorded_at = models.DateTimeField("enregistré le", auto_now_add=True)

    objects = MovementQuerySet.as_manager()

    class Meta:
        verbose_name = "mouvement"
        indexes = [models.Index(fields=["account", "effective_on"])]
        constraints = [
            models.CheckConstraint(
                condition=~Q(amount_cents=0),
                name="movement_amount_not_zero",
                violation_error_message="Un mouvement a un montant différent de zéro.",
            ),
            models.CheckConstraint(
                condition=Q(kind=MovementKind.CORRECTION) | Q(amount_cents__gt=0),
                name="movement_only_corrections_take_back",
                violation_error_message="Seule une correction peut diminuer les droits.",
            ),
            models.CheckConstraint(
                condition=~Q(kind=MovementKind.CORRECTION) | ~Q(reason=""),
                name="movement_correction_has_a_reason",
                violation_error_message="Une correction porte un motif.",
            ),
        ]

    def __str__(self):
        return f"mouvement n° {self.pk}"
