"""The ready answers of the support, and the few words of a person's context that they may hold."""

import re

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Lower

from accounts.models.support import SupportKind
from cpf_portal.ui.masking import mask_nir

# The closed list: what the portal holds and the person may read in a mail. Never a number.
VARIABLES = {
    "nom": "nom de naissance",
    "montant": "droits disponibles, en euros",
    "dossier": "référence du dossier de formation en cours",
    "formation": "intitulé de ce dossier",
    "prochaine_date": "prochaine échéance de ce dossier",
    "demande": "référence de la demande à l’assistance",
}
VARIABLE = re.compile(r"\{([^{}]*)\}")
MISSING = re.compile(r"\[à compléter[^\]]*\]")


def validate_variables(text: str) -> None:
    """Refuse a variable that nobody would fill in, a brace left open, and what looks like a number."""
    unknown = sorted({name for name in VARIABLE.findall(text) if name not in VARIABLES})
    known = ", ".join(f"{{{name}}}" for name in VARIABLES)
    if unknown:
        named = ", ".join(f"{{{name}}}" for name in unknown)
        raise ValidationError(
            f"Variable inconnue\u00a0: {named}. Employez seulement {known}.", code="unknown"
        )
    if re.search(r"[{}]", VARIABLE.sub("", text)):
        raise ValidationError(
            f"Une accolade n’est pas refermée. Une variable s’écrit {{nom}}\u00a0; il y a {known}.",
            code="brace",
        )
    if mask_nir(text) != text:
        raise ValidationError(
            "N’écrivez ni numéro de sécurité sociale ni numéro de téléphone dans un modèle.",
            code="number",
        )


def validate_subject(text: str) -> None:
    """A subject is read on a locked screen: it says nothing of a person."""
    if "{" in text or "}" in text:
        raise ValidationError(
            "L’objet ne contient pas de variable\u00a0: il se lit sur un écran verrouillé.",
            code="variable",
        )
    if not text.isprintable():
        raise ValidationError("L’objet tient sur une ligne.", code="line")


class ReplyTemplateQuerySet(models.QuerySet):
    def proposed_for(self, kind: str = ""):
        """Those in use for a kind of request, or for a person whose file is open."""
        return self.filter(
            is_active=True, kind__in=["", kind] if kind else ["", *SupportKind.values]
        )


class ReplyTemplate(models.Model):
    """A text that the support starts from; it is filled in, read again, changed, and then sent."""

    title = models.CharField("nom du modèle", max_length=80)
    kind = models.CharField(
        "demande concernée",
        max_length=20,
        choices=SupportKind.choices,
        blank=True,
        help_text="Vide\u00a0: proposé pour toutes les demandes.",
    )
    subject = models.CharField(
        "objet du courriel", max_length=80, validators=[validate_subject, validate_variables]
    )
    body = models.TextField("texte", max_length=850, validators=[validate_variables])
    is_active = models.BooleanField("proposé", default=True)
    updated_at = models.DateTimeField("modifié le", auto_now=True)

    objects = ReplyTemplateQuerySet.as_manager()

    class Meta:
        verbose_name = "réponse prête"
        verbose_name_plural = "réponses prêtes"
        ordering = ["title", "pk"]
        constraints = [
            models.UniqueConstraint(
                Lower("title"),
                name="reply_title_is_unique",
                violation_error_message="Un modèle porte déjà ce nom.",
            )
        ]

    def __str__(self):
        return self.title

    def filled(self, context: dict[str, str]) -> str:
        """Return the text with its variables; one that is not known is left to be completed by hand."""

        def value(found: re.Match) -> str:
            return context.get(found[1]) or f"[à compléter\u00a0: {VARIABLES[found[1]]}]"

        return VARIABLE.sub(value, self.body)
