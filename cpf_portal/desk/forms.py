"""What the staff types at the desk: a search, a reason, a note, a word that confirms."""

from uuid import uuid4

from django import forms

from accounts.admin_forms import reason_field
from accounts.models.desk import MAX_NOTE
from cpf_portal.ui.forms import ForgetfulTextInput, FreeTextField, MaskedTextarea
from rights.admin.forms import FormKeyField

WORD = "EFFACER"
SERVED = (
    "Le numéro a déjà été affiché pour cette demande\u00a0: rien n’est montré ni compté de nouveau. "
    "S’il faut vraiment le revoir, confirmez le motif."
)


class SearchForm(forms.Form):
    """One field for whatever the caller gives; it is never written back into the page."""

    term = forms.CharField(
        label="Chercher une personne",
        max_length=254,
        help_text="Numéro de sécurité sociale, courriel, référence de dossier, téléphone, nom de naissance.",
        widget=ForgetfulTextInput({"autocomplete": "off", "spellcheck": "false"}),
        error_messages={
            "required": "Tapez ce que la personne vous donne\u00a0: son nom, par exemple."
        },
    )


class ReasonForm(forms.Form):
    """Why something is done; the person reads it in her history."""

    reason = reason_field("La personne le lira dans son historique.")


class RevealForm(ReasonForm):
    """The reason, and what makes this page serve once: posted again, it shows nothing."""

    once = FormKeyField()

    def served(self) -> "RevealForm":
        """Return the form as it is shown again once it has served: the reason, a new key, and why."""
        again = RevealForm(self.data.dict() | {"once": uuid4()})
        again.add_error(None, SERVED)
        return again


class NoteForm(forms.Form):
    text = FreeTextField(
        label="Note",
        max_length=MAX_NOTE,
        help_text="Des faits utiles au prochain appel. La personne l’aura si elle demande ses données\u00a0;"
        " un numéro de sécurité sociale y est masqué.",
        widget=MaskedTextarea({"rows": 5}),
        error_messages={"required": "Écrivez la note."},
    )


class AnonymiseForm(forms.Form):
    reason = reason_field(
        "La date et la forme de sa demande écrite. Par exemple\u00a0: lettre reçue le 3 novembre."
    )
    word = forms.CharField(
        label=f"Tapez {WORD} pour confirmer",
        max_length=20,
        widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": f"Tapez {WORD} en majuscules."},
    )

    def clean_word(self) -> str:
        word = self.cleaned_data["word"].strip()
        if word != WORD:
            raise forms.ValidationError(f"Tapez {WORD} en majuscules.", code="word")
        return word
