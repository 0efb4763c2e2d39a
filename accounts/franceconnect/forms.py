"""What FranceConnect does not tell: the number, once, and how the person is reached."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Layout
from django import forms
from django.contrib.auth import authenticate
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html

from accounts.forms.fields import NIR_ERRORS, KeyField, NirField, PasswordField, PhoneField
from accounts.forms.signup import SignUpForm, email_field
from accounts.models import User
from accounts.nir import InvalidNir, Nir
from accounts.phones import PhoneKind
from accounts.services import Contact
from cpf_portal.ui.forms import PortalForm


class NumberForm(PortalForm, forms.Form):
    nir = NirField(
        help_text=(
            "Saisissez les 13 caractères alphanumériques et la clé à 2 chiffres "
            "inscrits sur votre carte vitale"
        )
    )
    nir_key = KeyField()

    @property
    def helper(self) -> FormHelper:
        helper = super().helper
        helper.layout = Layout(Div("nir", "nir_key", css_class="two"))
        return helper

    def clean(self):
        number, key = self.cleaned_data.get("nir"), self.cleaned_data.get("nir_key")
        if number is None or key is None:
            return
        try:
            self.cleaned_data["nir"] = Nir.parse(number, key, needs_key=True)
        except InvalidNir as error:
            field = "nir_key" if error.code == "no_key" else "nir"
            self.add_error(field, ValidationError(NIR_ERRORS[error.code], code=error.code))


class ContactForm(PortalForm, forms.Form):
    phone_landline = PhoneField(PhoneKind.LANDLINE, label="Téléphone fixe", autocomplete="home tel")
    phone_mobile = PhoneField(
        PhoneKind.MOBILE,
        label="Téléphone mobile",
        autocomplete="mobile tel",
        help_text="Un des deux numéros doit être renseigné",
    )
    email = email_field("Courriel personnel")
    cgu = forms.BooleanField(error_messages=SignUpForm.base_fields["cgu"].error_messages)

    def __init__(self, *args, given_email: str, **kwargs):
        super().__init__(*args, initial={"email": given_email}, **kwargs)
        if given_email:
            self.fields["email"].help_text = (
                "C’est l’adresse donnée par FranceConnect. Si vous la gardez, "
                "vous n’aurez pas à la confirmer."
            )
        self.fields["cgu"].label = format_html(
            'J’ai lu et j’accepte <a href="{}">les conditions générales d’utilisation</a>',
            reverse("pages:terms"),
        )

    def clean(self):
        typed = [self.data.get(name, "").strip() for name in ("phone_landline", "phone_mobile")]
        if not any(typed):
            self.add_error(
                "phone_mobile", "Renseignez au moins un numéro de téléphone, fixe ou mobile."
            )

    @property
    def contact(self) -> Contact:
        data = self.cleaned_data
        return Contact(
            email=data["email"],
            phone_landline=data["phone_landline"],
            phone_mobile=data["phone_mobile"],
        )


class ProofForm(PortalForm, forms.Form):
    """The password of the account that the number has already."""

    password = PasswordField(autocomplete="current-password")

    def __init__(self, *args, request: HttpRequest, nir: Nir, **kwargs):
        super().__init__(*args, **kwargs)
        self.request, self.nir = request, nir
        self.user: User | None = None

    def clean(self):
        if self.errors:
            return
        password = self.cleaned_data["password"]
        self.user = authenticate(self.request, nir=self.nir, password=password)
        if self.user is None:
            self.add_error(
                "password",
                "Ce mot de passe n’est pas celui du compte. Vérifiez-le, puis saisissez-le de nouveau.",
            )
