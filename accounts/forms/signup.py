"""The sign-up form: the fields of the portal, in its order and its words."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Layout
from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.urls import reverse
from django.utils.html import format_html

from accounts.captcha.fields import ImageCaptchaField
from accounts.forms.fields import (
    NIR_ERRORS,
    BirthNameField,
    KeyField,
    NirField,
    PasswordField,
    PhoneField,
    password_rules,
)
from accounts.models import Titulaire, User
from accounts.nir import InvalidNir, Nir
from accounts.phones import PhoneKind
from accounts.services import Contact
from cpf_portal.ui.forms import PortalForm

EMAIL_ERRORS = {
    "required": "Saisissez votre adresse de courriel.",
    "invalid": "Saisissez une adresse de courriel complète, par exemple camille@exemple.fr.",
    "max_length": "Saisissez une adresse de courriel de 254 caractères au plus.",
}


def email_field(label: str, **errors: str) -> forms.EmailField:
    return forms.EmailField(
        label=label,
        max_length=254,
        widget=forms.EmailInput({"autocomplete": "email", "spellcheck": "false"}),
        error_messages=EMAIL_ERRORS | errors,
    )


class SignUpForm(PortalForm, forms.Form):
    birth_name = BirthNameField()
    nir = NirField(
        help_text=(
            "Saisissez les 13 caractères alphanumériques et la clé à 2 chiffres "
            "inscrits sur votre carte vitale"
        )
    )
    nir_key = KeyField()
    phone_landline = PhoneField(PhoneKind.LANDLINE, label="Téléphone fixe", autocomplete="home tel")
    phone_mobile = PhoneField(
        PhoneKind.MOBILE,
        label="Téléphone mobile",
        autocomplete="mobile tel",
        help_text="Un des deux numéros doit être renseigné",
    )
    email = email_field("Courriel personnel")
    email_confirmation = email_field(
        "Confirmez votre courriel personnel",
        required="Saisissez une seconde fois votre adresse de courriel.",
    )
    password = PasswordField(autocomplete="new-password", help_text=password_rules("id_password"))
    password_confirmation = PasswordField(
        label="Confirmez votre mot de passe",
        autocomplete="new-password",
        error_messages={"required": "Saisissez une seconde fois votre mot de passe."},
    )
    captcha = ImageCaptchaField()
    cgu = forms.BooleanField(
        error_messages={
            "required": (
                "Cochez la case pour accepter les conditions générales d’utilisation\u00a0: "
                "sans votre accord, le compte ne peut pas être créé."
            )
        }
    )

    # What is shown again after an error or a renewal: neither the number nor the passwords.
    KEPT = (
        "birth_name",
        "phone_landline",
        "phone_mobile",
        "email",
        "email_confirmation",
        "cgu",
    )

    def __init__(self, *args, session, ip, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["captcha"].bind(session, ip=ip)
        self.fields["cgu"].label = format_html(
            'J’ai lu et j’accepte <a href="{}">les conditions générales d’utilisation</a>',
            reverse("pages:terms"),
        )

    @classmethod
    def kept(cls, data: QueryDict) -> dict[str, str]:
        """Return what a form shown again may repeat of what was posted."""
        return {name: data[name] for name in cls.KEPT if name in data}

    @property
    def helper(self) -> FormHelper:
        helper = super().helper
        helper.form_show_errors = False  # the page shows the summary above the form
        helper.layout = Layout(
            "birth_name", Div("nir", "nir_key", css_class="two"), *list(self.fields)[3:]
        )
        return helper

    def clean(self):
        self._clean_nir()
        self._clean_phones()
        self._clean_pair(
            "email",
            "email_confirmation",
            "Les deux adresses de courriel sont différentes\u00a0: saisissez deux fois la même.",
        )
        self._clean_pair(
            "password",
            "password_confirmation",
            "Les deux mots de passe sont différents\u00a0: saisissez deux fois le même.",
        )
        self._clean_password()
        return self.cleaned_data

    def _clean_nir(self):
        number, key = self.cleaned_data.get("nir"), self.cleaned_data.get("nir_key")
        if number is None or key is None:
            return
        try:
            self.cleaned_data["nir"] = Nir.parse(number, key, needs_key=True)
        except InvalidNir as error:
            field = "nir_key" if error.code == "no_key" else "nir"
            self.add_error(field, ValidationError(NIR_ERRORS[error.code], code=error.code))

    def _clean_phones(self):
        typed = [self.data.get(name, "").strip() for name in ("phone_landline", "phone_mobile")]
        if not any(typed):
            self.add_error(
                "phone_mobile", "Renseignez au moins un numéro de téléphone, fixe ou mobile."
            )

    def _clean_pair(self, first: str, second: str, message: str):
        texts = [self.cleaned_data.get(name) for name in (first, second)]
        if None in texts:
            return
        if first == "email":
            texts = [text.casefold() for text in texts]
        if texts[0] != texts[1]:
            self.add_error(second, message)

    def _clean_password(self):
        password = self.cleaned_data.get("password")
        if password is None:
            return
        try:
            validate_password(password, self._unsaved_user())
        except ValidationError as error:
            self.add_error("password", error)

    def _unsaved_user(self) -> User:
        """Return what is known of the person, for the rule against passwords made of it."""
        data = self.cleaned_data
        titulaire = Titulaire(birth_name=data.get("birth_name", ""))
        if isinstance(data.get("nir"), Nir):
            titulaire.nir = data["nir"]
        return User(
            titulaire=titulaire,
            email=data.get("email", ""),
            phone_landline=data.get("phone_landline", ""),
            phone_mobile=data.get("phone_mobile", ""),
        )

    def registration(self) -> dict:
        """Return the arguments of services.register."""
        data = self.cleaned_data
        return {
            "birth_name": data["birth_name"],
            "nir": data["nir"],
            "contact": Contact(
                email=data["email"],
                phone_landline=data["phone_landline"],
                phone_mobile=data["phone_mobile"],
            ),
            "password": data["password"],
        }
