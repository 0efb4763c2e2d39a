"""The forms and values of /demo/composants/: each part of the look with its states."""

from django import forms
from django.core.paginator import Paginator

from accounts.forms.fields import PasswordField, password_rules
from cpf_portal.ui.forms import PortalForm

CHOICES = [("un", "Premier choix"), ("deux", "Deuxième choix"), ("trois", "Troisième choix")]
LONG_LIST_PAGES = 24


class FieldsForm(PortalForm, forms.Form):
    """One field of each kind."""

    text = forms.CharField(
        label="Texte",
        help_text="Une aide, avant le champ.",
        error_messages={"required": "Saisissez un texte."},
    )
    optional = forms.CharField(label="Texte", required=False)
    choice = forms.ChoiceField(label="Liste", choices=CHOICES)
    radio = forms.ChoiceField(
        label="Choix unique",
        choices=CHOICES,
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez une réponse."},
    )
    several = forms.MultipleChoiceField(
        label="Choix multiples",
        choices=CHOICES,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    day = forms.DateField(label="Date", widget=forms.DateInput({"type": "date"}), required=False)
    file = forms.FileField(label="Fichier", help_text="PDF, JPEG ou PNG", required=False)
    message = forms.CharField(label="Message", widget=forms.Textarea({"rows": 3}), required=False)
    agreed = forms.BooleanField(
        label="J’ai lu et j’accepte", error_messages={"required": "Cochez la case."}
    )

    def __init__(self, *args, prefix: str, **kwargs):
        super().__init__(*args, prefix=prefix, **kwargs)
        self.fields["password"] = PasswordField(
            autocomplete="off", help_text=password_rules(f"id_{prefix}-password")
        )


def context() -> dict:
    """Return what the page shows."""
    return {
        "empty_form": FieldsForm(prefix="vide"),
        "wrong_form": FieldsForm({}, prefix="faux"),
        "page_obj": Paginator(range(LONG_LIST_PAGES * 10), 10).get_page(3),
        "amounts": (0, 1105_00, 1_234_567_89, 999_999_999_999),
    }
