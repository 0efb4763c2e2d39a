"""Promise a mail in the transaction of its cause."""

from functools import partial

from django.db import transaction

from accounts.models import OutgoingMail, User
from accounts.models.mail import MailKind
from accounts.tasks import send_mail


@transaction.atomic
def post_mail(
    *, user: User | None, kind: MailKind, recipient: str = "", reason: str = ""
) -> OutgoingMail:
    """Write a mail to `user` into the outbox; a task sends it once the transaction is committed.

    `recipient` replaces the address of the account, for a notice to the former one; without `user` it is
    the only address, that of somebody whom no account names. `reason` is what the staff wrote to her.
    """
    mail = OutgoingMail.objects.create(user=user, kind=kind, recipient=recipient, reason=reason)
    # robust: the row is what counts, send_mails finds it even if the task cannot be queued
    transaction.on_commit(partial(send_mail.enqueue, mail.pk), robust=True)
    return mail
