from decimal import Decimal
from uuid import uuid4

from django import forms

from rights.models import MAX_AMOUNT_CENTS, Movement, Pocket


class CorrectionForm(forms.Form):
    """A counter-movement: a signed amount in euros, and why."""

    pocket = forms.ChoiceField(label="Poche", choices=Pocket.choices)
    amount_cents = forms.DecimalField(
        label="Montant en euros",
        max_digits=9,
        decimal_places=2,
        localize=True,
        help_text="Par exemple 150,00 pour ajouter, -150,00 pour retirer.",
        error_messages={
            "required": "Saisissez le montant à ajouter ou à retirer.",
            "invalid": "Saisissez un montant en euros, par exemple -150,00.",
        },
    )
    reason = forms.CharField(
        label="Motif",
        max_length=Movement._meta.get_field("reason").max_length,
        help_text="La personne le lit dans l’historique de ses droits.",
        error_messages={"required": "Expliquez la correction en une phrase."},
        widget=forms.TextInput(attrs={"size": 80}),
    )

    # the same form posted twice corrects once
    idempotency_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)

    def clean_amount_cents(self) -> int:
        amount: Decimal = self.cleaned_data["amount_cents"]
        if amount == 0:
            raise forms.ValidationError("Saisissez un montant différent de zéro.", code="zero")
        if abs(amount * 100) > MAX_AMOUNT_CENTS:
            raise forms.ValidationError(
                "Saisissez un montant d’un million d’euros au plus.", code="too_large"
            )
        return int(amount * 100)

    def clean_idempotency_key(self) -> str:
        return str(self.cleaned_data["idempotency_key"])
