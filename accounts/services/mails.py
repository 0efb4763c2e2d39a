"""Promise a mail in the transaction of its cause."""

from collections.abc import Mapping
from functools import partial

from django.db import transaction

from accounts.models import OutgoingMail, User
from accounts.models.mail import MailKind
from accounts.tasks import send_mail


@transaction.atomic
def post_mail(
    *,
    user: User | None,
    kind: MailKind,
    recipient: str = "",
    content: Mapping[str, object] | None = None,
) -> OutgoingMail:
    """Write a mail to `user` into the outbox; a task sends it once the transaction is committed.

    `recipient` replaces the address of the account, for a notice to the former one; without `user` it is
    the only address, that of somebody whom no account names. `content` (JSON) is for the template.
    """
    mail = OutgoingMail.objects.create(
        user=user, kind=kind, recipient=recipient, content=dict(content or {})
    )
    # robust: the row is what counts, send_mails finds it even if the task cannot be queued
    transaction.on_commit(partial(send_mail.enqueue, mail.pk), robust=True)
    return mail
