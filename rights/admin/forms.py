import re
from decimal import Decimal
from uuid import uuid4

from django import forms
from django.utils import timezone

from catalogue.models import Certification
from cpf_portal.ui.forms import FreeTextField, MaskedTextInput
from rights.forms import REOPEN
from rights.models import (
    MAX_AMOUNT_CENTS,
    Abondement,
    ClosingReason,
    CorrectionProposal,
    DifDeclaration,
    Financer,
    HoursMovement,
    Movement,
    Pocket,
)

# Thousands as French people and their spreadsheets write them, with or without the euro.
_GROUPS = re.compile(r"[+-]?[0-9]{1,3}(?: [0-9]{3})+(?:[.,][0-9]{1,2})?")
_SPACES = re.compile(r"[ \u00a0\u2009\u202f]")
TOO_MUCH = "Saisissez un montant d’un million d’euros au plus."


class EurosField(forms.DecimalField):
    """An amount in euros: `-1 000,00`, `1000.5` or `1 000 €`, whatever the spaces."""

    def __init__(self, **kwargs) -> None:
        super().__init__(max_digits=9, decimal_places=2, localize=True, **kwargs)

    def to_python(self, value):
        if isinstance(value, str):
            value = _SPACES.sub(" ", value).strip().removesuffix("€").strip().replace("−", "-")
            value = value.replace(" ", "") if _GROUPS.fullmatch(value) else value
        return super().to_python(value)


class FormKeyField(forms.UUIDField):
    """What makes the same form, posted twice, count once."""

    def __init__(self) -> None:
        super().__init__(
            widget=forms.HiddenInput,
            initial=uuid4,
            error_messages={"required": REOPEN, "invalid": REOPEN},
        )


class CorrectionForm(forms.Form):
    """A counter-movement: a signed amount in euros, and why."""

    pocket = forms.ChoiceField(label="Poche", choices=Pocket.choices)
    amount_cents = EurosField(
        label="Montant en euros",
        help_text="Par exemple 150,00 pour ajouter, -150,00 pour retirer.",
        error_messages={
            "required": "Saisissez le montant à ajouter ou à retirer.",
            "invalid": "Saisissez un montant en euros, par exemple -150,00.",
        },
    )
    reason = FreeTextField(
        label="Motif",
        max_length=Movement._meta.get_field("reason").max_length,
        help_text="La personne le lit dans l’historique de ses droits.",
        error_messages={"required": "Expliquez la correction en une phrase."},
        widget=MaskedTextInput(attrs={"size": 80}),
    )
    idempotency_key = FormKeyField()

    def clean_amount_cents(self) -> int:
        amount: Decimal = self.cleaned_data["amount_cents"]
        if amount == 0:
            raise forms.ValidationError("Saisissez un montant différent de zéro.", code="zero")
        if abs(amount * 100) > MAX_AMOUNT_CENTS:
            raise forms.ValidationError(TOO_MUCH, code="too_large")
        return int(amount * 100)

    def clean_idempotency_key(self) -> str:
        return str(self.cleaned_data["idempotency_key"])


class AgentHoursForm(forms.Form):
    """What a public employer decided for its agent."""

    decision = forms.ChoiceField(
        label="Décision de l’employeur",
        choices=[
            ("use", "Inscrire une formation suivie avec l’employeur"),
            ("unfitness", "Accorder des heures pour prévenir une inaptitude"),
        ],
    )
    hours = forms.IntegerField(
        label="Nombre d’heures",
        min_value=1,
        max_value=1000,
        error_messages={
            "required": "Saisissez le nombre d’heures.",
            "invalid": "Saisissez un nombre entier d’heures.",
            "min_value": "Saisissez au moins une heure.",
            "max_value": "Saisissez 1000 heures au plus.",
        },
    )
    is_in_advance = forms.BooleanField(
        label="L’employeur accepte une avance sur les deux années à venir", required=False
    )
    is_category_c = forms.BooleanField(
        label="Catégorie C, sans diplôme de niveau 3 (pour l’avance)", required=False
    )
    reason = FreeTextField(
        label="Motif",
        max_length=HoursMovement._meta.get_field("reason").max_length,
        help_text="La personne le lit\u00a0: le projet, la formation.",
        error_messages={"required": "Nommez le projet ou la formation."},
        widget=MaskedTextInput(attrs={"size": 80}),
    )
    idempotency_key = FormKeyField()

    def clean_idempotency_key(self) -> str:
        return str(self.cleaned_data["idempotency_key"])


class ClosingForm(forms.Form):
    """The end of an account, or its return when that was an error."""

    REOPEN = "reopen"

    reason = forms.ChoiceField(
        label="Événement",
        choices=[*ClosingReason.choices, (REOPEN, "Erreur\u00a0: rouvrir le compte")],
    )
    closed_on = forms.DateField(
        label="Depuis le",
        required=False,
        help_text="Par exemple 31/12/2021. Les droits ne sont plus utilisables à partir de ce jour.",
        error_messages={"invalid": "Saisissez une date, par exemple 31/12/2021."},
    )

    def clean(self):
        data = super().clean()
        if data.get("reason") != self.REOPEN and not data.get("closed_on"):
            if "closed_on" not in self.errors:
                self.add_error("closed_on", "Saisissez le jour de l’événement.")
        elif data.get("closed_on") and data["closed_on"] > timezone.localdate():
            self.add_error("closed_on", "Saisissez un jour passé, ou aujourd’hui.")
        return data


