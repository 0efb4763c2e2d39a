"""The accounts of the staff, kept by who has the role « sécurité » and by nobody for herself."""

from collections.abc import Collection

from django.db import IntegrityError, transaction

from accounts import audit
from accounts.audit import AuditKind
from accounts.exceptions import AddressTaken, IncompatibleRoles, NumberTaken, OwnAccount
from accounts.models import User
from accounts.models.mail import MailKind
from accounts.models.titulaire import nir_index
from accounts.nir import Nir
from accounts.roles import Role, assign
from accounts.services.mails import post_mail
from accounts.services.sessions import end_sessions


def invite_staff(*, email: str, roles: Collection[Role], author: User, reason: str) -> User:
    """Create an account without password for `email` and send it the link to choose one.

    Raises AddressTaken, or IncompatibleRoles.
    """
    _refuse_everything(roles)
    try:
        with transaction.atomic():
            user = User.objects.create_staff(email=email)
            assign(user, roles)
            post_mail(user=user, kind=MailKind.STAFF_INVITATION)
            _trace(AuditKind.ROLE_CHANGED, user, author, reason, roles=_codes(roles))
    except IntegrityError:
        raise AddressTaken from None
    return user


@transaction.atomic
def change_roles(*, user: User, roles: Collection[Role], author: User, reason: str) -> None:
    """Give `user` these roles and no other. Raises OwnAccount, or IncompatibleRoles."""
    _refuse_own(user, author)
    _refuse_everything(roles)
    assign(user, roles)
    _trace(AuditKind.ROLE_CHANGED, user, author, reason, roles=_codes(roles))


@transaction.atomic
def set_staff_active(*, user: User, is_active: bool, author: User, reason: str) -> None:
    """Open or close an account of the staff; closed, its sessions end.

    Raises OwnAccount, or NumberTaken when she has come back under another account meanwhile.
    """
    _refuse_own(user, author)
    _update(user, is_active=is_active)
    if not is_active:
        end_sessions(users=[user.pk])
    _trace(AuditKind.STAFF_ACTION, user, author, reason, step="open" if is_active else "close")


@transaction.atomic
def send_staff_link(*, user: User, author: User, reason: str) -> None:
    """Send `user` the link to choose a password, which nobody else types. Raises OwnAccount."""
    _refuse_own(user, author)
    post_mail(user=user, kind=MailKind.STAFF_INVITATION)
    _trace(AuditKind.RESET_SENT, user, author, reason)


@transaction.atomic
def give_own_number(*, user: User, nir: Nir) -> bool:
    """Keep the fingerprint of the number of `user`, an agent: her own file is closed to her.

    Given once: False when she had given one. Raises NumberTaken when another active agent has given it.
    """
    if User.objects.filter(pk=user.pk).exclude(own_nir_index="").exists():
        return False
    _update(user, own_nir_index=nir_index(nir))
    audit.record(kind=AuditKind.STAFF_ACTION, actor=user, person=user, step="own_number")
    return True


@transaction.atomic
def forget_own_number(*, user: User, author: User, reason: str) -> None:
    """Let `user` be asked for her number again: the one she gave was not hers. Raises OwnAccount."""
    _refuse_own(user, author)
    _update(user, own_nir_index="")
    _trace(AuditKind.STAFF_ACTION, user, author, reason, step="own_number_forgotten")


def _update(user: User, **values: object) -> None:
    """Write `values` on an account of the staff. Raises NumberTaken."""
    try:
        with transaction.atomic():
            User.objects.filter(pk=user.pk, is_staff=True).update(**values)
    except IntegrityError:
        raise NumberTaken from None


def _trace(kind: AuditKind, user: User, author: User, reason: str, **facts) -> None:
    audit.record(kind=kind, actor=author, person=user, reason=reason, **facts)


def _refuse_own(user: User, author: User) -> None:
    if user.pk == author.pk:
        raise OwnAccount


def _refuse_everything(roles: Collection[Role]) -> None:
    """Who gives the roles has no other: she would have everything."""
    if Role.SECURITY in roles and len(roles) > 1:
        raise IncompatibleRoles


def _codes(roles: Collection[Role]) -> list[str]:
    return sorted(role.name for role in roles)
