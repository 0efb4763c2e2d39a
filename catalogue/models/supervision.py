"""What the staff does to the catalogue: providers suspended, and the index built again."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from catalogue.models.offers import Provider


class ProviderSuspension(models.Model):
    """From when to when a provider was out of the catalogue, by whom and why; never changed by a file."""

    provider = models.ForeignKey(
        Provider, models.CASCADE, related_name="suspensions", verbose_name="organisme"
    )
    reason = models.CharField("motif", max_length=500)
    suspended_at = models.DateTimeField("suspendu le")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="suspendu par"
    )
    resume_reason = models.CharField("motif du retour", max_length=500, blank=True)
    resumed_at = models.DateTimeField("rétabli le", null=True, blank=True)
    resumed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="rétabli par",
    )

    class Meta:
        verbose_name = "suspension d’organisme"
        verbose_name_plural = "suspensions d’organismes"
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["provider"],
                condition=Q(resumed_at=None),
                name="provider_is_suspended_once_at_a_time",
                violation_error_message="Cet organisme est déjà suspendu.",
            ),
            models.CheckConstraint(
                condition=Q(resumed_at=None, resumed_by=None, resume_reason="")
                | Q(resumed_at__isnull=False, resumed_by__isnull=False) & ~Q(resume_reason=""),
                name="provider_is_resumed_by_somebody_for_a_reason",
                violation_error_message="Un retour a une date, un auteur et un motif.",
            ),
        ]

    def __str__(self):
        return f"suspension n° {self.pk}"


class RebuildState(models.TextChoices):
    WAITING = "waiting", "en attente"
    RUNNING = "running", "en cours"
    DONE = "done", "terminée"
    FAILED = "failed", "échouée"


class IndexRebuild(models.Model):
    """A reconstruction of the search index that a member of the staff asked for."""

    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="demandée par"
    )
    state = models.CharField(
        "état", max_length=8, choices=RebuildState.choices, default=RebuildState.WAITING
    )
    # of those that wait or run there is one at most
    is_open = models.BooleanField("à faire", default=True, editable=False)
    asked_at = models.DateTimeField("demandée le")
    started_at = models.DateTimeField("commencée le", null=True, blank=True)
    finished_at = models.DateTimeField("finie le", null=True, blank=True)
    offers = models.PositiveIntegerField("offres", null=True, blank=True)
    error = models.CharField("erreur", max_length=300, blank=True)

    class Meta:
        verbose_name = "reconstruction de l’index"
        verbose_name_plural = "index de la recherche"
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["is_open"],
                condition=Q(is_open=True),
                name="index_is_rebuilt_once_at_a_time",
                violation_error_message="Une reconstruction est déjà demandée.",
            )
        ]

    def __str__(self):
        return f"reconstruction n° {self.pk}"
