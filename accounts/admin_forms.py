from django import forms

from accounts.nir import InvalidNir, Nir
from cpf_portal.ui.forms import ForgetfulTextInput


class NirSearchForm(forms.Form):
    """Find a person by her number; the number is never shown again."""

    nir = forms.CharField(
        label="Numéro de sécurité sociale",
        max_length=40,
        help_text="13 caractères, ou 15 avec la clé ; les espaces sont admis.",
        error_messages={"required": "Saisissez le numéro de sécurité sociale."},
        widget=ForgetfulTextInput(attrs={"autocomplete": "off", "size": 24}),
    )

    def clean_nir(self) -> Nir:
        try:
            return Nir.parse(self.cleaned_data["nir"])
        except InvalidNir:
            raise forms.ValidationError(
                "Ce numéro n’est pas valide : vérifiez les 13 caractères et la clé.", code="nir"
            ) from None
