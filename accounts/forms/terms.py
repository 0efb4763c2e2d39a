"""The one question to somebody who signs in under older terms."""

from django import forms
from django.urls import reverse
from django.utils.html import format_html

from cpf_portal.ui.forms import PortalForm


class AcceptTermsForm(PortalForm, forms.Form):
    cgu = forms.BooleanField(
        error_messages={
            "required": (
                "Cochez la case pour accepter les conditions générales d’utilisation, "
                "ou déconnectez-vous."
            )
        }
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["cgu"].label = format_html(
            'J’ai lu et j’accepte <a href="{}">les conditions générales d’utilisation</a>',
            reverse("pages:terms"),
        )
