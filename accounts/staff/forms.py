"""Forms of the staff's sign-in."""

from django import forms
from django.contrib.auth import authenticate
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from accounts.models import User
from accounts.services import normalised
from accounts.services.recovery import SYMBOLS

WRONG = (
    "Cette adresse et ce mot de passe ne correspondent à aucun compte du personnel\u00a0: "
    "vérifiez-les, majuscules comprises."
)


class StaffSignInForm(forms.Form):
    """What is typed opens nothing yet: the code is asked next."""

    username = forms.CharField(
        label="Adresse électronique",
        max_length=254,
        widget=forms.TextInput(
            {"autocomplete": "username", "inputmode": "email", "autocapitalize": "none"}
        ),
        error_messages={"required": "Saisissez votre adresse électronique."},
    )
    password = forms.CharField(
        label="Mot de passe",
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "current-password"}),
        error_messages={"required": "Saisissez votre mot de passe."},
    )

    def __init__(self, request: HttpRequest, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.request = request
        self.user: User | None = None

    def clean(self):
        username, password = (self.cleaned_data.get(name) for name in ("username", "password"))
        if not username or not password:
            return
        user = authenticate(self.request, username=username, password=password)
        if user is None or not user.is_staff:
            raise ValidationError(WRONG, code="invalid")
        self.user = user


class CodeForm(forms.Form):
    """The six digits of the application; spaces are taken out."""

    code = forms.CharField(
        label="Code à 6 chiffres",
        max_length=20,
        help_text="Celui que votre application affiche maintenant pour ce portail.",
        widget=forms.TextInput(
            {"autocomplete": "one-time-code", "inputmode": "numeric", "size": 12}
        ),
        error_messages={"required": "Saisissez le code que votre application affiche."},
    )

    def clean_code(self) -> str:
        code = "".join(self.cleaned_data["code"].split())
        if len(code) != 6 or not (code.isascii() and code.isdigit()):
            raise ValidationError("Saisissez les 6\u00a0chiffres du code.", code="format")
        return code


class RecoveryForm(forms.Form):
    code = forms.CharField(
        label="Code de secours",
        max_length=40,
        help_text="Un des dix codes que vous avez notés, par exemple ABCD-EFGH-JKMN. Il sert une seule fois.",
        widget=forms.TextInput({"autocomplete": "off", "autocapitalize": "characters", "size": 20}),
        error_messages={"required": "Saisissez un de vos codes de secours."},
    )

    def clean_code(self) -> str:
        code = normalised(self.cleaned_data["code"])
        if len(code) != SYMBOLS:
            raise ValidationError(
                f"Saisissez les {SYMBOLS}\u00a0caractères du code de secours.", code="format"
            )
        return code
