"""Two ways back to one's mails: a new address to be proved, and codes kept on paper."""

from datetime import timedelta

from django.conf import settings
from django.db import models


class EmailChangeQuerySet(models.QuerySet):
    def expired(self, now):
        return self.filter(asked_at__lt=now - timedelta(hours=settings.EMAIL_CHANGE_HOURS))


class EmailChange(models.Model):
    """A new address that its holder has not proved yet; asking again replaces it."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="email_change",
        verbose_name="compte",
    )
    new_email = models.EmailField("nouveau courriel", max_length=254)
    asked_at = models.DateTimeField("demandé le")

    objects = EmailChangeQuerySet.as_manager()

    class Meta:
        verbose_name = "changement de courriel"
        verbose_name_plural = "changements de courriel"

    def __str__(self):
        return f"changement de courriel n° {self.pk}"

    @property
    def deadline(self):
        return self.asked_at + timedelta(hours=settings.EMAIL_CHANGE_HOURS)


class RecoveryCode(models.Model):
    """One of the codes of a person; only its keyed hash is kept, and it serves once."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="recovery_codes",
        verbose_name="compte",
    )
    code_hash = models.CharField(max_length=64, editable=False)
    created_at = models.DateTimeField("créé le", auto_now_add=True)
    used_at = models.DateTimeField("utilisé le", null=True, blank=True)

    class Meta:
        verbose_name = "code de secours"
        verbose_name_plural = "codes de secours"
        constraints = [
            models.UniqueConstraint(
                fields=["user", "code_hash"],
                name="recoverycode_is_unique",
                violation_error_message="Ce code existe déjà.",
            )
        ]

    def __str__(self):
        return f"code de secours n° {self.pk}"
