"""Fields that several forms of accounts ask for."""

import re
import unicodedata

from django import forms
from django.core.exceptions import ValidationError
from django.utils.html import format_html, format_html_join

from accounts.nir import InvalidNir, Nir
from accounts.phones import InvalidPhone, Phone, PhoneKind, clean_phone
from accounts.validators import MAX_PASSWORD_BYTES, validate_person_name
from cpf_portal.ui.forms import ForgetfulTextInput

# The spaces of a text, not its line ends and tabs: these are refused with the other control characters.
_SPACES = re.compile(r"[ \u00a0\u2000-\u200a\u202f\u205f\u3000]+")
NIR_ERRORS = {
    "required": "Saisissez votre numéro de sécurité sociale.",
    "format": (
        "Saisissez les 13 caractères de votre numéro de sécurité sociale, "
        "tels qu’ils figurent sur votre carte Vitale."
    ),
    "key": (
        "La clé ne correspond pas au numéro\u00a0: vérifiez les 15 caractères de votre carte Vitale."
    ),
    "no_key": "Saisissez la clé, les 2 chiffres qui suivent le numéro sur votre carte Vitale.",
    "max_length": (
        "Saisissez seulement votre numéro de sécurité sociale, 13 caractères et la clé."
    ),
}
# The four rules of the seed, each with the expression that the page checks while one types.
PASSWORD_RULES = (
    (r"^[\s\S]{8,}$", "8 caractères"),
    (r"\p{Lowercase}", "1 minuscule"),
    (r"\p{Uppercase}", "1 majuscule"),
    (r"\p{Nd}", "1 chiffre"),
)


class NirInput(ForgetfulTextInput):
    """Letters stay at hand on a telephone, for Corsica; the NIR is the name one signs in with."""

    def __init__(self):
        super().__init__(
            {
                "autocomplete": "username",
                "autocapitalize": "characters",
                "inputmode": "text",
                "spellcheck": "false",
                "data-portal-nir": True,
            }
        )


class NirField(forms.CharField):
    """A number of 13 characters, or 15 with its key; cleans to the text typed or to a Nir."""

    MAX_LENGTH = 40  # with all the separators that one meets

    def __init__(self, **kwargs):
        kwargs.setdefault("label", "Numéro de sécurité sociale")
        super().__init__(
            max_length=self.MAX_LENGTH, widget=NirInput(), error_messages=NIR_ERRORS, **kwargs
        )

    def widget_attrs(self, widget):
        return {}  # no maxlength: the browser would cut what is pasted, without a word


class WholeNirField(NirField):
    """The number alone in its form: cleans to a Nir."""

    def clean(self, value) -> Nir:
        try:
            return Nir.parse(super().clean(value))
        except InvalidNir as error:
            raise ValidationError(self.error_messages[error.code], code=error.code) from None


class KeyField(forms.CharField):
    """The two digits of the key. They may stand in the number's field: its form tells if they miss."""

    def __init__(self):
        super().__init__(
            label="Clé",
            max_length=10,
            widget=ForgetfulTextInput(
                {"autocomplete": "off", "inputmode": "numeric", "data-portal-nir-key": True}
            ),
            error_messages={"max_length": "Saisissez les 2 chiffres de la clé."},
        )

    def widget_attrs(self, widget):
        return {}

    def validate(self, value):
        """Accept an empty key."""


class BirthNameField(forms.CharField):
    def __init__(self):
        super().__init__(
            label="Nom de naissance",
            help_text="Saisissez uniquement votre nom de naissance.",
            max_length=100,
            validators=[validate_person_name],
            widget=forms.TextInput({"autocomplete": "family-name", "spellcheck": "false"}),
            error_messages={
                "required": "Saisissez votre nom de naissance.",
                "max_length": "Saisissez un nom de 100 caractères au plus.",
            },
        )

    def to_python(self, value):
        return _SPACES.sub(" ", unicodedata.normalize("NFC", super().to_python(value)))


class PhoneField(forms.CharField):
    """One of two telephones: cleans to E.164, or "" ; the form tells if both are empty."""

    OTHER = {PhoneKind.LANDLINE: PhoneKind.MOBILE, PhoneKind.MOBILE: PhoneKind.LANDLINE}

    def __init__(self, kind: PhoneKind, *, autocomplete: str, **kwargs):
        self.kind = kind
        super().__init__(
            max_length=30,
            widget=forms.TextInput(
                {"type": "tel", "autocomplete": autocomplete, "inputmode": "tel"}
            ),
            error_messages={"max_length": "Saisissez un seul numéro de téléphone."},
            **kwargs,
        )

    def validate(self, value):
        """Accept an empty field."""

    def clean(self, value) -> str:
        text = super().clean(value)
        return self._checked(text).e164 if text else ""

    def _checked(self, text: str) -> Phone:
        try:
            phone = clean_phone(text)
        except InvalidPhone:
            raise ValidationError(self._example(), code="invalid") from None
        if phone.kind is self.OTHER[self.kind]:
            raise ValidationError(
                f"Ce numéro est celui d’un téléphone {phone.kind}\u00a0: "
                f"saisissez-le dans «\u00a0Téléphone {phone.kind}\u00a0».",
                code="other_kind",
            )
        if phone.kind is PhoneKind.SPECIAL:
            raise ValidationError(
                "Ce numéro est un numéro spécial\u00a0: saisissez celui de votre propre ligne.",
                code="special",
            )
        return phone

    def _example(self) -> str:
        example = "06 12 34 56 78" if self.kind is PhoneKind.MOBILE else "01 23 45 67 89"
        return (
            f"Saisissez un numéro de téléphone {self.kind} valable, par exemple {example} "
            "ou +33, +590, +262… suivi du numéro."
        )


class PasswordField(forms.CharField):
    def __init__(self, *, autocomplete: str, **kwargs):
        kwargs.setdefault("label", "Mot de passe")
        errors = {
            "required": "Saisissez votre mot de passe.",
            "max_length": "Choisissez un mot de passe plus court.",
        } | kwargs.pop("error_messages", {})
        attrs = {"autocomplete": autocomplete, "data-portal-reveal": True}
        super().__init__(
            strip=False,
            max_length=MAX_PASSWORD_BYTES,
            widget=forms.PasswordInput(attrs),
            error_messages=errors,
            **kwargs,
        )

    def widget_attrs(self, widget):
        return {}  # a browser must not cut a password that is pasted


def password_rules(field_id: str) -> str:
    """Return the hint of a new password: the rules in a list that the page ticks while one types."""
    items = format_html_join("", '<li data-portal-rule="{}">{}</li>', PASSWORD_RULES)
    return format_html(
        "Il doit être composé d’un minimum de\u00a0:"
        '<ul class="rules" data-portal-password-rules="{}">{}</ul>',
        field_id,
        items,
    )
