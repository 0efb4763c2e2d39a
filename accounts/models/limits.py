from django.db import models


class RateLimit(models.Model):
    """A counter of attempts; rows are written by one atomic statement (accounts.limits)."""

    # policy name and a keyed hash of what is counted: no address and no number is stored
    key = models.CharField("clé", max_length=120, primary_key=True)
    # keyed hash of the person concerned, if any, so that support can unlock her
    subject = models.CharField("personne", max_length=64, blank=True, db_index=True)
    hits = models.PositiveIntegerField("essais")
    expires_at = models.DateTimeField("jusqu’à", db_index=True)

    class Meta:
        verbose_name = "limitation"

    def __str__(self):
        return f"limitation {self.key.partition(':')[0]}"
