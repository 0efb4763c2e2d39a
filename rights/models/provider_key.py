"""How the software of a provider enters: a key that is kept as a keyed hash, and what was done with it."""

from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from catalogue.models import Provider


class Scope(models.TextChoices):
    """What a key allows; each is a column of the key."""

    READ = "can_read", "lire les dossiers"
    ANSWER = "can_answer", "répondre aux demandes"
    DECLARE = "can_declare", "déclarer entrées, sorties, service fait et absences"


class ProviderKeyQuerySet(models.QuerySet):
    def usable(self, now: datetime) -> Self:
        """Neither revoked nor expired at `now`, of a provider that is not suspended."""
        return self.filter(
            revoked_at=None,
            expires_on__gte=timezone.localdate(now),
            provider__is_suspended=False,
        )


class ProviderKey(models.Model):
    """The key of one provider's software. The secret is shown once, when the key is made."""

    provider = models.ForeignKey(
        Provider, models.CASCADE, related_name="api_keys", verbose_name="organisme"
    )
    label = models.CharField(
        "logiciel", max_length=80, help_text="Par exemple\u00a0: gestion des inscriptions, poste 2."
    )
    # What follows « mcf_ » up to the next « _ »: names the key in the lists, opens nothing.
    prefix = models.CharField("début de la clé", max_length=8, unique=True, editable=False)
    secret_hash = models.CharField(max_length=64, unique=True, editable=False)
    can_read = models.BooleanField("peut lire", default=True)
    can_answer = models.BooleanField("peut répondre", default=False)
    can_declare = models.BooleanField("peut déclarer", default=False)
    expires_on = models.DateField("dernier jour de validité")
    created_at = models.DateTimeField("créée le", auto_now_add=True)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,  # made by the demonstration data
        related_name="+",
        verbose_name="créée par",
    )
    last_used_at = models.DateTimeField("dernier usage", null=True, blank=True, editable=False)
    revoked_at = models.DateTimeField("révoquée le", null=True, blank=True, editable=False)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name="révoquée par",
    )

    objects = ProviderKeyQuerySet.as_manager()

    class Meta:
        verbose_name = "clé d’organisme"
        verbose_name_plural = "clés d’organismes"
        constraints = [
            models.CheckConstraint(
                condition=Q(can_read=True) | Q(can_answer=True) | Q(can_declare=True),
                name="providerkey_allows_something",
                violation_error_message="Une clé permet au moins une chose.",
            ),
            models.CheckConstraint(
                condition=Q(revoked_at__isnull=False) | Q(revoked_by=None),
                name="providerkey_revoked_by_with_a_date",
                violation_error_message="Une révocation a une date.",
            ),
        ]

    def __str__(self):
        return f"clé d’organisme n° {self.pk}"

    @property
    def scopes(self) -> list[Scope]:
        return [scope for scope in Scope if getattr(self, scope)]

    def allows(self, scope: Scope) -> bool:
        return bool(getattr(self, scope))


class ProviderCallQuerySet(models.QuerySet):
    def before(self, moment: datetime) -> Self:
        return self.filter(called_at__lt=moment)


class ProviderCall(models.Model):
    """One call of the API: which key, which operation, which answer; nothing on any person."""

    key = models.ForeignKey(
        ProviderKey, models.CASCADE, related_name="calls", verbose_name="clé d’organisme"
    )
    operation = models.CharField("opération", max_length=40)
    status = models.PositiveSmallIntegerField("réponse")
    called_at = models.DateTimeField("le", db_index=True)

    objects = ProviderCallQuerySet.as_manager()

    class Meta:
        verbose_name = "appel d’organisme"
        verbose_name_plural = "appels d’organismes"

    def __str__(self):
        return f"appel d’organisme n° {self.pk}"


REPLAYED_FOR = timedelta(days=7)


class ProviderOrder(models.Model):
    """An order that was carried out, so that the same one sent again does nothing more.

    It holds the digest of what was asked, not the text.
    """

    key = models.ForeignKey(
        ProviderKey, models.CASCADE, related_name="orders", verbose_name="clé d’organisme"
    )
    idempotency_key = models.CharField("clé d’idempotence", max_length=100)
    digest = models.CharField(max_length=64, editable=False)
    done_at = models.DateTimeField("exécuté le", auto_now_add=True, db_index=True)

    objects = models.Manager()

    class Meta:
        verbose_name = "ordre d’organisme"
        verbose_name_plural = "ordres d’organismes"
        constraints = [
            models.UniqueConstraint(
                fields=["key", "idempotency_key"],
                name="providerorder_is_carried_out_once",
                violation_error_message="Cet ordre a déjà été exécuté.",
            )
        ]

    def __str__(self):
        return f"ordre d’organisme n° {self.pk}"
