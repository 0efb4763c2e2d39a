"""What happened on an account, for the person who reads it: a line is added, never changed."""

from django.conf import settings
from django.db import models

from accounts.append_only import AppendOnlyModel, AppendOnlyQuerySet


class EventKind(models.TextChoices):
    SIGNED_UP = "signed_up", "Création du compte"
    SIGNED_IN = "signed_in", "Connexion"
    EMAIL_CONFIRMED = "email_confirmed", "Adresse de courriel confirmée"
    EMAIL_CHANGE_ASKED = "email_change_asked", "Changement de courriel demandé"
    EMAIL_CHANGED = "email_changed", "Adresse de courriel modifiée"
    PHONES_CHANGED = "phones_changed", "Téléphones modifiés"
    ADDRESS_CHANGED = "address_changed", "Adresse postale modifiée"
    DIPLOMA_CHANGED = "diploma_changed", "Niveau de diplôme modifié"
    NOTICES_CHANGED = "notices_changed", "Choix des avertissements modifié"
    PASSWORD_CHANGED = "password_changed", "Mot de passe modifié"
    PASSWORD_RESET = "password_reset", "Mot de passe oublié, puis remplacé"
    SESSION_ENDED = "session_ended", "Connexion fermée"
    SESSIONS_ENDED = "sessions_ended", "Toutes les autres connexions fermées"
    CODES_MADE = "codes_made", "Codes de secours créés"
    CODE_USED = "code_used", "Code de secours utilisé"
    DATA_DOWNLOADED = "data_downloaded", "Données téléchargées"
    SUPPORT_ASKED = "support_asked", "Demande envoyée à l’assistance"
    SUPPORT_ANSWERED = "support_answered", "Réponse de l’assistance"
    FRANCECONNECT_CREATED = "franceconnect_created", "Compte créé avec FranceConnect"
    FRANCECONNECT_LINKED = "franceconnect_linked", "Identité vérifiée par FranceConnect"
    FRANCECONNECT_UNLINKED = "franceconnect_unlinked", "Lien avec FranceConnect retiré"
    TAKEN_OVER = (
        "taken_over",
        "Compte non vérifié repris par son titulaire avec FranceConnect\u00a0: anciens accès fermés",
    )
    TERMS_ACCEPTED = "terms_accepted", "Conditions générales d’utilisation acceptées"
    FOUND_BY_STAFF = "found_by_staff", "Compte trouvé par une recherche de l’assistance"
    PROOF_EXAMINED = "proof_examined", "Justificatif de DIF examiné par l’assistance"
    RIGHTS_CORRECTED = "rights_corrected", "Droits corrigés par l’assistance"
    OPENED_BY_STAFF = "opened_by_staff", "Compte consulté par l’assistance"
    STAFF_ACTION = "staff_action", "Autre action de l’assistance"
    BLOCKED = "blocked", "Compte bloqué"
    UNBLOCKED = "unblocked", "Compte débloqué"
    SPENDING_FROZEN = "spending_frozen", "Usage des droits suspendu"
    SPENDING_UNFROZEN = "spending_unfrozen", "Usage des droits rendu"
    CONFIRMATION_RESENT = "confirmation_resent", "Courriel de confirmation renvoyé par l’assistance"
    RESET_SENT = "reset_sent", "Lien de nouveau mot de passe envoyé par l’assistance"
    MAIL_RESENT = "mail_resent", "Courriel renvoyé par l’assistance"
    UNLOCKED = "unlocked", "Essais de connexion remis à zéro par l’assistance"
    SIGNED_OUT_BY_STAFF = "signed_out_by_staff", "Connexions fermées par l’assistance"
    NIR_REVEALED = "nir_revealed", "Numéro de sécurité sociale affiché à l’assistance"
    NIR_DISPUTED = "nir_disputed", "Retrait du numéro examiné par l’assistance"
    NOTE_WRITTEN = "note_written", "Note ajoutée par l’assistance"


class AccountEventQuerySet(AppendOnlyQuerySet):
    def of(self, user):
        """The history of `user`, newest first."""
        return self.filter(user=user).select_related("author").order_by("-happened_at", "-pk")

    def forget_before(self, moment) -> int:
        """Remove the lines older than `moment`, at the end of their retention; return how many."""
        old = self.filter(happened_at__lt=moment)
        return super(AppendOnlyQuerySet, old).delete()[0]


class AccountEvent(AppendOnlyModel):
    """One line of the history. It goes with its account; neither an address nor a number stands in it."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="events", verbose_name="compte"
    )
    kind = models.CharField("événement", max_length=40, choices=EventKind.choices)
    happened_at = models.DateTimeField("le", auto_now_add=True)
    detail = models.CharField("précision", max_length=200, blank=True)
    # who of the staff did it, and why: what the person may read
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="agent",
    )
    reason = models.CharField("motif", max_length=300, blank=True)

    objects = AccountEventQuerySet.as_manager()

    class Meta:
        verbose_name = "événement de compte"
        verbose_name_plural = "événements de compte"
        ordering = ["-pk"]
        indexes = [models.Index(fields=["happened_at", "kind"], name="accountevent_moment_kind")]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(kind=EventKind.OPENED_BY_STAFF) | ~models.Q(reason=""),
                name="accountevent_opening_has_a_reason",
                violation_error_message="Indiquez pourquoi vous consultez ce compte.",
            )
        ]

    def __str__(self):
        return f"événement n° {self.pk}"
