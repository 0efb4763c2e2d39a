"""A message that the support writes to a person from her file, most often from a ready answer."""

from django.db import transaction

from accounts import audit
from accounts.exceptions import DecisionImpossible
from accounts.models import AuditKind, EventKind, User
from accounts.models.mail import MailKind
from accounts.services.events import record
from accounts.services.mails import post_mail


@transaction.atomic
def send_reply(*, user: User, subject: str, body: str, author: User) -> None:
    """Promise a mail of the support to `user`, with a line in her history and one in the audit trail.

    The text is erased with the outbox once it has left. Raises DecisionImpossible (a French sentence)
    when the address is not known to be hers, since the text may tell amounts and dossiers.
    """
    if not user.has_confirmed_email:
        raise DecisionImpossible(
            "L’adresse de ce compte n’est pas confirmée\u00a0: ce message irait peut-être à quelqu’un"
            " d’autre. Renvoyez d’abord le courriel de confirmation."
        )
    paragraphs = [part.strip() for part in body.replace("\r\n", "\n").split("\n\n") if part.strip()]
    facts = {"subject": subject, "paragraphs": paragraphs}
    post_mail(user=user, kind=MailKind.SUPPORT_MESSAGE, facts=facts)
    record(user=user, kind=EventKind.SUPPORT_ANSWERED, detail=subject[:80], author=author)
    audit.record(kind=AuditKind.REQUEST_ANSWERED, actor=author, person=user)
