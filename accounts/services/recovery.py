"""Codes kept on paper: the way back for who has lost her mails."""

import secrets
from datetime import datetime

from django.db import transaction

from accounts.crypto import blind_index
from accounts.models import EventKind, RecoveryCode, User
from accounts.models.mail import MailKind
from accounts.models.support import REFERENCE_ALPHABET
from accounts.nir import Nir
from accounts.services.addresses import ask_email_change
from accounts.services.events import record
from accounts.services.mails import post_mail

CODES = 10
SYMBOLS = 12  # 59 bits: no guess succeeds, with or without the limits


@transaction.atomic
def make_recovery_codes(*, user: User) -> list[str]:
    """Replace the codes of `user` by ten new ones and return them, to be shown once: « ABCD-EFGH-JKMN »."""
    RecoveryCode.objects.filter(user=user).delete()
    codes = [new_code() for _ in range(CODES)]
    RecoveryCode.objects.bulk_create(
        RecoveryCode(user=user, code_hash=code_hash(user.pk, code)) for code in codes
    )
    record(user=user, kind=EventKind.CODES_MADE)
    post_mail(user=user, kind=MailKind.RECOVERY_CODES)
    return codes


@transaction.atomic
def recover_email(*, nir: Nir, code: str, new_email: str, now: datetime) -> bool:
    """Promise a link to `new_email` when `code` is an unused one of this person; tell whether it was.

    The caller shows the same page in both cases.
    """
    user = User.objects.with_nir(nir).filter(is_active=True).first()
    expected = code_hash(user.pk if user else 0, code)
    unused = RecoveryCode.objects.filter(user=user, code_hash=expected, used_at=None)
    if not unused.update(used_at=now) or user is None:
        return False
    record(user=user, kind=EventKind.CODE_USED)
    ask_email_change(user=user, new_email=new_email, now=now)
    return True


def new_code() -> str:
    symbols = "".join(secrets.choice(REFERENCE_ALPHABET) for _ in range(SYMBOLS))
    return "-".join(symbols[start : start + 4] for start in range(0, SYMBOLS, 4))


def normalised(code: str) -> str:
    """Return a code or a reference as it is compared: letters and digits, in capitals."""
    return "".join(character for character in code.upper() if character.isalnum())


def code_hash(user_pk: int, code: str) -> str:
    return blind_index(f"{user_pk}\0{normalised(code)}", purpose="recovery-code")
