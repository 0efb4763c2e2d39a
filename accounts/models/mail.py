"""The outbox: what was promised to be sent, written in the same transaction as its cause."""

from django.conf import settings
from django.db import models


class MailKind(models.TextChoices):
    CONFIRMATION = "confirmation", "confirmation de l’inscription"
    PASSWORD_RESET = "password_reset", "mot de passe oublié"
    PASSWORD_CHANGED = "password_changed", "mot de passe modifié"
    ACCOUNT_TAKEN_OVER = "account_taken_over", "compte repris par son titulaire"


class OutgoingMailQuerySet(models.QuerySet):
    def pending(self):
        return self.filter(sent_at=None)

    def due(self, now):
        """Mails whose next attempt has come."""
        return self.pending().filter(next_attempt_at__lte=now)


class OutgoingMail(models.Model):
    """A mail to an account. Its text and its link are made when it leaves: no secret waits here."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="mails", verbose_name="compte"
    )
    kind = models.CharField("objet", max_length=40, choices=MailKind.choices)
    # Where it goes when that is no longer the account's address, as a notice to the former one.
    recipient = models.EmailField("destinataire", max_length=254, blank=True)
    created_at = models.DateTimeField("demandé le", auto_now_add=True)
    sent_at = models.DateTimeField("envoyé le", null=True, blank=True)
    attempts = models.PositiveSmallIntegerField("essais", default=0)
    next_attempt_at = models.DateTimeField("prochain essai", auto_now_add=True, db_index=True)
    last_error = models.CharField("dernière erreur", max_length=200, blank=True)

    objects = OutgoingMailQuerySet.as_manager()

    class Meta:
        verbose_name = "courriel"
        ordering = ["-pk"]

    def __str__(self):
        return f"courriel n° {self.pk} ({self.get_kind_display()})"
