"""What each import of the register's file did, for the staff who did not type the command."""

from typing import Self

from django.db import models


class ImportOutcome(models.TextChoices):
    DONE = "done", "Importé"
    REFUSED = "refused", "Refusé, rien n’est écrit"


class RegisterImportQuerySet(models.QuerySet):
    def newest_first(self) -> Self:
        return self.order_by("-pk")


class RegisterImport(models.Model):
    """The report of one run of import_rights; its problems name lines, never people."""

    file_name = models.CharField("fichier", max_length=200)
    outcome = models.CharField("résultat", max_length=10, choices=ImportOutcome.choices)
    lines = models.BigIntegerField("lignes lues", default=0)
    movements_created = models.BigIntegerField("mouvements créés", default=0)
    already_known = models.BigIntegerField("déjà connus", default=0)
    persons_created = models.BigIntegerField("personnes créées", default=0)
    bad_lines = models.BigIntegerField("lignes en erreur", default=0)
    problems = models.JSONField("premières anomalies", default=list)
    started_at = models.DateTimeField("commencé le")
    finished_at = models.DateTimeField("terminé le", auto_now_add=True)

    objects = RegisterImportQuerySet.as_manager()

    class Meta:
        verbose_name = "import du registre"
        verbose_name_plural = "imports du registre"

    def __str__(self):
        return f"import n° {self.pk}"
