"""Forms of those who cannot come in any more, or whose number is in other hands."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from accounts.forms.access import NIR_HINT
from accounts.forms.fields import BirthNameField, WholeNirField
from accounts.forms.profile import ChangeEmailForm
from accounts.forms.signup import email_field
from accounts.models.support import CONTACT_KINDS, SupportKind
from accounts.services import normalised
from cpf_portal.ui.forms import ForgetfulTextInput, FreeTextField, MaskedTextarea, PortalForm
from cpf_portal.ui.proofs import Proof, ProofRefused, read_proof
from cpf_portal.ui.uploads import BoundedUpload


class RecoverEmailForm(ChangeEmailForm):
    nir = WholeNirField(help_text=NIR_HINT)
    code = forms.CharField(
        label="Code de secours",
        help_text="Un des codes que vous avez notés, par exemple ABCD-EFGH-JKMN",
        max_length=40,
        widget=ForgetfulTextInput(
            {"autocomplete": "one-time-code", "autocapitalize": "characters", "spellcheck": "false"}
        ),
        error_messages={
            "required": "Saisissez un de vos codes de secours.",
            "max_length": "Saisissez un seul code de 12 caractères.",
        },
    )
    field_order = ("nir", "code", "new_email", "new_email_confirmation")

    def __init__(self, *args, **kwargs):
        super().__init__(None, *args, **kwargs)


class ProofField(forms.FileField):
    """A PDF, JPEG or PNG by its content; cleans to a Proof, or None when it may miss."""

    def __init__(self, *, required: bool, bound: BoundedUpload | None = None):
        self.bound = bound
        super().__init__(
            label="Copie d’une pièce d’identité",
            help_text="PDF, JPEG ou PNG, 5\u00a0Mo au plus",
            required=required,
            widget=forms.FileInput({"accept": ".pdf,.jpg,.jpeg,.png"}),
            error_messages={
                "required": "Joignez la copie d’une pièce d’identité.",
                "invalid": "Joignez la copie d’une pièce d’identité.",
                "empty": "Ce fichier est vide\u00a0: choisissez-en un autre.",
            },
        )

    def clean(self, data, initial=None) -> Proof | None:
        if self.bound and self.bound.is_exceeded:
            raise ValidationError("Choisissez un fichier de 5\u00a0Mo au plus.", code="too_large")
        file = super().clean(data, initial)
        if not file:
            return None
        try:
            return read_proof(file)
        except ProofRefused as error:
            raise ValidationError(str(error), code="proof") from None


def message_field(**options: Any) -> FreeTextField:
    options = {"label": "Ce que vous voulez nous dire", "required": False} | options
    return FreeTextField(
        help_text="N’écrivez ni votre numéro de sécurité sociale ni votre mot de passe.",
        max_length=1000,
        widget=MaskedTextarea({"rows": 5}),
        error_messages={
            "required": "Écrivez votre message.",
            "max_length": "Écrivez 1000 caractères au plus.",
        },
        **options,
    )


class SupportForm(PortalForm, forms.Form):
    """A request of somebody who is not signed in."""

    # A civil status is corrected from the account itself.
    KINDS = (
        SupportKind.LOST_EMAIL,
        SupportKind.NIR_TAKEN,
        SupportKind.BLOCKED,
        SupportKind.NOT_ME,
    )

    kind = forms.ChoiceField(
        label="Votre demande",
        choices=[(kind.value, kind.label) for kind in KINDS],
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choisissez l’objet de votre demande.",
            "invalid_choice": "Choisissez un objet de la liste.",
        },
    )
    birth_name = BirthNameField()
    nir = WholeNirField(help_text=NIR_HINT)
    contact_email = email_field("Courriel où vous répondre")
    message = message_field()

    def __init__(self, *args, bound: BoundedUpload | None = None, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["proof"] = ProofField(required=True, bound=bound)


class CivilStatusForm(PortalForm, forms.Form):
    """A correction that a signed-in person asks for."""

    birth_name = BirthNameField()
    message = message_field()

    def __init__(self, *args, bound: BoundedUpload | None = None, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["birth_name"].label = "Votre nom de naissance exact"
        self.fields["proof"] = ProofField(required=True, bound=bound)


class ContactForm(PortalForm, forms.Form):
    """A question of anybody: no number is asked, no proof."""

    kind = forms.ChoiceField(
        label="Votre message concerne",
        choices=[(kind.value, kind.label) for kind in CONTACT_KINDS],
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choisissez ce que votre message concerne.",
            "invalid_choice": "Choisissez un objet de la liste.",
        },
    )
    contact_email = email_field("Courriel où vous répondre")
    message = message_field(label="Votre message", required=True)


class FollowForm(PortalForm, forms.Form):
    reference = forms.CharField(
        label="Référence de la demande",
        help_text="16 caractères, par exemple ABCD-EFGH-JKMN-PQRS",
        max_length=40,
        widget=ForgetfulTextInput({"autocomplete": "off", "spellcheck": "false"}),
        error_messages={
            "required": "Saisissez la référence de votre demande.",
            "max_length": "Saisissez une référence de 16 caractères.",
        },
    )

    def clean_reference(self) -> str:
        return normalised(self.cleaned_data["reference"])
