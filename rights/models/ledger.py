"""What a person holds: a ledger of immutable movements, and its cached balance per pocket.

The account is counted in euros and moved only with its holder's agreement (Code du travail,
art. L6323-2); what is written on it stays hers when she changes job or loses it (art. L6323-3).
"""

from datetime import date
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Sum, Window
from django.db.models.functions import Cast, Coalesce

from accounts.append_only import AppendOnlyModel, AppendOnlyQuerySet
from accounts.models import Titulaire

# No right comes near one million euros: beyond, a file or a hand has slipped.
MAX_AMOUNT_CENTS = 1_000_000_00
# Two years in advance are 100 hours at most; the rule itself is in rights.services.agent_hours.
MAX_ADVANCE_HOURS = 200
# The DIF, the oldest of these rights, was created by the loi n° 2004-391 du 4 mai 2004.
FIRST_YEAR = 2004


class Pocket(models.TextChoices):
    CPF = "cpf", "CPF"
    DIF = "dif", "DIF"
    ABONDEMENT = "abondement", "abondement"

    @property
    def balance_field(self) -> str:
        """The field of the account that caches this pocket."""
        return f"{self.value}_cents"


class MovementKind(models.TextChoices):
    YEARLY_CREDIT = "yearly_credit", "Alimentation annuelle"
    HOURS_CONVERSION = "hours_conversion", "Conversion d’heures en euros"
    DIF = "dif", "Heures de DIF"
    ABONDEMENT = "abondement", "Abondement"
    CORRECTION = "correction", "Correction"
    RESERVATION = "reservation", "Réservation pour une formation"
    RELEASE = "release", "Réservation rendue"
    SPEND = "spend", "Formation payée"
    EXPIRY = "expiry", "Abondement arrivé à son terme"
    DIF_WITHDRAWAL = "dif_withdrawal", "Retrait d’heures de DIF"


POCKET_OF = {
    MovementKind.YEARLY_CREDIT: Pocket.CPF,
    MovementKind.HOURS_CONVERSION: Pocket.CPF,
    MovementKind.DIF: Pocket.DIF,
    MovementKind.ABONDEMENT: Pocket.ABONDEMENT,
    MovementKind.EXPIRY: Pocket.ABONDEMENT,
    MovementKind.DIF_WITHDRAWAL: Pocket.DIF,
}
RESERVATION_KINDS = (MovementKind.RESERVATION, MovementKind.RELEASE, MovementKind.SPEND)
DECREASES = (
    MovementKind.RESERVATION,
    MovementKind.SPEND,
    MovementKind.EXPIRY,
    MovementKind.DIF_WITHDRAWAL,
)


class ClosingReason(models.TextChoices):
    """Why rights can neither grow nor be used any more (Code du travail, art. L5151-2, L6323-3)."""

    RETIREMENT = "retirement", "Retraite à taux plein"
    DEATH = "death", "Décès"


class RightsAccountQuerySet(models.QuerySet):
    def for_titulaire(self, titulaire: Titulaire) -> Self:
        """The account of this person, or none while nothing was ever credited."""
        return self.filter(titulaire=titulaire)

    def held_by(self, titulaire: Titulaire) -> "RightsAccount":
        """Return her account; an unsaved and empty one while nothing was ever credited."""
        return self.for_titulaire(titulaire).first() or self.model(titulaire=titulaire)

    def with_movement_sums(self) -> Self:
        """Annotate `cpf_sum`, `dif_sum` and `abondement_sum`, in cents, read from the movements."""
        return self.annotate(
            **{
                f"{pocket}_sum": Coalesce(
                    Sum("movements__amount_cents", filter=Q(movements__pocket=pocket)), 0
                )
                for pocket in Pocket.values
            }
        )

    def inconsistent(self) -> Self:
        """Accounts whose cached balance is not the sum of its movements, or whose sum is negative."""
        wrong = Q()
        for pocket in Pocket:
            wrong |= ~Q(**{f"{pocket}_sum": F(pocket.balance_field)})
            wrong |= Q(**{f"{pocket}_sum__lt": 0})
        return self.with_movement_sums().filter(wrong).order_by("pk")

    def orphaned(self) -> Self:
        """Accounts of nobody: no foreign key allows them, a damaged database may hold some."""
        holders = Titulaire.objects.filter(pk=OuterRef("titulaire_id"))
        return self.filter(~Exists(holders)).order_by("pk")


