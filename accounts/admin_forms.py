from django import forms
from django.core.validators import RegexValidator

from accounts.models import SupportRequest
from accounts.models.replies import MISSING, validate_subject, validate_variables
from accounts.models.support import DECISIONS_OF, SupportDecision, SupportKind
from accounts.services import is_free
from accounts.validators import validate_person_name
from cpf_portal.ui.forms import (
    FreeTextField,
    MaskedTextarea,
    MaskedTextInput,
)

NAME_OF_HOLDER = (
    "Celui que la pièce d’identité prouve, si un autre nom est enregistré\u00a0: sans lui, la personne ne "
    "pourra pas s’inscrire."
)
NUMBER_IS_FREE = "Répondre que le numéro est libre\u00a0: la personne peut s’inscrire"
TO_COMPLETE = "Complétez ou retirez ce qui est entre crochets avant d’envoyer."


def reason_field(help_text: str, required: str = "Écrivez pourquoi.") -> forms.CharField:
    """Return the field of a reason that the person reads: a sentence without any number of hers."""
    return forms.CharField(
        label="Motif",
        min_length=10,
        max_length=300,
        widget=MaskedTextInput({"size": 80, "autocomplete": "off"}),
        help_text=help_text,
        validators=[
            RegexValidator(
                r"\d(?:[\s.]?\d){7}",
                "N’écrivez ni numéro de sécurité sociale ni numéro de téléphone\u00a0: "
                "la personne lira ce motif.",
                inverse_match=True,
            )
        ],
        error_messages={
            "required": required,
            "min_length": "Dites-en un peu plus\u00a0: dix caractères au moins.",
        },
    )


class OpeningForm(forms.Form):
    """Why the file of a person is opened; she reads it."""

    reason = reason_field(
        "Par exemple\u00a0: appel du titulaire, qui ne reçoit pas son courriel de confirmation.",
        required="Écrivez pourquoi vous ouvrez ce dossier.",
    )


def decisions(asked: SupportRequest) -> list[tuple[str, str]]:
    """Return what may be answered to a request, in words that are true of it."""
    labels = {
        decision.value: decision.label.capitalize()
        for decision in DECISIONS_OF[SupportKind(asked.kind)]
    }
    if asked.kind == SupportKind.NIR_TAKEN and is_free(request=asked):
        labels[SupportDecision.TRANSFER.value] = NUMBER_IS_FREE
        del labels[SupportDecision.KEEP.value]
    return list(labels.items())


class DecisionForm(forms.Form):
    """The answer of the support to a request."""

    decision = forms.ChoiceField(
        label="Décision",
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez une décision."},
    )
    corrected_name = forms.CharField(
        label="Nom de naissance corrigé",
        max_length=100,
        required=False,
        validators=[validate_person_name],
    )
    subject = FreeTextField(
        label="Objet du courriel",
        max_length=80,
        required=False,
        widget=MaskedTextInput({"size": 60}),
        help_text="Facultatif. Il se lit sur un écran verrouillé\u00a0: rien de la personne n’y est écrit.",
        validators=[validate_subject, validate_variables],
    )
    answer = FreeTextField(
        label="Réponse à la personne",
        help_text="Elle la lit avec sa référence. N’écrivez pas de numéro de sécurité sociale.",
        max_length=1000,
        widget=MaskedTextarea({"rows": 6, "cols": 80}),
        validators=[RegexValidator(MISSING, TO_COMPLETE, inverse_match=True)],
        error_messages={"required": "Écrivez une réponse."},
    )

    def __init__(self, asked: SupportRequest, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["decision"].choices = decisions(asked)
        name = self.fields["corrected_name"]
        if asked.kind == SupportKind.CIVIL_STATUS:
            name.initial = asked.birth_name
        elif asked.kind == SupportKind.NIR_TAKEN:
            name.help_text = NAME_OF_HOLDER
        else:
            del self.fields["corrected_name"]
