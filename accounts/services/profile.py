"""What a person corrects by herself: telephones, postal address, diploma, notices."""

from collections.abc import Mapping

from django.db import transaction

from accounts import audit
from accounts.audit import AuditKind
from accounts.models import EventKind, OutgoingMail, Titulaire, User
from accounts.models.mail import MailKind
from accounts.services.events import record
from accounts.services.mails import post_mail

_NOTICED = {EventKind.PHONES_CHANGED, EventKind.ADDRESS_CHANGED}


@transaction.atomic
def change_contact(*, user: User, values: Mapping[str, object], kind: EventKind) -> bool:
    """Write `values` (fields of User) if they differ; tell whether something changed.

    Telephones come as E.164. A change of telephones or address is told by mail to who wants it.
    """
    changed = {name: value for name, value in values.items() if getattr(user, name) != value}
    if not changed:
        return False
    for name, value in changed.items():
        setattr(user, name, value)
    user.save(update_fields=list(changed))
    record(user=user, kind=kind)
    if kind in _NOTICED and user.wants_change_mail:
        post_mail(user=user, kind=MailKind.CONTACT_CHANGED)
    audit.record(kind=AuditKind.CONTACT_CHANGED, actor=user, person=user, what=kind.value)
    return True


@transaction.atomic
def stop_news(*, user: User) -> bool:
    """Send `user` no more mails of news, not even those that wait; tell whether she still had some."""
    waiting = OutgoingMail.objects.pending().filter(user=user, kind=MailKind.SEARCH_NEWS)
    waiting.delete()
    return change_contact(
        user=user, values={"wants_news_mail": False}, kind=EventKind.NOTICES_CHANGED
    )


@transaction.atomic
def change_diploma(*, user: User, level: int | None) -> bool:
    """Write the level of diploma (1 to 8, or None: not told) of `user`; tell whether it changed."""
    titulaire = Titulaire.objects.get(user=user)
    if titulaire.diploma_level == level:
        return False
    titulaire.diploma_level = level
    titulaire.save(update_fields=["diploma_level"])
    record(user=user, kind=EventKind.DIPLOMA_CHANGED)
    return True
