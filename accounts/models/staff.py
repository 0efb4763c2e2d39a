"""The second factor of the staff: an application that computes codes from a secret that it shares with us."""

import hmac
import time
from base64 import b32decode
from urllib.parse import quote, urlencode

from django.conf import settings
from django.db import models
from django_otp.models import Device
from django_otp.oath import hotp

from accounts.crypto import EncryptedTextField
from accounts.models.user import User

STEP = 30  # seconds for which a code is shown
DIGITS = 6
TOLERANCE = 1  # steps by which the clocks may differ


class TotpDevice(Device):
    """A device of django-otp whose secret is encrypted at rest and whose codes serve once (RFC 6238)."""

    # in base32, as applications take it
    secret = EncryptedTextField("secret", editable=False)
    last_step = models.BigIntegerField("dernier code accepté", default=-1, editable=False)
    created_at = models.DateTimeField("créé le", auto_now_add=True)

    class Meta:
        verbose_name = "appareil du personnel"
        verbose_name_plural = "appareils du personnel"
        constraints = [
            models.UniqueConstraint(
                fields=["user", "confirmed"],
                name="totpdevice_is_unique",
                violation_error_message="Ce compte a déjà un appareil.",
            )
        ]

    def __str__(self):
        return f"appareil n° {self.pk}"

    @property
    def address(self) -> str:
        """What the QR code says: the address by which an application learns the secret."""
        label = quote(f"{settings.SITE_NAME}:{self.user.email}")
        query = {
            "secret": self.secret,
            "issuer": settings.SITE_NAME,
            "digits": DIGITS,
            "period": STEP,
        }
        return f"otpauth://totp/{label}?{urlencode(query, quote_via=quote)}"

    @property
    def spaced_secret(self) -> str:
        """The secret as a person types it, four characters at a time."""
        return " ".join(self.secret[start : start + 4] for start in range(0, len(self.secret), 4))

    def verify_token(self, token: str) -> bool:
        """Tell whether `token` is a code of now that no one has given yet; it serves no more.

        The conditional UPDATE has one winner: the same code posted twice at once is accepted once.
        """
        step = self._step_of(token)
        if step is None:
            return False
        unused = TotpDevice.objects.filter(pk=self.pk, last_step__lt=step)
        return unused.update(last_step=step) == 1

    @property
    def next_code(self) -> str:
        """The code of now, or the one that follows when it has served."""
        return self._code(max(int(time.time()) // STEP, self.last_step + 1))

    def code_at(self, moment: float) -> str:
        """Return the code of `moment`, in seconds since 1970."""
        return self._code(int(moment) // STEP)

    def _step_of(self, token: str) -> int | None:
        now = int(time.time()) // STEP
        for step in range(now - TOLERANCE, now + TOLERANCE + 1):
            if step > self.last_step and hmac.compare_digest(self._code(step), token):
                return step
        return None

    def _code(self, step: int) -> str:
        return f"{hotp(b32decode(self.secret), step, digits=DIGITS):0{DIGITS}d}"


class StaffMember(User):
    """The same row as an account, as who gives the roles sees it."""

    class Meta:
        proxy = True
        default_permissions = ()
        verbose_name = "membre du personnel"
        verbose_name_plural = "membres du personnel"
