"""A number changed hands: what the support has to look at, and what is left of the account of before."""

from django.conf import settings
from django.db import models

from accounts.models.support import SupportRequest
from accounts.models.titulaire import Titulaire


class TakeOverWay(models.TextChoices):
    FRANCECONNECT = "franceconnect", "reprise par la personne, avec FranceConnect"
    SUPPORT = "support", "retrait par l’assistance"


class TakeOverQuerySet(models.QuerySet):
    def pending(self):
        """Those that nobody of the staff has seen, the oldest first."""
        return self.filter(seen_at=None).order_by("happened_at", "pk")

    def before(self, moment):
        return self.filter(happened_at__lt=moment)


class TakeOver(models.Model):
    """An account that nobody had verified ended, for the holder of its number. Nothing of him is kept."""

    titulaire = models.ForeignKey(
        Titulaire,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="take_overs",
        verbose_name="titulaire",
    )
    way = models.CharField("comment", max_length=20, choices=TakeOverWay.choices)
    happened_at = models.DateTimeField("le")
    # --- the account of before
    account = models.PositiveBigIntegerField("ancien compte n°")
    signed_up_at = models.DateTimeField("ancien compte créé le")
    last_seen_at = models.DateTimeField("dernière connexion", null=True, blank=True)
    # --- what was taken out of the identity, and what could not be
    declarations = models.PositiveIntegerField("déclarations retirées", default=0)
    dif_cents = models.PositiveIntegerField("DIF repris (centimes)", default=0)
    dif_spent_cents = models.PositiveIntegerField("DIF déjà utilisé (centimes)", default=0)
    rights_spent_cents = models.PositiveIntegerField("droits dépensés (centimes)", default=0)
    requests_cancelled = models.PositiveIntegerField("demandes annulées", default=0)
    enrolments_left = models.PositiveIntegerField("inscriptions à examiner", default=0)
    # --- who decided it, when the support did
    request = models.ForeignKey(
        SupportRequest,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="demande",
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="agent",
    )
    # --- who of the staff looked at it
    seen_at = models.DateTimeField("vue le", null=True, blank=True)
    seen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="vue par",
    )

    objects = TakeOverQuerySet.as_manager()

    class Meta:
        verbose_name = "reprise de compte"
        verbose_name_plural = "reprises de compte"
        ordering = ["-pk"]
        indexes = [
            models.Index(
                fields=["happened_at"],
                name="takeover_pending",
                condition=models.Q(seen_at__isnull=True),
            )
        ]

    def __str__(self):
        return f"reprise n° {self.pk}"
