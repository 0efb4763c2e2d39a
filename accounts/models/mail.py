"""The outbox: what was promised to be sent, written in the same transaction as its cause."""

from django.conf import settings
from django.db import models


class MailKind(models.TextChoices):
    CONFIRMATION = "confirmation", "confirmation de l’inscription"
    PASSWORD_RESET = "password_reset", "mot de passe oublié"
    PASSWORD_CHANGED = "password_changed", "mot de passe modifié"
    EMAIL_CHANGE = "email_change", "nouvelle adresse à confirmer"
    EMAIL_CHANGE_ASKED = "email_change_asked", "changement d’adresse demandé"
    EMAIL_CHANGED = "email_changed", "adresse modifiée"
    CONTACT_CHANGED = "contact_changed", "coordonnées modifiées"
    NEW_BROWSER = "new_browser", "connexion d’un nouvel appareil"
    RECOVERY_CODES = "recovery_codes", "codes de secours créés"
    SUPPORT_RECEIVED = "support_received", "demande reçue par l’assistance"
    SUPPORT_ANSWERED = "support_answered", "réponse de l’assistance"
    SUPPORT_MESSAGE = "support_message", "message de l’assistance"
    ACCOUNT_TRANSFERRED = "account_transferred", "compte retiré"
    ACCOUNT_BLOCKED = "account_blocked", "compte bloqué"
    ACCOUNT_UNBLOCKED = "account_unblocked", "compte débloqué"
    INACTIVITY = "inactivity", "compte bientôt fermé"
    ACCOUNT_CLOSED = "account_closed", "compte fermé"
    ACCOUNT_TAKEN_OVER = "account_taken_over", "compte repris par son titulaire"
    SEARCH_NEWS = "search_news", "nouvelles formations de la semaine"
    DOSSIER = "dossier", "changement d’un dossier de formation"
    STAFF_INVITATION = "staff_invitation", "accès d’un agent"
    DIF_ACCEPTED = "dif_accepted", "justificatif de DIF accepté"
    DIF_REFUSED = "dif_refused", "justificatif de DIF refusé"


class OutgoingMailQuerySet(models.QuerySet):
    def pending(self):
        return self.filter(sent_at=None)

    def due(self, now):
        """Mails whose next attempt has come."""
        return self.pending().filter(next_attempt_at__lte=now)


class OutgoingMail(models.Model):
    """A mail to an account, or to somebody without one. Its text and its link are made when it leaves:
    no secret waits here.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="mails",
        verbose_name="compte",
        null=True,
        blank=True,
    )
    kind = models.CharField("objet", max_length=40, choices=MailKind.choices)
    # Where it goes when that is not the account's address: a new one, the former one, that of a closed
    # account. Erased once the mail has left.
    recipient = models.EmailField("destinataire", max_length=254, blank=True)
    # What the text is made of when the kind alone does not say it. Erased once the mail has left.
    facts = models.JSONField("éléments du texte", default=dict, blank=True, editable=False)
    created_at = models.DateTimeField("demandé le", auto_now_add=True)
    sent_at = models.DateTimeField("envoyé le", null=True, blank=True)
    attempts = models.PositiveSmallIntegerField("essais", default=0)
    next_attempt_at = models.DateTimeField("prochain essai", auto_now_add=True, db_index=True)
    last_error = models.CharField("dernière erreur", max_length=200, blank=True)

    objects = OutgoingMailQuerySet.as_manager()

    class Meta:
        verbose_name = "courriel"
        ordering = ["-pk"]
        indexes = [
            models.Index(
                fields=["created_at"], name="mail_waiting", condition=models.Q(sent_at__isnull=True)
            ),
            models.Index(
                fields=["sent_at"], name="mail_sent", condition=models.Q(sent_at__isnull=False)
            ),
        ]

    def __str__(self):
        return f"courriel n° {self.pk} ({self.get_kind_display()})"
