"""A new e-mail address: proved at the new one, told to the old one, and slow to allow spending."""

from datetime import datetime

from django.db import transaction

from accounts import audit
from accounts.audit import AuditKind
from accounts.exceptions import EmailChangeRefused
from accounts.models import EmailChange, EventKind, IdentityLevel, OutgoingMail, Titulaire, User
from accounts.models.mail import MailKind
from accounts.services.events import record
from accounts.services.mails import post_mail


@transaction.atomic
def ask_email_change(*, user: User, new_email: str, now: datetime) -> EmailChange:
    """Promise a link to `new_email` and a notice to the present address; replace what was asked before.

    Nothing changes until the link is followed.
    """
    OutgoingMail.objects.pending().filter(user=user, kind=MailKind.EMAIL_CHANGE).delete()
    change, _ = EmailChange.objects.update_or_create(
        user=user,
        defaults={"new_email": User.objects.normalize_email(new_email), "asked_at": now},
    )
    post_mail(user=user, kind=MailKind.EMAIL_CHANGE, recipient=change.new_email)
    post_mail(user=user, kind=MailKind.EMAIL_CHANGE_ASKED, recipient=user.email)
    record(user=user, kind=EventKind.EMAIL_CHANGE_ASKED)
    return change


@transaction.atomic
def confirm_email_change(*, change: EmailChange, now: datetime) -> None:
    """Give the account its new address. The caller holds a token of it (tokens.find_email_change).

    The new address is confirmed by it, and its age is counted from `now` before anything is spent.
    Raises EmailChangeRefused when the delay is over, or somebody was quicker.
    """
    if now > change.deadline or not EmailChange.objects.filter(pk=change.pk).delete()[0]:
        raise EmailChangeRefused
    user = change.user
    former = user.email
    user.email, user.email_changed_at, user.email_confirmed_at = change.new_email, now, now
    user.save(update_fields=["email", "email_changed_at", "email_confirmed_at"])
    declared = Titulaire.objects.filter(user=user, identity_level=IdentityLevel.DECLARED)
    declared.update(identity_level=IdentityLevel.EMAIL_CONFIRMED)
    post_mail(user=user, kind=MailKind.EMAIL_CHANGED, recipient=former)
    record(user=user, kind=EventKind.EMAIL_CHANGED)
    audit.record(kind=AuditKind.CONTACT_CHANGED, actor=user, person=user, what="email_changed")
