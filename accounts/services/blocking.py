"""Stop an account that is in danger, and give it back."""

from django.db import transaction

from accounts import audit
from accounts.audit import AuditKind
from accounts.models import BlockedReason, EventKind, User
from accounts.models.mail import MailKind
from accounts.services.events import record
from accounts.services.mails import post_mail
from accounts.services.sessions import end_sessions


@transaction.atomic
def block(*, user: User, reason: BlockedReason, author: User | None = None) -> bool:
    """Let nobody sign in any more, end the sessions, tell the person by mail; False when it was blocked."""
    active = User.objects.filter(pk=user.pk, is_active=True)
    if not active.update(is_active=False, blocked_reason=reason):
        return False
    end_sessions(users=[user.pk])
    record(user=user, kind=EventKind.BLOCKED, author=author, reason=BlockedReason(reason).label)
    post_mail(user=user, kind=MailKind.ACCOUNT_BLOCKED)
    audit.record(kind=AuditKind.FROZEN, actor=author, person=user, what="sign_in", why=reason.value)
    return True


@transaction.atomic
def change_blocked_reason(*, user: User, reason: BlockedReason, author: User | None = None) -> bool:
    """Say otherwise why the account is blocked, in her history too; False when it is not blocked."""
    blocked = User.objects.filter(pk=user.pk, is_active=False)
    if not blocked.update(blocked_reason=reason):
        return False
    record(user=user, kind=EventKind.BLOCKED, author=author, reason=BlockedReason(reason).label)
    audit.record(kind=AuditKind.FROZEN, actor=author, person=user, what="reason", why=reason.value)
    return True


@transaction.atomic
def unblock(*, user: User, author: User | None = None) -> bool:
    """Let the person sign in again, and tell her; False when it was not blocked."""
    blocked = User.objects.filter(pk=user.pk, is_active=False)
    if not blocked.update(is_active=True, blocked_reason=""):
        return False
    record(user=user, kind=EventKind.UNBLOCKED, author=author)
    post_mail(user=user, kind=MailKind.ACCOUNT_UNBLOCKED)
    audit.record(kind=AuditKind.UNFROZEN, actor=author, person=user, what="sign_in")
    return True
