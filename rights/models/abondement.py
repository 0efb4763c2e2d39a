"""Rights given by somebody else than work: by whom, for what, until when (L6323-4, R6323-42-1)."""

from datetime import date
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Sum

from accounts.models import Titulaire
from catalogue.models import Certification
from rights.models.ledger import RightsAccount


class Financer(models.TextChoices):
    """Who may add to an account: Code du travail, art. L6323-4, II."""

    EMPLOYER = "employer", "Employeur"
    OPCO = "opco", "Opérateur de compétences"
    STATE = "state", "État"
    REGION = "region", "Région"
    FRANCE_TRAVAIL = "france_travail", "France Travail"
    AGEFIPH = "agefiph", "Agefiph"
    C2P = "c2p", "Compte professionnel de prévention"
    AT_MP = "at_mp", "Branche accidents du travail et maladies professionnelles"
    FAF = "faf", "Fonds d’assurance formation des indépendants"
    CHAMBER = "chamber", "Chambre de métiers"
    LOCAL = "local", "Autre collectivité territoriale"
    UNEDIC = "unedic", "Unédic"
    CIVIC = "civic", "Compte d’engagement citoyen"
    HEALTH = "health", "Réserve sanitaire"
    OTHER = "other", "Autre financeur"


class AbondementQuerySet(models.QuerySet):
    def for_titulaire(self, titulaire: Titulaire) -> Self:
        return self.filter(account__titulaire=titulaire)

    def alive(self, on: date) -> Self:
        """Those that can still be used on this day, or that never end."""
        return self.filter(
            Q(expires_on__isnull=True) | Q(expires_on__gte=on), remaining_cents__gt=0
        )

    def inconsistent(self) -> Self:
        """Those whose remainder is not the sum of their movements."""
        summed = self.annotate(movements_sum=Sum("movements__amount_cents", default=0))
        return summed.exclude(movements_sum=F("remaining_cents")).order_by("pk")

    def expired(self, on: date) -> Self:
        """Those whose last day is over and of which something remains to give back."""
        return self.filter(expires_on__lt=on, remaining_cents__gt=0).order_by("account_id", "pk")

    def usable_for(self, certification: Certification | None, on: date) -> Self:
        """Those that may pay for this certification, in the order of consumption.

        The reserved ones first, then those that end the soonest, then the oldest: what could be
        lost is used before what stays.
        """
        reserved = self.model.certifications.through.objects.filter(abondement=OuterRef("pk"))
        is_reserved = Exists(reserved)
        fits = Q(is_reserved=False)
        if certification is not None:
            fits |= Exists(reserved.filter(certification=certification))
        return (
            self.alive(on)
            .annotate(is_reserved=is_reserved)
            .filter(fits)
            .order_by("-is_reserved", F("expires_on").asc(nulls_last=True), "pk")
        )


class AbondementTerms(models.Model):
    """What its financer says of a top-up: written on it, and on the proposal that asks for it."""

    financer = models.CharField("financeur", max_length=20, choices=Financer.choices)
    financer_name = models.CharField("nom du financeur", max_length=120)
    is_used_before_cpf = models.BooleanField("utilisé avant le CPF", default=True)
    expires_on = models.DateField("utilisable jusqu’au", null=True, blank=True)
    certifications = models.ManyToManyField(
        Certification,
        blank=True,
        related_name="+",
        verbose_name="certifications",
        help_text="Vide\u00a0: utilisable pour toute formation.",
    )
    conditions = models.CharField(
        "conditions", max_length=300, blank=True, help_text="La personne les lit sur sa page."
    )
    legal_basis = models.CharField("base légale", max_length=200)

    class Meta:
        abstract = True


class Abondement(AbondementTerms):
    """One top-up, part of the pocket of the same name; what remains of it is never below zero."""

    account = models.ForeignKey(
        RightsAccount,
        models.PROTECT,
        related_name="abondements",
        verbose_name="compte de droits",
    )
    amount_cents = models.BigIntegerField("montant (centimes)")
    # What is neither reserved, nor spent, nor given back.
    remaining_cents = models.BigIntegerField("reste (centimes)", default=0, editable=False)
    granted_on = models.DateField("accordé le")
    refunded_cents = models.BigIntegerField("rendu (centimes)", default=0, editable=False)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name="saisi par",
    )
    idempotency_key = models.CharField(
        "clé d’idempotence", max_length=100, unique=True, editable=False
    )
    created_at = models.DateTimeField("enregistré le", auto_now_add=True)

    is_reserved: bool  # annotated by `usable_for`

    objects = AbondementQuerySet.as_manager()

    class Meta:
        verbose_name = "abondement"
        constraints = [
            models.CheckConstraint(
                condition=Q(amount_cents__gte=1),
                name="abondement_amount_is_positive",
                violation_error_message="Un abondement dépasse 0\u00a0€.",
            ),
            models.CheckConstraint(
                condition=Q(remaining_cents__gte=0, refunded_cents__gte=0)
                & Q(amount_cents__gte=F("remaining_cents") + F("refunded_cents")),
                name="abondement_remainder_is_within_it",
                violation_error_message="Il ne peut rester ni moins de 0 ni plus que le montant.",
            ),
            models.CheckConstraint(
                condition=Q(expires_on__isnull=True) | Q(expires_on__gte=F("granted_on")),
                name="abondement_ends_after_it_begins",
                violation_error_message="La date de fin vient après la date d’accord.",
            ),
        ]

    def __str__(self):
        return f"abondement n° {self.pk}"

    @property
    def used_cents(self) -> int:
        """What was spent or is reserved, in cents."""
        return self.amount_cents - self.remaining_cents - self.refunded_cents
