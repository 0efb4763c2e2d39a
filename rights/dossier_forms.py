"""What a person gives with a step of her dossier; `details` is what the step takes."""

import re
from datetime import date
from typing import Any

from django import forms

from catalogue.models import Session
from cpf_portal.ui.formats import date_fr
from rights.dossiers.details import MAX_WORDS
from rights.forms import SummaryAboveForm
from rights.models.rating import MARKS

_ISO_DAY = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])")
MARK_CHOICES = [
    ("5", "5, excellent"),
    ("4", "4, bien"),
    ("3", "3, correct"),
    ("2", "2, insuffisant"),
    ("1", "1, très insuffisant"),
]


class DayInput(forms.DateInput):
    """A calendar; what is no date is shown again as it was typed, which a calendar cannot hold."""

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        shown = context["widget"]["value"]
        is_day = not shown or _ISO_DAY.fullmatch(shown)
        context["widget"]["type"] = "date" if is_day else "text"
        if not is_day:
            context["widget"]["attrs"].pop("min", None)
        return context


def start_field(earliest: date) -> forms.DateField:
    """The first day of a training whose entries are permanent, not before `earliest`."""
    return forms.DateField(
        label="Quand voulez-vous commencer\u00a0?",
        help_text=f"À partir du {date_fr(earliest)}",
        input_formats=["%Y-%m-%d", "%d/%m/%Y"],
        widget=DayInput({"min": f"{earliest:%Y-%m-%d}"}, format="%Y-%m-%d"),
        error_messages={
            "required": "Choisissez le jour où vous voulez commencer.",
            "invalid": "Écrivez la date comme 31/12/2026\u00a0: jour, mois, année.",
        },
    )


class StepForm(SummaryAboveForm, forms.Form):
    """A step that asks for nothing but its button."""

    @property
    def details(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if value not in (None, "")}


class StartForm(StepForm):
    """The day on which she begins, where entries are permanent."""

    def __init__(self, *args, earliest: date, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["starts_on"] = start_field(earliest)


class ModifyForm(StepForm):
    """Another session of the same offer, or another first day."""

    def __init__(self, *args, sessions: list[Session], earliest: date, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.sessions = {str(session.pk): session for session in sessions}
        self.fields["session"] = forms.ChoiceField(
            label="Session",
            choices=[(key, _session_label(session)) for key, session in self.sessions.items()],
            widget=forms.RadioSelect,
            error_messages={
                "required": "Choisissez une session.",
                "invalid_choice": "Cette session n’est plus proposée\u00a0: choisissez-en une autre.",
            },
        )
        permanent = [session.is_permanent for session in sessions]
        if any(permanent):
            self.fields["starts_on"] = start_field(earliest)
            self.fields["starts_on"].required = all(permanent)

    def clean_session(self) -> Session:
        return self.sessions[self.cleaned_data["session"]]

    def clean(self) -> None:
        session = self.cleaned_data.get("session")
        if session and not session.is_permanent:
            self.cleaned_data.pop("starts_on", None)
            self.errors.pop("starts_on", None)  # of no use with a dated session
        elif session and not self.cleaned_data.get("starts_on") and "starts_on" not in self.errors:
            self.add_error("starts_on", "Choisissez le jour où vous voulez commencer.")


class ReasonForm(StepForm):
    """Why she stops; what she writes is read by the support."""

    def __init__(self, *args, label: str, help_text: str = "", required: bool, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"] = forms.CharField(
            label=label,
            help_text=help_text,
            required=required,
            max_length=MAX_WORDS,
            widget=forms.Textarea({"rows": 5}),
            error_messages={
                "required": "Expliquez ce qui s’est passé.",
                "max_length": f"Écrivez {MAX_WORDS} caractères au plus.",
            },
        )


class RatingForm(StepForm):
    """Five marks from 1 to 5."""

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        for name, label in MARKS.items():
            self.fields[name] = forms.ChoiceField(
                label=label,
                choices=MARK_CHOICES,
                widget=forms.RadioSelect,
                error_messages={
                    "required": f"Notez ce critère\u00a0: {label.lower()}.",
                    "invalid_choice": "Choisissez une note de 1 à 5.",
                },
            )

    @property
    def details(self) -> dict[str, Any]:
        return {"marks": {name: int(self.cleaned_data[name]) for name in MARKS}}


def _session_label(session: Session) -> str:
    if session.is_permanent or session.starts_on is None:
        return "Entrées permanentes\u00a0: vous choisissez le jour"
    if session.ends_on is None:
        return f"À partir du {date_fr(session.starts_on)}"
    return f"Du {date_fr(session.starts_on)} au {date_fr(session.ends_on)}"
