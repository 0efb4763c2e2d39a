"""What a person asks of the support when no page can help her, and what was answered."""

import secrets

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models.titulaire import Titulaire

# Neither 0 and O, nor 1, I and L: a reference may be read over the telephone.
REFERENCE_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
REFERENCE_LENGTH = 16  # 79 bits


def new_reference() -> str:
    """Return an opaque reference: whoever holds it reads the state of the request, nobody guesses it."""
    return "".join(secrets.choice(REFERENCE_ALPHABET) for _ in range(REFERENCE_LENGTH))


class SupportKind(models.TextChoices):
    LOST_EMAIL = "lost_email", "Je n’ai plus accès à mon adresse de courriel"
    NIR_TAKEN = "nir_taken", "Mon numéro est déjà utilisé par un compte qui n’est pas le mien"
    BLOCKED = "blocked", "Mon compte est bloqué"
    CIVIL_STATUS = "civil_status", "Mon état civil est à corriger"
    NOT_ME = (
        "not_me",
        "Je ne reconnais pas une opération sur mes droits, ou leur usage est suspendu",
    )
    QUESTION = "question", "Une question sur mes droits ou sur le portail"
    CHECK = "check", "Le contrôle de sécurité, que je ne peux pas passer"
    ACCESSIBILITY = "accessibility", "Une page que je ne peux pas utiliser"
    REPORT = "report", "Une erreur, un abus ou une faille à signaler"


# What anybody may write about, without a number nor a proof.
CONTACT_KINDS = (
    SupportKind.QUESTION,
    SupportKind.CHECK,
    SupportKind.ACCESSIBILITY,
    SupportKind.REPORT,
)


class SupportState(models.TextChoices):
    RECEIVED = "received", "reçue"
    IN_REVIEW = "in_review", "en cours d’examen"
    CLOSED = "closed", "traitée"


class SupportDecision(models.TextChoices):
    KEEP = "keep", "garder le compte tel qu’il est"
    TRANSFER = "transfer", "retirer le compte à son détenteur actuel"
    NEW_EMAIL = "new_email", "envoyer un lien à la nouvelle adresse"
    UNBLOCK = "unblock", "débloquer le compte"
    CORRECT = "correct", "corriger le nom de naissance"
    UNFREEZE = "unfreeze", "rendre l’usage des droits"
    KEEP_FROZEN = "keep_frozen", "laisser l’usage des droits suspendu"
    REFUSE = "refuse", "refuser"
    REPLY = "reply", "répondre"


DECISIONS_OF = {
    SupportKind.NIR_TAKEN: (
        SupportDecision.KEEP,
        SupportDecision.TRANSFER,
        SupportDecision.CORRECT,
        SupportDecision.REFUSE,
    ),
    SupportKind.LOST_EMAIL: (SupportDecision.NEW_EMAIL, SupportDecision.REFUSE),
    SupportKind.BLOCKED: (SupportDecision.UNBLOCK, SupportDecision.REFUSE),
    SupportKind.CIVIL_STATUS: (SupportDecision.CORRECT, SupportDecision.REFUSE),
    SupportKind.NOT_ME: (SupportDecision.UNFREEZE, SupportDecision.KEEP_FROZEN),
} | dict.fromkeys(CONTACT_KINDS, (SupportDecision.REPLY,))


class SupportRequestQuerySet(models.QuerySet):
    def open(self):
        return self.exclude(state=SupportState.CLOSED)

    def decided_before(self, moment):
        return self.filter(decided_at__lt=moment)


class SupportRequest(models.Model):
    reference = models.CharField(
        "référence", max_length=16, unique=True, default=new_reference, editable=False
    )
    kind = models.CharField("objet", max_length=20, choices=SupportKind.choices)
    state = models.CharField(
        "état", max_length=12, choices=SupportState.choices, default=SupportState.RECEIVED
    )
    # Whose number was given, if anybody's: told to nobody but the support. The number is not kept.
    titulaire = models.ForeignKey(
        Titulaire,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="support_requests",
        verbose_name="titulaire",
    )
    # Anybody may give a number: what she has not asked herself, signed in, is nothing to tell or to erase
    # with her account.
    is_of_holder = models.BooleanField("faite par le titulaire", default=False, editable=False)
    birth_name = models.CharField("nom de naissance donné", max_length=100, blank=True)
    contact_email = models.EmailField("courriel de réponse", max_length=254)
    message = models.TextField("message", max_length=1000, blank=True)
    proof_name = models.CharField(max_length=32, blank=True, editable=False)
    proof_type = models.CharField(max_length=20, blank=True, editable=False)
    created_at = models.DateTimeField("reçue le", auto_now_add=True)
    decision = models.CharField(
        "décision", max_length=12, choices=SupportDecision.choices, blank=True
    )
    answer = models.TextField("réponse à la personne", max_length=1000, blank=True)
    decided_at = models.DateTimeField("traitée le", null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="traitée par",
    )

    objects = SupportRequestQuerySet.as_manager()

    class Meta:
        verbose_name = "demande à l’assistance"
        verbose_name_plural = "demandes à l’assistance"
        ordering = ["-pk"]
        indexes = [
            models.Index(
                fields=["kind", "created_at"],
                name="supportrequest_open",
                condition=~Q(state=SupportState.CLOSED),
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state=SupportState.CLOSED, decided_at__isnull=False)
                & ~Q(decision="")
                & ~Q(answer="")
                | ~Q(state=SupportState.CLOSED) & Q(decision="", decided_at=None),
                name="supportrequest_closed_with_decision_and_answer",
                violation_error_message="Une demande traitée porte une décision et une réponse.",
            )
        ]

    def __str__(self):
        return f"demande n° {self.pk}"

    @property
    def readable_reference(self) -> str:
        """The reference in groups of four, as the person reads it."""
        return "-".join(self.reference[i : i + 4] for i in range(0, len(self.reference), 4))
