"""Promise a mail in the transaction of its cause."""

from functools import partial
from typing import Any

from django.db import transaction

from accounts.models import OutgoingMail, User
from accounts.models.mail import MailKind
from accounts.tasks import send_mail


@transaction.atomic
def post_mail(
    *, user: User | None, kind: MailKind, recipient: str = "", facts: dict[str, Any] | None = None
) -> OutgoingMail:
    """Write a mail to `user` into the outbox; a task sends it once the transaction is committed.

    `recipient` replaces the address of the account, for a notice to the former one; without `user` it is
    the only address, that of somebody whom no account names; with neither, nothing leaves. `facts`
    (values of JSON) are for the template of the kinds that tell more than their name.
    """
    return _post(user.pk if user else None, kind, recipient=recipient, facts=facts or {})


@transaction.atomic
def post_reset_mail(*, user_pk: int | None) -> None:
    """Write the link to a new password for the account `user_pk`, or, at the same cost, a mail to nobody."""
    _post(user_pk, MailKind.PASSWORD_RESET)


def _post(user_pk: int | None, kind: MailKind, **fields: Any) -> OutgoingMail:
    mail = OutgoingMail.objects.create(user_id=user_pk, kind=kind, **fields)
    # robust: the row is what counts, send_mails finds it even if the task cannot be queued
    transaction.on_commit(partial(send_mail.enqueue, mail.pk), robust=True)
    return mail
