"""What the support writes on the file of a person: its notes, the numbers that it takes back."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from accounts.append_only import AppendOnlyModel, AppendOnlyQuerySet
from accounts.models.titulaire import Titulaire

MAX_NOTE = 1000


class SupportNoteQuerySet(AppendOnlyQuerySet):
    def of(self, titulaire: Titulaire) -> Self:
        """The notes on `titulaire`, newest first."""
        return self.filter(titulaire=titulaire).select_related("author").order_by("-pk")

    def forget(self) -> int:
        """Remove these notes, at the end of their retention or of their person's account; return how many."""
        return super(AppendOnlyQuerySet, self).delete()[0]


class SupportNote(AppendOnlyModel):
    """A note of the support: added, never changed. The person has it in her data; no number stands in it."""

    titulaire = models.ForeignKey(
        Titulaire, models.CASCADE, related_name="support_notes", verbose_name="titulaire"
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="agent",
    )
    written_at = models.DateTimeField("écrite le", auto_now_add=True)
    text = models.TextField("note", max_length=MAX_NOTE)

    objects = SupportNoteQuerySet.as_manager()

    class Meta:
        verbose_name = "note de l’assistance"
        verbose_name_plural = "notes de l’assistance"
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(text=""),
                name="supportnote_not_empty",
                violation_error_message="Écrivez la note.",
            )
        ]

    def __str__(self):
        return f"note n° {self.pk}"


class ReleaseState(models.TextChoices):
    PENDING = "pending", "à confirmer"
    APPROVED = "approved", "confirmé"
    REFUSED = "refused", "refusé"


class NirReleaseQuerySet(models.QuerySet):
    def pending(self) -> Self:
        return self.filter(state=ReleaseState.PENDING)


class NirRelease(models.Model):
    """A number proposed to be taken from the account that holds it wrongly; another person confirms."""

    titulaire = models.ForeignKey(
        Titulaire, models.CASCADE, related_name="nir_releases", verbose_name="titulaire"
    )
    reason = models.CharField("motif", max_length=300)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="proposé par"
    )
    proposed_at = models.DateTimeField("proposé le", auto_now_add=True)
    state = models.CharField(
        "état", max_length=10, choices=ReleaseState.choices, default=ReleaseState.PENDING
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="décidé par",
    )
    decided_at = models.DateTimeField("décidé le", null=True, blank=True)

    objects = NirReleaseQuerySet.as_manager()

    class Meta:
        verbose_name = "retrait d’un numéro"
        verbose_name_plural = "retraits de numéros"
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["titulaire"],
                condition=Q(state=ReleaseState.PENDING),
                name="nirrelease_one_pending",
                violation_error_message="Le retrait de ce numéro est déjà proposé.",
            ),
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="nirrelease_has_a_reason",
                violation_error_message="Indiquez pourquoi le numéro est retiré.",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("proposed_by")),
                name="nirrelease_needs_two_people",
                violation_error_message="Une autre personne doit confirmer ce retrait.",
            ),
            models.CheckConstraint(
                condition=Q(
                    state=ReleaseState.PENDING, decided_by__isnull=True, decided_at__isnull=True
                )
                | (
                    ~Q(state=ReleaseState.PENDING)
                    & Q(decided_by__isnull=False, decided_at__isnull=False)
                ),
                name="nirrelease_decided_by_somebody",
                violation_error_message="Une décision a un auteur et une date.",
            ),
        ]

    def __str__(self):
        return f"retrait de numéro n° {self.pk}"
