"""Forms of those who have an account: sign in, ask for a new password, choose it."""

from django import forms
from django.contrib.auth import authenticate
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from accounts import services
from accounts.forms.fields import PasswordField, WholeNirField, password_rules
from accounts.models import User
from accounts.validators import MIN_STAFF_PASSWORD_LENGTH
from cpf_portal.ui.forms import PortalForm

NIR_HINT = "Saisissez les 13 caractères, avec ou sans la clé à 2 chiffres"


class SignInForm(PortalForm, forms.Form):
    """Signs in by NIR; what fails has one text, whatever the cause."""

    nir = WholeNirField(help_text=NIR_HINT)
    password = PasswordField(autocomplete="current-password")

    def __init__(self, *args, request: HttpRequest | None = None, **kwargs):
        super().__init__(*args, **kwargs)
        self.request = request
        self.user: User | None = None

    def clean(self):
        if self.errors:
            return
        self.user = authenticate(self.request, **self.cleaned_data)
        if self.user is None:
            raise ValidationError(
                "Ce numéro de sécurité sociale et ce mot de passe ne permettent pas de se connecter. "
                "Vérifiez-les, puis saisissez-les de nouveau.",
                code="refused",
            )


class ForgottenPasswordForm(PortalForm, forms.Form):
    nir = WholeNirField(help_text=NIR_HINT)


def check_passwords_agree(form: forms.Form) -> None:
    """Add an error to the second of two new passwords when they differ."""
    first, second = (form.cleaned_data.get(name) for name in ("password", "password_confirmation"))
    if first is not None and second is not None and first != second:
        form.add_error(
            "password_confirmation",
            "Les deux mots de passe sont différents\u00a0: saisissez deux fois le même.",
        )


class NewPasswordForm(PortalForm, forms.Form):
    """The two fields of PasswordResetConfirmView, which gives the user and calls save()."""

    password = PasswordField(
        label="Nouveau mot de passe",
        autocomplete="new-password",
        help_text=password_rules("id_password"),
        error_messages={"required": "Saisissez votre nouveau mot de passe."},
    )
    password_confirmation = PasswordField(
        label="Confirmez votre nouveau mot de passe",
        autocomplete="new-password",
        error_messages={"required": "Saisissez une seconde fois votre nouveau mot de passe."},
    )

    def __init__(self, user: User | None, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user
        if user and user.is_staff:
            self.fields["password"].help_text = (
                f"{MIN_STAFF_PASSWORD_LENGTH}\u00a0caractères au minimum, dont une minuscule, une "
                "majuscule et un chiffre."
            )

    def clean_password(self):
        validate_password(self.cleaned_data["password"], self.user)
        return self.cleaned_data["password"]

    def clean(self):
        check_passwords_agree(self)

    def save(self) -> User:
        services.reset_password(user=self.user, password=self.cleaned_data["password"])
        return self.user