class RefusalForm(forms.Form):
    """Accept, or refuse with a reason that the person reads."""

    decision = forms.ChoiceField(
        choices=[("accept", ""), ("refuse", "")],
        widget=forms.HiddenInput,
        error_messages={"required": "Choisissez d’accepter ou de refuser."},
    )
    reason = FreeTextField(
        label="Motif d’un refus",
        required=False,
        max_length=DifDeclaration._meta.get_field("decision_reason").max_length - 30,
        help_text="La personne le lit. Par exemple\u00a0: le document n’indique pas d’heures de DIF.",
        widget=MaskedTextInput(attrs={"size": 80}),
    )

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["decision"].widget.attrs["disabled"] = True  # the buttons carry the value

    @property
    def is_accepting(self) -> bool:
        return self.cleaned_data["decision"] == "accept"

    def clean(self):
        data = super().clean()
        if data.get("decision") == "refuse" and not data.get("reason"):
            self.add_error("reason", "Expliquez le refus en une phrase.")
        if data.get("decision") == "accept" and data.get("reason"):
            # as when Enter is pressed in the field, which presses the first button
            self.add_error(
                "reason",
                "Pour accepter, effacez ce motif\u00a0; pour refuser, choisissez «\u00a0Refuser\u00a0».",
            )
        return data


class DecisionForm(forms.Form):
    """Approve or refuse what somebody else proposed."""

    decision = forms.ChoiceField(
        choices=[("approve", ""), ("refuse", "")],
        widget=forms.HiddenInput(attrs={"disabled": True}),
        error_messages={"required": "Choisissez de valider ou de refuser."},
    )

    @property
    def is_approving(self) -> bool:
        return self.cleaned_data["decision"] == "approve"


class CodeForm(forms.Form):
    code = forms.CharField(
        label="Code de vérification",
        max_length=40,
        help_text="Seize lettres et chiffres, avec ou sans tirets.",
        error_messages={"required": "Saisissez le code inscrit sur l’attestation."},
    )


class AbondementForm(forms.Form):
    """A top-up, its financer and its conditions."""

    financer = forms.ChoiceField(label="Financeur", choices=Financer.choices)
    financer_name = forms.CharField(
        label="Nom du financeur",
        max_length=Abondement._meta.get_field("financer_name").max_length,
        error_messages={"required": "Nommez le financeur\u00a0: la personne le lit."},
    )
    amount_cents = EurosField(
        label="Montant en euros",
        min_value=Decimal("0.01"),
        error_messages={
            "required": "Saisissez le montant.",
            "invalid": "Saisissez un montant en euros, par exemple 500,00.",
            "min_value": "Un abondement dépasse 0\u00a0€.",
        },
    )
    expires_on = forms.DateField(
        label="Utilisable jusqu’au",
        required=False,
        help_text="31/12/2030. Vide\u00a0: sans date de fin. Le reste revient ensuite au financeur.",
    )
    certifications = forms.CharField(
        label="Réservé aux certifications",
        required=False,
        help_text="Codes séparés par des espaces, par exemple RNCP35584 RS5146. Vide\u00a0: toute formation.",
        widget=forms.TextInput(attrs={"size": 80}),
    )
    is_used_before_cpf = forms.BooleanField(
        label="Utilisé avant les droits CPF", required=False, initial=True
    )
    conditions = forms.CharField(
        label="Conditions",
        required=False,
        max_length=Abondement._meta.get_field("conditions").max_length,
        help_text="La personne les lit.",
        widget=forms.TextInput(attrs={"size": 80}),
    )
    legal_basis = forms.CharField(
        label="Base légale",
        max_length=Abondement._meta.get_field("legal_basis").max_length,
        initial="Code du travail, art. L6323-4, II",
    )
    reason = FreeTextField(
        label="Motif pour la deuxième personne",
        required=False,
        max_length=CorrectionProposal._meta.get_field("reason").max_length,
        help_text="Au-delà du seuil seulement\u00a0: ce qui le prouve, par exemple la lettre du financeur.",
        widget=MaskedTextInput(attrs={"size": 80}),
    )
    idempotency_key = FormKeyField()

    def clean_amount_cents(self) -> int:
        amount: Decimal = self.cleaned_data["amount_cents"]
        if amount * 100 > MAX_AMOUNT_CENTS:
            raise forms.ValidationError(TOO_MUCH, code="too_large")
        return int(amount * 100)

    def clean_certifications(self) -> list[Certification]:
        codes = set(self.cleaned_data["certifications"].upper().replace(",", " ").split())
        found = list(Certification.objects.filter(code__in=codes))
        if unknown := codes - {certification.code for certification in found}:
            raise forms.ValidationError(
                f"Codes inconnus du catalogue\u00a0: {', '.join(sorted(unknown))}.", code="unknown"
            )
        return found

    def clean_idempotency_key(self) -> str:
        return f"staff:{self.cleaned_data['idempotency_key']}"
