"""A mail that waits in the outbox."""

from django.utils import timezone

from accounts.models import EmailChange, OutgoingMail
from accounts.models.mail import MailKind
from tests.factories import UserFactory


def waiting(kind: MailKind = MailKind.CONFIRMATION, **fields) -> OutgoingMail:
    user = UserFactory(**fields)
    return OutgoingMail.objects.create(user=user, kind=kind, recipient=new_address(user, kind))


def new_address(user, kind: MailKind) -> str:
    """Let a change of address be under way where the mail is about it; return where the mail goes."""
    if kind != MailKind.EMAIL_CHANGE:
        return ""
    EmailChange.objects.create(user=user, new_email=user.email, asked_at=timezone.now())
    return user.email
