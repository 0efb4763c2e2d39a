"""What people type, and what the catalogue calls it."""

from django.db import models, transaction

from catalogue.changes import start_indexing


class Synonym(models.Model):
    """What people type, and what the catalogue calls it; each finds the other."""

    term = models.CharField(
        "ce que l’on tape",
        max_length=60,
        unique=True,
        help_text="Un sigle, un mot ou quelques mots\u00a0: SST, assmat, poids lourd…",
    )
    meaning = models.CharField(
        "ce que cela veut dire",
        max_length=200,
        help_text="Plusieurs sens sont séparés par des virgules.",
    )

    class Meta:
        verbose_name = "synonyme"

    def __str__(self):
        return f"{self.term} = {self.meaning}"

    def save(self, *args, **kwargs):
        super().save(*args, **kwargs)
        transaction.on_commit(start_indexing, robust=True)

    def delete(self, *args, **kwargs):
        transaction.on_commit(start_indexing, robust=True)
        return super().delete(*args, **kwargs)