class RightsAccount(models.Model):
    titulaire = models.OneToOneField(
        Titulaire, models.PROTECT, related_name="rights_account", verbose_name="titulaire"
    )
    # Cached sums of the movements, in cents; check_ledger compares them.
    cpf_cents = models.BigIntegerField("CPF (centimes)", default=0, editable=False)
    dif_cents = models.BigIntegerField("DIF (centimes)", default=0, editable=False)
    abondement_cents = models.BigIntegerField("abondements (centimes)", default=0, editable=False)
    # What the reservations that still stand took from each pocket.
    cpf_reserved_cents = models.BigIntegerField("CPF réservé", default=0, editable=False)
    dif_reserved_cents = models.BigIntegerField("DIF réservé", default=0, editable=False)
    abondement_reserved_cents = models.BigIntegerField(
        "abondements réservés", default=0, editable=False
    )
    public_hours = models.IntegerField("heures d’agent public", default=0, editable=False)
    unfitness_hours = models.IntegerField(
        "heures pour prévenir une inaptitude", default=0, editable=False
    )
    closed_on = models.DateField("fermé depuis le", null=True, blank=True)
    closing_reason = models.CharField(
        "motif de fermeture", max_length=20, choices=ClosingReason.choices, blank=True
    )
    opened_at = models.DateTimeField("ouvert le", auto_now_add=True)

    objects = RightsAccountQuerySet.as_manager()

    class Meta:
        verbose_name = "compte de droits"
        verbose_name_plural = "comptes de droits"
        permissions = [
            ("correct_rights", "Corriger les droits d’une personne"),
            ("approve_correction", "Valider la correction proposée par un autre agent"),
        ]
        constraints = [
            *(
                models.CheckConstraint(
                    condition=Q(**{f"{pocket}_cents__gte": 0}),
                    name=f"rightsaccount_{pocket}_not_negative",
                    violation_error_message="Le solde ne peut pas être négatif.",
                )
                for pocket in Pocket.values
            ),
            models.CheckConstraint(
                condition=Q(
                    cpf_reserved_cents__gte=0,
                    dif_reserved_cents__gte=0,
                    abondement_reserved_cents__gte=0,
                ),
                name="rightsaccount_reserved_not_negative",
                violation_error_message="Un montant réservé ne peut pas être négatif.",
            ),
            models.CheckConstraint(
                condition=Q(public_hours__gte=-MAX_ADVANCE_HOURS, unfitness_hours__gte=0),
                name="rightsaccount_hours_not_negative",
                violation_error_message="Le compteur d’heures ne descend pas au-delà d’une avance.",
            ),
            models.CheckConstraint(
                condition=Q(closed_on__isnull=True, closing_reason="")
                | (Q(closed_on__isnull=False) & ~Q(closing_reason="")),
                name="rightsaccount_closing_has_a_reason",
                violation_error_message="Un compte fermé l’est à une date et pour un motif.",
            ),
        ]

    def __str__(self):
        return f"compte de droits n° {self.pk}"

    @property
    def available_cents(self) -> int:
        """All that can be used, in cents, the DIF included (ordonnance n° 2019-861, art. 8)."""
        return self.cpf_cents + self.dif_cents + self.abondement_cents

    @property
    def dif_share_cents(self) -> int:
        """The part of `available_cents` that comes from the DIF: never added on top of it."""
        return self.dif_cents

    @property
    def reserved_cents(self) -> int:
        """What reservations that still stand keep aside, in cents: no longer in `available_cents`."""
        return self.cpf_reserved_cents + self.dif_reserved_cents + self.abondement_reserved_cents

    @property
    def capped_cents(self) -> int:
        """What the cap of the yearly credit is compared with: CPF and DIF, reserved or not, in cents.

        Abondements go beyond the cap (Code du travail, art. L6323-4, II), the DIF counts in it
        (ordonnance n° 2019-861, art. 8).
        """
        return self.cpf_cents + self.cpf_reserved_cents + self.dif_cents + self.dif_reserved_cents

    @property
    def advance_hours(self) -> int:
        """The hours of a public agent that were used before they were acquired."""
        return max(0, -self.public_hours)

    def is_closed(self, on: date) -> bool:
        return self.closed_on is not None and self.closed_on <= on


class MovementQuerySet(AppendOnlyQuerySet):
    def for_titulaire(self, titulaire: Titulaire) -> Self:
        return self.filter(account__titulaire=titulaire)

    def newest_first(self) -> Self:
        return self.order_by("-effective_on", "-pk")

    def with_balance(self) -> Self:
        """Annotate `balance_cents`: what the account holds after each movement, all pockets together."""
        running = Window(
            Sum("amount_cents"), partition_by="account_id", order_by=["effective_on", "pk"]
        )
        # PostgreSQL sums bigint into numeric: back to cents
        return self.annotate(balance_cents=Cast(running, models.BigIntegerField()))

    def orphaned(self) -> Self:
        """Movements of no account: no foreign key allows them, a damaged database may hold some."""
        accounts = RightsAccount.objects.filter(pk=OuterRef("account_id"))
        return self.filter(~Exists(accounts)).order_by("pk")


