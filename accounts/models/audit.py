"""The audit trail: what was done on the portal and by whom, each line sealed to the one before it.

No name, address or number stands here, only keys, codes and amounts: erasing a person touches nothing.
The people are plain numbers and not foreign keys, for the same reason.
"""

import json
from datetime import UTC
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.db import models

from accounts.append_only import AppendOnlyModel, AppendOnlyQuerySet
from accounts.crypto import audit_digest

MAX_DIGITS = 18  # of what a column of 64 bits can hold
GENESIS = "0" * 64  # what the first line follows


class AuditKind(models.TextChoices):
    SIGNED_UP = "signed_up", "création d’un compte"
    TAKEN_OVER = "taken_over", "compte repris ou retiré"
    SIGNED_IN = "signed_in", "connexion"
    SIGN_IN_FAILED = "sign_in_failed", "connexion refusée"
    SIGNED_OUT = "signed_out", "déconnexion"
    LOCKED = "locked", "essais de connexion suspendus"
    PASSWORD_RESET = "password_reset", "mot de passe remplacé"
    FRANCECONNECT_LINKED = "fc_linked", "compte joint à FranceConnect"
    FRANCECONNECT_UNLINKED = "fc_unlinked", "compte séparé de FranceConnect"
    TERMS_ACCEPTED = "terms_accepted", "conditions générales acceptées"
    CONTACT_CHANGED = "contact_changed", "coordonnées modifiées"
    FILE_OPENED = "file_opened", "dossier d’une personne ouvert"
    NIR_REVEALED = "nir_revealed", "numéro de sécurité sociale révélé"
    SEARCHED = "searched", "recherche d’une personne"
    EXPORTED = "exported", "export"
    ROLE_CHANGED = "role_changed", "rôle modifié"
    OTP_ENROLLED = "otp_enrolled", "second facteur enregistré"
    OTP_RESET = "otp_reset", "second facteur retiré"
    FROZEN = "frozen", "compte ou droits suspendus"
    UNFROZEN = "unfrozen", "compte ou droits rendus"
    UNLOCKED = "unlocked", "essais de connexion remis à zéro"
    SESSIONS_ENDED = "sessions_ended", "connexions fermées"
    CONFIRMATION_RESENT = "confirmation_resent", "courriel de confirmation renvoyé"
    RESET_SENT = "reset_sent", "lien de mot de passe envoyé"
    NIR_RELEASED = "nir_released", "retrait d’un numéro"
    ANONYMISED = "anonymised", "personne effacée"
    NOTE_WRITTEN = "note_written", "note écrite"
    MAIL_RESENT = "mail_resent", "courriel renvoyé"
    REQUEST_ANSWERED = "request_answered", "demande à l’assistance décidée"
    RIGHTS_CORRECTED = "rights_corrected", "correction de droits"
    PROOF_EXAMINED = "proof_examined", "justificatif examiné"
    PROVIDER_SUSPENDED = "provider_suspended", "organisme suspendu"
    PROVIDER_RESUMED = "provider_resumed", "organisme rétabli"
    IMPORT_RUN = "import_run", "import"
    INDEX_REBUILT = "index_rebuilt", "index reconstruit"
    PARAMETER_CHANGED = "parameter_changed", "paramètre modifié"
    STAFF_ACTION = "staff_action", "autre action du personnel"
    PURGE = "purge", "fin de conservation"


def kinds() -> list[tuple[str, str]]:
    """The choices of a line; a function, so that a new kind asks for no migration."""
    return AuditKind.choices


class AuditEventQuerySet(AppendOnlyQuerySet):
    def about(self, *, user_pk: int, titulaire_pk: int | None):
        """The lines that concern this person, newest first.

        Not those of another account that bore her number: who took it over reads nothing of it.
        """
        hers = models.Q(person_pk=user_pk)
        if titulaire_pk is not None:
            hers |= models.Q(titulaire_pk=titulaire_pk, person_pk=None)
        return self.filter(hers).order_by("-position")

    def with_number(self, text: str):
        """The lines in which this number of an account or of a titulaire stands; none for another text."""
        if not (text.isdecimal() and len(text) <= MAX_DIGITS):
            return self.none()
        number = int(text)
        return self.filter(
            models.Q(actor_pk=number) | models.Q(person_pk=number) | models.Q(titulaire_pk=number)
        )

    def forget_up_to(self, position: int) -> int:
        """Remove the lines up to `position`, which the anchor holds already; return how many."""
        old = self.filter(position__lte=position)
        return super(AppendOnlyQuerySet, old).delete()[0]


