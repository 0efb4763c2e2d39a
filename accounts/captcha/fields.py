"""The form field of the captcha and its widget; how to use them is in accounts/captcha/__init__.py."""

import math
import re

from django import forms
from django.contrib.sessions.backends.base import SessionBase

from accounts.captcha.challenges import DIGITS, PICTURES, Challenge, consume, issue
from cpf_portal.ui.errors import TooManyRequests

SEPARATORS = re.compile(r"[\s.,;-]+")
SPOKEN_DIGITS = re.compile(rf"[0-9]{{{DIGITS}}}")


def too_many_sentence(retry_after: float) -> str:
    """Say how long to wait; `retry_after` is in seconds."""
    minutes = math.ceil(retry_after / 60)
    wait = "1 minute" if minutes <= 1 else f"{minutes} minutes"
    return (
        f"Vous avez demandé beaucoup de contrôles de sécurité. Patientez {wait}, "
        "puis renouvelez le contrôle de sécurité."
    )


class ImageCaptchaWidget(forms.MultiWidget):
    """Pictures, sound and renewal of one challenge; an answer is never shown again."""

    template_name = "accounts/captcha/widget.html"
    challenge: Challenge | None = None
    notice = "Renouvelez le contrôle de sécurité pour afficher les images."

    def __init__(self, attrs=None):
        super().__init__((forms.HiddenInput, forms.TextInput, forms.TextInput), attrs)

    def decompress(self, value):
        return [None, None, None]

    def get_context(self, name, value, attrs):
        context = super().get_context(name, None, attrs)
        context.update(
            challenge=self.challenge,
            notice=self.notice,
            numbers=range(1, PICTURES + 1),
            digits=DIGITS,
            is_invalid="aria-invalid" in context["widget"]["attrs"],
        )
        return context


class ImageCaptchaField(forms.MultiValueField):
    """Key of the challenge, index of the picture (0 to 4), digits heard; cleans to the key."""

    widget = ImageCaptchaWidget
    default_error_messages = {
        "required": "Cliquez sur l’image demandée ou saisissez les chiffres de la version sonore.",
        "wrong": "Ce n’était pas la bonne réponse. Répondez au nouveau contrôle de sécurité.",
        "digits": (
            f"Saisissez les {DIGITS} chiffres de la version sonore, de 0 à 9, par exemple 40719. "
            "Répondez au nouveau contrôle de sécurité."
        ),
        "stale": (
            "Le contrôle de sécurité a expiré ou a déjà servi. "
            "Répondez au nouveau contrôle de sécurité."
        ),
    }

    session: SessionBase  # these two by bind()
    ip: str
    retry_after = 0  # seconds

    def __init__(self, **kwargs):
        fields = [forms.CharField(required=False) for _ in range(3)]
        kwargs.setdefault("label", "Contrôle de sécurité")
        super().__init__(fields, require_all_fields=False, **kwargs)

    def bind(self, session: SessionBase, *, ip: str) -> None:
        """Name the session whose challenges count and the address whose demands are counted."""
        self.session, self.ip = session, ip

    def renew(self) -> bool:
        """Issue the challenge to show; False if this address must wait `retry_after` seconds."""
        try:
            self.widget.challenge = issue(self.session, ip=self.ip)
        except TooManyRequests as refusal:
            self.retry_after = refusal.retry_after
            self.widget.notice = too_many_sentence(refusal.retry_after)
        return self.widget.challenge is not None

    def clean(self, value):
        key, choice, digits = ((part or "").strip() for part in value)
        challenge = consume(self.session, key)
        if not choice and not digits:
            raise self.refusal("required")
        if challenge is None:
            raise self.refusal("stale")
        digits = SEPARATORS.sub("", digits)
        if not challenge.is_solved_by(choice, digits):
            is_misspelt = digits and not choice and not SPOKEN_DIGITS.fullmatch(digits)
            raise self.refusal("digits" if is_misspelt else "wrong")
        return key

    def refusal(self, code: str) -> forms.ValidationError:
        return forms.ValidationError(self.error_messages[code], code=code)
