from django import forms

from catalogue.models.saved import MAX_NAME
from cpf_portal.ui.forms import PortalForm
from cpf_portal.ui.masking import mask_nir


class SavedSearchForm(PortalForm, forms.Form):
    name = forms.CharField(
        label="Nom de la recherche",
        max_length=MAX_NAME,
        error_messages={
            "required": "Donnez un nom à cette recherche.",
            "max_length": f"Choisissez un nom de {MAX_NAME} caractères au plus.",
        },
    )
    wants_news = forms.BooleanField(
        label="Recevoir une fois par semaine les nouvelles formations par courriel",
        required=False,
    )

    def clean_name(self) -> str:
        return mask_nir(" ".join(self.cleaned_data["name"].split()))[:MAX_NAME]
