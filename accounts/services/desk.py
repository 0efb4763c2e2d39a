"""What the support does for a person, each act written in the audit trail and in what she reads herself."""

from datetime import datetime
from functools import partial

from django.db import transaction

from accounts import audit, limits
from accounts.audit import AuditKind
from accounts.exceptions import AccountBlocked, MailNotRepeatable
from accounts.models import (
    EventKind,
    OutgoingMail,
    SupportNote,
    Titulaire,
    User,
)
from accounts.models.mail import MailKind
from accounts.nir import Nir
from accounts.services.events import record
from accounts.services.mails import post_mail
from accounts.services.registration import resend_confirmation
from accounts.services.sessions import end_sessions
from accounts.tasks import send_mail

# Kinds whose text is made of the account alone, so that they can leave once more.
REPEATABLE = frozenset(
    {
        MailKind.PASSWORD_CHANGED,
        MailKind.CONTACT_CHANGED,
        MailKind.NEW_BROWSER,
        MailKind.RECOVERY_CODES,
        MailKind.ACCOUNT_BLOCKED,
        MailKind.ACCOUNT_UNBLOCKED,
        MailKind.INACTIVITY,
        MailKind.DIF_ACCEPTED,
    }
)


@transaction.atomic
def send_confirmation_again(*, user: User, author: User, now: datetime) -> None:
    """Promise the confirmation mail once more. Raises AlreadyConfirmed or ConfirmationExpired."""
    resend_confirmation(user=user, now=now)
    record(user=user, kind=EventKind.CONFIRMATION_RESENT, author=author)
    audit.record(kind=AuditKind.CONFIRMATION_RESENT, actor=author, person=user)


@transaction.atomic
def send_reset_link(*, user: User, author: User) -> None:
    """Promise a link by which the person chooses a password herself. Raises AccountBlocked."""
    if not user.is_active:
        raise AccountBlocked(user.blocked_reason)
    post_mail(user=user, kind=MailKind.PASSWORD_RESET)
    record(user=user, kind=EventKind.RESET_SENT, author=author)
    audit.record(kind=AuditKind.RESET_SENT, actor=author, person=user)


@transaction.atomic
def unlock_sign_in(*, user: User, author: User) -> int:
    """Forget the tries counted against a citizen; return how many counters there were."""
    forgotten = limits.unlock(_titulaire(user))
    record(user=user, kind=EventKind.UNLOCKED, author=author)
    audit.record(kind=AuditKind.UNLOCKED, actor=author, person=user, counters=forgotten)
    return forgotten


@transaction.atomic
def sign_out_everywhere(*, user: User, author: User) -> int:
    """End the open sessions of a person; return how many."""
    ended = end_sessions(users=[user.pk])
    record(user=user, kind=EventKind.SIGNED_OUT_BY_STAFF, author=author)
    audit.record(kind=AuditKind.SESSIONS_ENDED, actor=author, person=user, sessions=ended)
    return ended


@transaction.atomic
def freeze_by_support(*, user: User, author: User, reason: str, now: datetime) -> bool:
    """Let nothing be spent for `user` until the support gives it back; False when that was so already.

    She reads `reason`. Her own « Ce n’est pas moi » is `freeze_spending`.
    """
    free = User.objects.citizens().filter(pk=user.pk, spending_frozen_at=None)
    if not free.update(spending_frozen_at=now):
        return False
    record(user=user, kind=EventKind.SPENDING_FROZEN, author=author, reason=reason)
    audit.record(kind=AuditKind.FROZEN, actor=author, person=user, reason=reason, what="spending")
    return True


@transaction.atomic
def reveal_nir(*, titulaire: Titulaire, author: User, reason: str) -> Nir | None:
    """Return the number of `titulaire` to `author`, who says why; None once the account is closed.

    She reads that it was shown, by whom and why. The caller counts it (limits « nir-reveal ») first.
    """
    if not titulaire.encrypted_nir:
        return None
    user = getattr(titulaire, "user", None)  # come with her: twelve queries are enough for the page
    if user:
        record(user=user, kind=EventKind.NIR_REVEALED, author=author, reason=reason)
    audit.record(
        kind=AuditKind.NIR_REVEALED, actor=author, person=user, titulaire=titulaire, reason=reason
    )
    return titulaire.nir


@transaction.atomic
def write_note(*, titulaire: Titulaire, author: User, text: str) -> SupportNote:
    """Add a note to the file of `titulaire` and return it. `text` holds no number (FreeTextField)."""
    note = SupportNote.objects.create(titulaire=titulaire, author=author, text=text)
    user = holder_of(titulaire)
    if user:
        record(user=user, kind=EventKind.NOTE_WRITTEN, author=author)
    audit.record(
        kind=AuditKind.NOTE_WRITTEN, actor=author, person=user, titulaire=titulaire, target=note
    )
    return note


def can_resend(mail: OutgoingMail) -> bool:
    """Whether `mail` can leave again: it never left, or its text is made of the account alone."""
    if mail.user_id is None:
        return False
    again = {MailKind.CONFIRMATION, MailKind.PASSWORD_RESET} | REPEATABLE
    return mail.sent_at is None or mail.kind in again


@transaction.atomic
def resend_mail(*, mail: OutgoingMail, author: User, now: datetime) -> None:
    """Put a mail to a citizen back into the outbox.

    One that never left is due at once; one that left is written anew. Raises MailNotRepeatable when
    what its text was made of is gone, and what `send_confirmation_again` and `send_reset_link` raise.
    """
    user = mail.user
    if user is None or not can_resend(mail):
        raise MailNotRepeatable
    if mail.sent_at is None:
        OutgoingMail.objects.filter(pk=mail.pk).update(attempts=0, next_attempt_at=now)
        transaction.on_commit(partial(send_mail.enqueue, mail.pk), robust=True)
    elif mail.kind == MailKind.CONFIRMATION:
        return send_confirmation_again(user=user, author=author, now=now)
    elif mail.kind == MailKind.PASSWORD_RESET:
        return send_reset_link(user=user, author=author)
    else:
        post_mail(user=user, kind=MailKind(mail.kind))
    detail = mail.get_kind_display()
    record(user=user, kind=EventKind.MAIL_RESENT, author=author, detail=detail)
    audit.record(kind=AuditKind.MAIL_RESENT, actor=author, person=user, target=mail, mail=mail.kind)
    return None


def holder_of(titulaire: Titulaire) -> User | None:
    """Return the account of `titulaire`, if she has one."""
    return User.objects.filter(titulaire=titulaire).first()


def _titulaire(user: User) -> Titulaire:
    if user.titulaire is None:
        raise TypeError("a member of the staff has no file")
    return user.titulaire
