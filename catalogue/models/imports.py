"""What became of each file that was given to the catalogue."""

from django.db import models


class ImportState(models.TextChoices):
    WAITING = "waiting", "en attente"
    RUNNING = "running", "en cours"
    DONE = "done", "importé"
    TRIED = "tried", "essayé, rien n’a changé"
    REFUSED = "refused", "refusé, rien n’a changé"


class ImportReport(models.Model):
    """One file, what it changed, or the sentence that says why it changed nothing."""

    file_name = models.CharField("fichier", max_length=200)
    format = models.CharField("format", max_length=40, blank=True)
    source = models.CharField("source", max_length=40, blank=True)
    state = models.CharField(
        "état", max_length=10, choices=ImportState.choices, default=ImportState.WAITING
    )
    is_dry_run = models.BooleanField("essai à blanc", default=False)
    is_confirmed = models.BooleanField("retraits nombreux confirmés", default=False)
    reason = models.TextField("raison du refus", blank=True)
    # of the file: the line where it was refused, when there is one
    line = models.PositiveIntegerField("ligne", null=True, blank=True)
    read_count = models.PositiveIntegerField("lues", default=0)
    added_count = models.PositiveIntegerField("ajoutées", default=0)
    changed_count = models.PositiveIntegerField("modifiées", default=0)
    unchanged_count = models.PositiveIntegerField("inchangées", default=0)
    removed_count = models.PositiveIntegerField("retirées", default=0)
    refused_count = models.PositiveIntegerField("éléments refusés", default=0)
    corrected_count = models.PositiveIntegerField("éléments corrigés", default=0)
    warning_count = models.PositiveIntegerField("avertissements", default=0)
    created_at = models.DateTimeField("demandé", auto_now_add=True)
    finished_at = models.DateTimeField("terminé", null=True, blank=True)

    class Meta:
        verbose_name = "import du catalogue"
        verbose_name_plural = "imports du catalogue"
        ordering = ["-pk"]

    def __str__(self):
        return f"import n° {self.pk}"


class ImportLevel(models.TextChoices):
    REFUSED = "refused", "refusé"
    CORRECTED = "corrected", "corrigé"
    WARNING = "warning", "à vérifier"


class ImportLine(models.Model):
    """An element that was refused, corrected or doubtful; the first of them, the others are counted."""

    report = models.ForeignKey(
        ImportReport, models.CASCADE, related_name="lines", verbose_name="import"
    )
    line = models.PositiveIntegerField("ligne", null=True, blank=True)
    number = models.CharField("numéro", max_length=60, blank=True)
    level = models.CharField("suite donnée", max_length=10, choices=ImportLevel.choices)
    # of EDOF's own controls, so that a provider finds it again in their documentation
    code = models.CharField("contrôle EDOF", max_length=5, blank=True)
    reason = models.CharField("raison", max_length=300)

    class Meta:
        verbose_name = "ligne du rapport"
        verbose_name_plural = "lignes du rapport"
        ordering = ["pk"]

    def __str__(self):
        return f"ligne n° {self.pk} du rapport"


class ImportPart(models.Model):
    """A piece of an uploaded file, until it is read: the task may run on another machine."""

    report = models.ForeignKey(ImportReport, models.CASCADE, related_name="parts")
    position = models.PositiveIntegerField()
    content = models.BinaryField()

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["report", "position"], name="import_part_is_unique")
        ]

    def __str__(self):
        return f"partie n° {self.position}"