class AuditEvent(AppendOnlyModel):
    """One line of the trail. `mac` seals what it says and the line before."""

    position = models.BigIntegerField("n°", primary_key=True)
    happened_at = models.DateTimeField("le", db_index=True)
    kind = models.CharField("nature", max_length=40, choices=kinds)
    actor_pk = models.BigIntegerField("par le compte n°", null=True, db_index=True)
    person_pk = models.BigIntegerField("compte concerné n°", null=True, db_index=True)
    titulaire_pk = models.BigIntegerField("titulaire concerné n°", null=True, db_index=True)
    target_label = models.CharField("objet", max_length=100, blank=True)
    target_pk = models.CharField("n° de l’objet", max_length=128, blank=True)
    # the text of the reason is in the history of the person, which is erased with her account
    reason_digest = models.CharField("empreinte du motif", max_length=64, blank=True)
    facts = models.JSONField("précisions", default=dict)
    mac = models.CharField("sceau", max_length=64)

    objects = AuditEventQuerySet.as_manager()

    class Meta:
        verbose_name = "ligne de la piste d’audit"
        verbose_name_plural = "piste d’audit"
        ordering = ["-position"]
        indexes = [models.Index(fields=["kind", "-position"], name="auditevent_of_kind")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(position__gt=0),
                name="auditevent_is_numbered_from_one",
                violation_error_message="La piste d’audit est numérotée à partir de 1.",
            )
        ]

    def __str__(self):
        return f"ligne d’audit n° {self.position}"

    def mac_after(self, former: str) -> str:
        """Return the seal of this line when it follows the line whose seal is `former`."""
        return audit_digest(f"{former}\0{self.canonical()}", purpose="row")

    def canonical(self) -> str:
        """Return what is sealed: the same text whatever the database that kept the line."""
        moment = self.happened_at.astimezone(UTC).isoformat(timespec="microseconds")
        told: list[Any] = [self.position, moment, self.kind]
        told += [self.actor_pk, self.person_pk, self.titulaire_pk]
        told += [self.target_label, self.target_pk, self.reason_digest, self.facts]
        return json.dumps(told, sort_keys=True, separators=(",", ":"))


class AuditMarkManager(models.Manager):
    def locked_head(self) -> "AuditMark":
        """Return the head of the trail, held until the end of the transaction: writers wait here."""
        held = self.select_for_update()
        head = held.filter(name=AuditMark.HEAD).first()
        if head is None:
            first = AuditMark.at(AuditMark.HEAD, 0, GENESIS)
            self.bulk_create([first], ignore_conflicts=True)  # two may be the first
            head = held.get(name=AuditMark.HEAD)
        return head

    def verify(self) -> None:
        """Raise ImproperlyConfigured when the key of the settings is not the one that sealed the trail."""
        if not all(mark.is_genuine for mark in self.all()):
            raise ImproperlyConfigured(
                "AUDIT_KEY n’est pas la clé qui a scellé la piste d’audit de cette base, "
                "ou quelqu’un a modifié cette piste (manage.py audit_verify)."
            )


class AuditMark(models.Model):
    """A sealed place of the trail: its last line (head), or the last one that was purged (anchor)."""

    HEAD, ANCHOR = "head", "anchor"

    name = models.CharField(max_length=10, primary_key=True)
    position = models.BigIntegerField()
    mac = models.CharField(max_length=64)
    seal = models.CharField(max_length=64)

    objects = AuditMarkManager()

    class Meta:
        verbose_name = "repère de la piste d’audit"
        verbose_name_plural = "repères de la piste d’audit"

    def __str__(self):
        return f"{self.name} {self.position}"

    @classmethod
    def at(cls, name: str, position: int, mac: str) -> "AuditMark":
        """Return the mark `name`, sealed, not saved."""
        seal = audit_digest(f"{name}\0{position}\0{mac}", purpose="mark")
        return cls(name=name, position=position, mac=mac, seal=seal)

    @property
    def is_genuine(self) -> bool:
        return self.seal == AuditMark.at(self.name, self.position, self.mac).seal
