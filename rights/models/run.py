"""The credit of a year: the feed that was read, how far the run is, and what it did."""

from typing import Self

from django.db import models
from django.db.models import Q

from accounts.models import Titulaire
from rights.models.ledger import FIRST_YEAR


class RunState(models.TextChoices):
    LOADING = "loading", "Lecture du fichier"
    REFUSED = "refused", "Fichier refusé"
    READY = "ready", "Prêt à créditer"
    CREDITING = "crediting", "En cours"
    DONE = "done", "Terminé"


class ActivityStatus(models.TextChoices):
    """What a person was in a part of the year, as the feed tells it."""

    SALARIE = "salarie", "Salarié"
    APPRENTI = "apprenti", "Apprenti"
    ESAT = "esat", "Accompagné en ESAT"
    INDEPENDANT = "independant", "Indépendant"
    AGENT_PUBLIC = "agent_public", "Agent public"
    AGENT_PUBLIC_C = "agent_public_c", "Agent public de catégorie C"


class YearlyRunQuerySet(models.QuerySet):
    def newest_first(self) -> Self:
        return self.order_by("-started_at", "-pk")


class YearlyRun(models.Model):
    """One feed for one year, known by its digest: the same file goes on where it stopped."""

    year = models.PositiveSmallIntegerField("année")
    feed_digest = models.CharField("empreinte du fichier", max_length=64)
    feed_name = models.CharField("fichier", max_length=200)
    state = models.CharField(
        "état", max_length=10, choices=RunState.choices, default=RunState.LOADING
    )
    effective_on = models.DateField("date d’effet")
    lines_read = models.BigIntegerField("lignes lues", default=0)
    lines_kept = models.BigIntegerField("lignes retenues", default=0)
    duplicate_lines = models.BigIntegerField("lignes en double", default=0)
    unknown_people = models.BigIntegerField("lignes de personnes inconnues", default=0)
    bad_lines = models.BigIntegerField("lignes en erreur", default=0)
    problems = models.JSONField("premières anomalies", default=list)
    cursor = models.BigIntegerField("dernier titulaire traité", default=0)
    people = models.BigIntegerField("personnes examinées", default=0)
    credited = models.BigIntegerField("personnes créditées", default=0)
    credited_cents = models.BigIntegerField("montant crédité (centimes)", default=0)
    hours_credited = models.BigIntegerField("heures créditées", default=0)
    already_credited = models.BigIntegerField("déjà créditées", default=0)
    at_cap = models.BigIntegerField("limitées par le plafond", default=0)
    started_at = models.DateTimeField("commencé le", auto_now_add=True)
    finished_at = models.DateTimeField("terminé le", null=True, blank=True)

    objects = YearlyRunQuerySet.as_manager()

    class Meta:
        verbose_name = "alimentation annuelle"
        verbose_name_plural = "alimentations annuelles"
        constraints = [
            models.UniqueConstraint(fields=["year", "feed_digest"], name="yearlyrun_one_a_feed"),
            models.CheckConstraint(
                condition=Q(year__range=(FIRST_YEAR, 2100)),
                name="yearlyrun_year_is_plausible",
                violation_error_message=f"L’année va de {FIRST_YEAR} à 2100.",
            ),
        ]

    def __str__(self):
        return f"alimentation {self.year} n° {self.pk}"


class Activity(models.Model):
    """One line of a feed, kept as long as its run: who worked how much, and as what.

    `work` counts twelfths of a year at full time, in rules.work.YEAR parts.
    """

    run = models.ForeignKey(YearlyRun, models.CASCADE, related_name="+", db_index=False)
    titulaire = models.ForeignKey(Titulaire, models.PROTECT, related_name="+", db_index=False)
    status = models.CharField(max_length=15, choices=ActivityStatus.choices)
    employer = models.CharField(max_length=14, blank=True)
    started_on = models.DateField()
    ended_on = models.DateField()
    work = models.BigIntegerField()

    class Meta:
        verbose_name = "activité déclarée"
        verbose_name_plural = "activités déclarées"
        constraints = [
            models.UniqueConstraint(
                fields=["run", "titulaire", "status", "employer", "started_on", "ended_on", "work"],
                name="activity_once",
            )
        ]

    def __str__(self):
        return f"activité n° {self.pk}"
