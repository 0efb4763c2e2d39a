"""What a signed-in person changes about herself."""

from django import forms
from django.contrib.auth.hashers import check_password
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator

from accounts.forms.access import NewPasswordForm
from accounts.forms.fields import PasswordField, PhoneField
from accounts.forms.signup import email_field
from accounts.models import User
from accounts.phones import PhoneKind, readable
from cpf_portal.ui.forms import PortalForm

DIPLOMAS = (
    ("", "Je ne souhaite pas le dire"),
    (1, "Sans diplôme, compétences de base (niveau 1)"),
    (2, "Sans diplôme, ou certificat de formation générale (niveau 2)"),
    (3, "CAP, BEP (niveau 3)"),
    (4, "Baccalauréat (niveau 4)"),
    (5, "Bac + 2, BTS, DUT, DEUG (niveau 5)"),
    (6, "Bac + 3 ou 4, licence, BUT, maîtrise (niveau 6)"),
    (7, "Bac + 5, master, diplôme d’ingénieur (niveau 7)"),
    (8, "Doctorat (niveau 8)"),
)


class PhonesForm(PortalForm, forms.Form):
    phone_landline = PhoneField(PhoneKind.LANDLINE, label="Téléphone fixe", autocomplete="home tel")
    phone_mobile = PhoneField(
        PhoneKind.MOBILE,
        label="Téléphone mobile",
        autocomplete="mobile tel",
        help_text="Un des deux numéros doit être renseigné",
    )

    @classmethod
    def of(cls, user: User) -> dict[str, str]:
        """Return the present values as they are typed."""
        return {name: readable(getattr(user, name)) for name in cls.base_fields}

    def clean(self):
        if not any(self.data.get(name, "").strip() for name in self.fields):
            self.add_error(
                "phone_mobile", "Renseignez au moins un numéro de téléphone, fixe ou mobile."
            )


class AddressForm(PortalForm, forms.Form):
    """All of it, or none: an address without a town reaches nobody."""

    address_street = forms.CharField(
        label="Numéro et voie",
        max_length=120,
        required=False,
        widget=forms.TextInput({"autocomplete": "address-line1"}),
        error_messages={"max_length": "Saisissez 120 caractères au plus."},
    )
    address_extra = forms.CharField(
        label="Complément d’adresse",
        help_text="Bâtiment, étage, lieu-dit…",
        max_length=120,
        required=False,
        widget=forms.TextInput({"autocomplete": "address-line2"}),
        error_messages={"max_length": "Saisissez 120 caractères au plus."},
    )
    postcode = forms.CharField(
        label="Code postal",
        max_length=5,
        required=False,
        validators=[
            RegexValidator(
                r"\A\d{5}\Z", "Saisissez un code postal de 5 chiffres, par exemple 44000."
            )
        ],
        widget=forms.TextInput({"autocomplete": "postal-code", "inputmode": "numeric"}),
        error_messages={"max_length": "Saisissez un code postal de 5 chiffres, par exemple 44000."},
    )
    city = forms.CharField(
        label="Commune",
        max_length=100,
        required=False,
        widget=forms.TextInput({"autocomplete": "address-level2"}),
        error_messages={"max_length": "Saisissez 100 caractères au plus."},
    )

    MISSING = {
        "address_street": "Saisissez le numéro et la voie.",
        "postcode": "Saisissez le code postal.",
        "city": "Saisissez la commune.",
    }

    @classmethod
    def of(cls, user: User) -> dict[str, str]:
        return {name: getattr(user, name) for name in cls.base_fields}

    def clean(self):
        if not any(self.cleaned_data.get(name) or name in self.errors for name in self.fields):
            return
        for name, message in self.MISSING.items():
            if name not in self.errors and not self.cleaned_data.get(name):
                self.add_error(name, message)


class DiplomaForm(PortalForm, forms.Form):
    diploma_level = forms.TypedChoiceField(
        label="Niveau de votre diplôme le plus élevé",
        choices=DIPLOMAS,
        coerce=int,
        empty_value=None,
        required=False,
        error_messages={"invalid_choice": "Choisissez un niveau de la liste."},
    )

    @classmethod
    def of(cls, user: User) -> dict[str, object]:
        return {"diploma_level": user.titulaire.diploma_level if user.titulaire else None}


class NoticesForm(PortalForm, forms.Form):
    wants_signin_mail = forms.BooleanField(
        label="Un courriel quand quelqu’un se connecte à mon compte avec un nouveau navigateur",
        required=False,
    )
    wants_change_mail = forms.BooleanField(
        label="Un courriel quand mes téléphones ou mon adresse postale sont modifiés",
        required=False,
    )
    wants_news_mail = forms.BooleanField(
        label=(
            "Un courriel par semaine, s’il y a de nouvelles formations, pour les recherches "
            "enregistrées où je l’ai demandé"
        ),
        required=False,
    )

    @classmethod
    def of(cls, user: User) -> dict[str, bool]:
        return {name: getattr(user, name) for name in cls.base_fields}


class FreshPasswordForm(PortalForm, forms.Form):
    """The password of who is signed in already."""

    current_password = PasswordField(autocomplete="current-password")

    def __init__(self, user: User, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_current_password(self):
        password = self.cleaned_data["current_password"]
        if not check_password(password, self.user.password):
            raise ValidationError(
                "Ce mot de passe n’est pas celui de votre compte. Saisissez-le de nouveau.",
                code="wrong",
            )
        return password


class ChangePasswordForm(NewPasswordForm):
    current_password = PasswordField(
        label="Mot de passe actuel",
        autocomplete="current-password",
        error_messages={"required": "Saisissez votre mot de passe actuel."},
    )
    field_order = ("current_password", "password", "password_confirmation")

    clean_current_password = FreshPasswordForm.clean_current_password

    def clean_password(self):
        password = super().clean_password()
        if check_password(password, self.user.password):
            raise ValidationError(
                "Choisissez un mot de passe différent de l’actuel.", code="same_password"
            )
        return password


class ChangeEmailForm(PortalForm, forms.Form):
    new_email = email_field("Nouvelle adresse de courriel")
    new_email_confirmation = email_field(
        "Confirmez la nouvelle adresse",
        required="Saisissez une seconde fois la nouvelle adresse.",
    )

    def __init__(self, user: User | None, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user

    def clean(self):
        first, second = (
            self.cleaned_data.get(name) for name in ("new_email", "new_email_confirmation")
        )
        if first and second and first.casefold() != second.casefold():
            self.add_error(
                "new_email_confirmation",
                "Les deux adresses de courriel sont différentes\u00a0: saisissez deux fois la même.",
            )
        if first and self.user and first.casefold() == self.user.email.casefold():
            self.add_error("new_email", "Cette adresse est déjà celle de votre compte.")


class CloseAccountForm(PortalForm, forms.Form):
    is_sure = forms.BooleanField(
        label="J’ai compris que mon compte sera effacé tout de suite et pour toujours",
        error_messages={"required": "Cochez la case pour fermer votre compte."},
    )