class Movement(AppendOnlyModel):
    """One line of the ledger. It is never changed nor removed: an error is mended by another line.

    The database refuses it too (rights.triggers).
    """

    account = models.ForeignKey(
        RightsAccount,
        models.PROTECT,
        related_name="movements",
        verbose_name="compte de droits",
        db_index=False,  # the index of the day begins with it
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
        db_index=False,  # three partial indexes below: most movements have none of these
    )
    abondement = models.ForeignKey(
        "rights.Abondement",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="movements",
        verbose_name="abondement",
        db_index=False,
    )
    reservation = models.ForeignKey(
        "rights.Reservation",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="movements",
        verbose_name="réservation",
        db_index=False,
    )
    # the rule and the figures that gave the amount, for « Pourquoi ce montant ? »
    details = models.JSONField("calcul", default=dict, blank=True)
    recorded_at = models.DateTimeField("enregistré le", auto_now_add=True)

    objects = MovementQuerySet.as_manager()

    class Meta:
        verbose_name = "mouvement"
        permissions = [("export_movements", "Exporter des mouvements")]
        indexes = [
            models.Index(fields=["account", "effective_on"], name="movement_account_day"),
            *(
                models.Index(
                    fields=[name],
                    name=f"movement_{name}",
                    condition=Q(**{f"{name}__isnull": False}),
                )
                for name in ("author", "abondement", "reservation")
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(amount_cents__range=(-MAX_AMOUNT_CENTS, MAX_AMOUNT_CENTS))
                & ~Q(amount_cents=0),
                name="movement_amount_is_plausible",
                violation_error_message=(
                    "Un mouvement a un montant différent de zéro et d’un million d’euros au plus."
                ),
            ),
            models.CheckConstraint(
                condition=Q(kind=MovementKind.CORRECTION)
                | Q(kind__in=DECREASES, amount_cents__lt=0)
                | (~Q(kind__in=DECREASES) & Q(amount_cents__gt=0)),
                name="movement_amount_fits_its_kind",
                violation_error_message="La nature du mouvement dit s’il ajoute ou s’il retire.",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=RESERVATION_KINDS, reservation__isnull=False)
                | (~Q(kind__in=RESERVATION_KINDS) & Q(reservation__isnull=True)),
                name="movement_reservation_fits_its_kind",
                violation_error_message="Réserver, rendre et payer concernent une réservation.",
            ),
            models.CheckConstraint(
                condition=Q(abondement__isnull=True) | Q(pocket=Pocket.ABONDEMENT),
                name="movement_abondement_fits_its_pocket",
                violation_error_message="Un abondement ne change que sa poche.",
            ),
            # each phase of a reservation happens once in each of its parts
            models.UniqueConstraint(
                fields=["reservation", "kind", "pocket", "abondement"],
                condition=Q(abondement__isnull=False),
                name="movement_phase_once_an_abondement",
            ),
            models.UniqueConstraint(
                fields=["reservation", "kind", "pocket"],
                condition=Q(abondement__isnull=True, reservation__isnull=False),
                name="movement_phase_once_a_pocket",
            ),
            models.CheckConstraint(
                condition=~Q(kind=MovementKind.CORRECTION) | ~Q(reason=""),
                name="movement_correction_has_a_reason",
                violation_error_message="Une correction porte un motif.",
            ),
            models.CheckConstraint(
                condition=Q(
                    Q(
                        kind__in=[MovementKind.CORRECTION, *RESERVATION_KINDS],
                        pocket__in=Pocket.values,
                    ),
                    *(Q(kind=kind, pocket=pocket) for kind, pocket in POCKET_OF.items()),
                    _connector=Q.OR,
                ),
                name="movement_pocket_fits_its_kind",
                violation_error_message="La poche ne correspond pas à la nature du mouvement.",
            ),
            models.CheckConstraint(
                condition=Q(year__isnull=True) | Q(year__range=(FIRST_YEAR, 2100)),
                name="movement_year_is_plausible",
                violation_error_message=f"L’année va de {FIRST_YEAR} à 2100.",
            ),
        ]

    def __str__(self):
        return f"mouvement n° {self.pk}"
