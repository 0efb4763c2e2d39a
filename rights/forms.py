"""What a person declares about her rights."""

import re
from urllib.parse import urlencode
from uuid import uuid4

from crispy_forms.helper import FormHelper
from django import forms
from django.core.exceptions import ValidationError

from cpf_portal.ui.forms import PortalForm
from cpf_portal.ui.proofs import ProofRefused, read_proof
from rights.models import Figures, MovementKind, ParameterName

_HOURS = re.compile(r"[0-9]{1,9}(?:[.,]0+)?")
_DECIMAL = re.compile(r"([0-9]{1,9})[.,][0-9]+")
_UNIT = re.compile(r"\s*(?:h|heures?)\.?$", re.IGNORECASE)
REOPEN = "Ce formulaire n’est plus valable\u00a0: rouvrez la page."
TOO_LARGE = "Choisissez un fichier de 5\u00a0Mo au plus."


class HoursField(forms.CharField):
    """Whole hours from 1 to `ceiling`, as French people type them: "24", "24 h", "24,00"."""

    def __init__(self, *, ceiling: int, required: str, beyond: str, **kwargs) -> None:
        self.ceiling, self.beyond = ceiling, beyond
        super().__init__(
            max_length=20,
            widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off"}),
            error_messages={
                "required": required,
                "max_length": f"Saisissez un nombre d’heures de 1 à {ceiling}.",
            },
            **kwargs,
        )

    def clean(self, value) -> int:
        text = _UNIT.sub("", super().clean(value))
        if decimal := _DECIMAL.fullmatch(text):
            if not _HOURS.fullmatch(text):
                raise ValidationError(
                    "Saisissez un nombre entier\u00a0: une heure commencée compte pour une heure,"
                    f" donc {int(decimal[1]) + 1} au lieu de {text}.",
                    code="decimal",
                )
            text = decimal[1]
        if not _HOURS.fullmatch(text):
            raise ValidationError(
                f"Saisissez un nombre d’heures en chiffres, de 1 à {self.ceiling}.", code="invalid"
            )
        return self._bounded(int(text))

    def _bounded(self, hours: int) -> int:
        if hours > self.ceiling:
            raise ValidationError(self.beyond, code="ceiling")
        if hours == 0:
            raise ValidationError(
                f"Saisissez un nombre d’heures de 1 à {self.ceiling}.", code="zero"
            )
        return hours


class SummaryAboveForm(PortalForm):
    """Mixin: the page shows the error summary at its top, above the words that introduce the form."""

    @property
    def helper(self) -> FormHelper:
        helper = super().helper
        helper.form_show_errors = False
        return helper


class DifForm(SummaryAboveForm, forms.Form):
    """Hours of DIF and their proof; `figures` are those of today.

    A correction needs no proof while the portal still has the former one (`has_proof`).
    """

    def __init__(
        self,
        *args,
        figures: Figures,
        is_correction: bool,
        has_proof: bool,
        is_file_too_large: bool,
        **kwargs,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.is_file_too_large = is_file_too_large
        ceiling = figures[ParameterName.DIF_HOURS_CAP]
        self.fields["hours"] = HoursField(
            label="Nombre d’heures de DIF",
            ceiling=ceiling,
            required="Saisissez votre nombre d’heures de DIF.",
            beyond=(
                f"Le DIF s’arrête à {ceiling}\u00a0heures\u00a0: saisissez {ceiling} si votre document"
                " en indique davantage."
            ),
            help_text=(
                "Le total de vos heures au 31 décembre 2014. Si vous aviez plusieurs employeurs,"
                " additionnez-les, puis arrondissez à l’heure supérieure."
            ),
        )
        self.fields["proof"] = forms.FileField(
            label="Nouveau justificatif" if is_correction else "Justificatif",
            required=not has_proof,
            help_text="PDF, JPEG ou PNG, 5\u00a0Mo au plus.",
            widget=forms.FileInput({"accept": "application/pdf,image/jpeg,image/png"}),
            error_messages={
                "required": "Ajoutez votre justificatif.",
                "invalid": "Ajoutez votre justificatif\u00a0: le fichier n’est pas arrivé.",
                "missing": "Ajoutez votre justificatif\u00a0: le fichier n’est pas arrivé.",
                "empty": "Ce fichier est vide\u00a0: choisissez-en un autre.",
            },
        )

    def _clean_fields(self):
        super()._clean_fields()
        if self.is_file_too_large:  # it was not kept: « missing » would mislead
            self.errors.pop("proof", None)
            self.add_error("proof", ValidationError(TOO_LARGE, code="too_large"))

    def clean_proof(self):
        file = self.cleaned_data["proof"]
        if not file:
            return None
        try:
            return read_proof(file)
        except ProofRefused as error:
            raise ValidationError(str(error), code="refused") from None


class ConversionForm(SummaryAboveForm, forms.Form):
    """Hours of a public agent to turn into euros, at most `convertible`."""

    # the same form posted twice converts once
    key = forms.UUIDField(
        widget=forms.HiddenInput,
        initial=uuid4,
        error_messages={"required": REOPEN, "invalid": REOPEN},
    )

    def __init__(self, *args, convertible: int, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["hours"] = HoursField(
            label="Nombre d’heures à convertir",
            ceiling=convertible,
            required="Saisissez le nombre d’heures à convertir.",
            beyond=f"Vous pouvez convertir {convertible}\u00a0heures au plus.",
            help_text=f"Nombre entier, {convertible} au plus.",
        )


class HistoryFilterForm(PortalForm, forms.Form):
    """Year and kind of the lines to show; a value that means nothing filters nothing."""

    annee = forms.TypedChoiceField(label="Année", required=False, coerce=int, empty_value=None)
    nature = forms.ChoiceField(
        label="Nature", required=False, choices=[("", "Toutes"), *MovementKind.choices]
    )

    def __init__(self, *args, years: list[int], **kwargs) -> None:
        super().__init__(*args, auto_id="filtre_%s", **kwargs)
        self.fields["annee"].choices = [("", "Toutes"), *((str(year), str(year)) for year in years)]
        self.is_valid()

    @property
    def conditions(self) -> dict[str, object]:
        """The fixed look-ups of what was chosen."""
        found: dict[str, object] = {}
        if year := self.cleaned_data.get("annee"):
            found["effective_on__year"] = year
        if kind := self.cleaned_data.get("nature"):
            found["kind"] = kind
        return found

    @property
    def query(self) -> str:
        """What was chosen, as the end of a link; nothing when all is shown."""
        chosen = {
            name: self.cleaned_data[name] for name in self.fields if self.cleaned_data.get(name)
        }
        return f"?{urlencode(chosen)}" if chosen else ""


class DeclarationForm(SummaryAboveForm, forms.Form):
    """The box by which a person says that she has read what follows from her declaration."""

    is_read = forms.BooleanField(
        label="J’ai lu ce que cette déclaration change.",
        error_messages={"required": "Cochez la case pour confirmer."},
    )
