"""The second factor of the staff: a device, its codes, and recovery codes kept on paper."""

import secrets
from base64 import b32encode

from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.audit import AuditKind
from accounts.exceptions import OwnAccount
from accounts.models import EventKind, RecoveryCode, TotpDevice, User
from accounts.services.events import record
from accounts.services.recovery import CODES, code_hash, new_code
from accounts.services.sessions import close_other_sessions, end_sessions

SECRET_BYTES = 20  # RFC 4226 asks for 160 bits; base32 writes them without padding


def device_of(user: User) -> TotpDevice | None:
    """Return the device that `user` signs in with, or None before she has enrolled one."""
    return TotpDevice.objects.filter(user=user, confirmed=True).first()


@transaction.atomic
def start_enrolment(*, user: User) -> TotpDevice:
    """Give `user` a new secret to be proved by a code; one that was not proved is forgotten."""
    _lock(user)
    TotpDevice.objects.filter(user=user, confirmed=False).delete()
    secret = b32encode(secrets.token_bytes(SECRET_BYTES)).decode()
    return TotpDevice.objects.create(user=user, name="totp", confirmed=False, secret=secret)


@transaction.atomic
def current_enrolment(*, user: User, is_first: bool) -> TotpDevice | None:
    """Return the device that `user` is about to prove: the same one to each of her tabs.

    None when it was to be her first one and another tab has enrolled it meanwhile.
    """
    _lock(user)
    if is_first and device_of(user):
        return None
    waiting = TotpDevice.objects.filter(user=user, confirmed=False).first()
    return waiting or start_enrolment(user=user)


def _lock(user: User) -> None:
    """Let the tabs of one person pass one by one: her account has one device of each state."""
    User.objects.select_for_update(of=("self",)).get(pk=user.pk)


@transaction.atomic
def confirm_enrolment(*, device: TotpDevice, code: str, session_key: str = "") -> list[str]:
    """Make `device` the one of its account if `code` is its own, and return new recovery codes.

    The former device, the former codes and the other sessions than `session_key` end. Returns an
    empty list when the code is wrong, or another tab was faster.
    """
    _lock(device.user)
    is_waiting = TotpDevice.objects.filter(pk=device.pk, confirmed=False).exists()
    if not (is_waiting and device.verify_token(code)):
        return []
    TotpDevice.objects.filter(user=device.user, confirmed=True).delete()
    device.confirmed = True
    device.save(update_fields=["confirmed"])
    close_other_sessions(user=device.user, kept_key=session_key)
    codes = make_staff_codes(user=device.user)
    audit.record(kind=AuditKind.OTP_ENROLLED, actor=device.user, person=device.user)
    return codes


@transaction.atomic
def make_staff_codes(*, user: User) -> list[str]:
    """Replace the recovery codes of `user` by ten new ones and return them, to be shown once."""
    RecoveryCode.objects.filter(user=user).delete()
    codes = [new_code() for _ in range(CODES)]
    RecoveryCode.objects.bulk_create(
        RecoveryCode(user=user, code_hash=code_hash(user.pk, code)) for code in codes
    )
    record(user=user, kind=EventKind.CODES_MADE)
    return codes


@transaction.atomic
def use_staff_code(*, user: User, code: str) -> bool:
    """Use up a recovery code of `user`; tell whether it was one that had not served."""
    unused = RecoveryCode.objects.filter(
        user=user, code_hash=code_hash(user.pk, code), used_at=None
    )
    if not unused.update(used_at=timezone.now()):
        return False
    record(user=user, kind=EventKind.CODE_USED)
    return True


@transaction.atomic
def reset_second_factor(*, user: User, author: User, reason: str) -> None:
    """Forget the device and the recovery codes of `user`, whose sessions end: she enrols another one.

    Raises OwnAccount: for herself she gives a code, or a recovery code.
    """
    if user.pk == author.pk:
        raise OwnAccount
    TotpDevice.objects.filter(user=user).delete()
    RecoveryCode.objects.filter(user=user).delete()
    end_sessions(users=[user.pk])
    audit.record(kind=AuditKind.OTP_RESET, actor=author, person=user, reason=reason)
