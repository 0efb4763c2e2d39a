"""The form of a step, made from its row of the table: what it must be given, what it may."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone

from cpf_portal.ui.forms import FreeTextField, MaskedTextarea
from rights.dossiers.details import MAX_HOURS, MAX_PRICE_CENTS, MAX_WORDS
from rights.dossiers.transitions import Transition


class EurosField(forms.DecimalField):
    """An amount typed in euros, given back in cents."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_digits=8, decimal_places=2, localize=True, **kwargs)

    def clean(self, value: Any) -> int | None:
        amount: Decimal | None = super().clean(value)
        return None if amount is None else int(amount * 100)


def _words(label: str, help_text: str) -> forms.CharField:
    return FreeTextField(
        label=label,
        max_length=MAX_WORDS,
        help_text=help_text,
        widget=MaskedTextarea(attrs={"rows": 4, "cols": 80}),
        error_messages={"required": "Indiquez le motif."},
    )


def _day(label: str, help_text: str = "Par exemple\u00a0: 31/12/2026.") -> forms.DateField:
    return forms.DateField(label=label, help_text=help_text)


FIELDS = {
    "reason": lambda: _words("Motif", "La personne le lit."),
    "note": lambda: _words("Remarque", "La personne la lit."),
    "starts_on": lambda: _day("Nouveau début"),
    "ends_on": lambda: _day("Nouvelle fin"),
    "hours": lambda: forms.IntegerField(
        label="Nouvelle durée (heures)", min_value=1, max_value=MAX_HOURS
    ),
    "price_cents": lambda: EurosField(
        label="Nouveau prix TTC (euros)",
        min_value=Decimal("0.01"),
        max_value=Decimal(MAX_PRICE_CENTS) / 100,
    ),
    "on": lambda: _day("Le", "Vide\u00a0: aujourd’hui."),
    "done_percent": lambda: forms.IntegerField(
        label="Part réalisée (%)",
        min_value=0,
        max_value=100,
        help_text="De 0 à 100\u00a0; les droits paient cette part, le reste est rendu.",
        error_messages={"required": "Indiquez la part réalisée, de 0 à 100\u00a0%."},
    ),
}


class StepForm(forms.Form):
    """`version` is that of the dossier as the page showed it: a step over a change is refused."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def details(self) -> dict[str, Any]:
        """Return what was typed, without the empty fields."""
        entered = {name: self.cleaned_data[name] for name in self.fields if name != "version"}
        return {name: value for name, value in entered.items() if value not in (None, "")}


def step_form(row: Transition, *, version: int, data: Any = None) -> StepForm:
    """Return the form of the step `row`, bound to `data` when it was posted."""
    form = StepForm(data, initial={"version": version, "on": timezone.localdate()})
    for name in (*row.details, *row.options):
        form.fields[name] = FIELDS[name]()
        form.fields[name].required = name in row.details
    return form
