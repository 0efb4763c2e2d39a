"""Stop what a person's rights pay for, on her word alone, until the support has looked."""

from datetime import datetime

from django.db import transaction

from accounts import audit
from accounts.audit import AuditKind
from accounts.models import EventKind, SupportRequest, Titulaire, User
from accounts.models.mail import MailKind
from accounts.models.support import SupportKind
from accounts.services.events import record
from accounts.services.mails import post_mail

NOT_ME = "Demande faite par le lien «\u00a0Ce n’est pas moi\u00a0» d’un courriel."


@transaction.atomic
def freeze_spending(*, user: User, now: datetime, message: str = NOT_ME) -> SupportRequest:
    """Let nothing be spent for `user`, a citizen, and ask the support to look; return that request.

    Twice, it counts once: the request that is open is returned. `message` tells the support why.
    """
    titulaire = user.titulaire
    if titulaire is None:
        raise ValueError("the staff has no rights")
    free = User.objects.filter(pk=user.pk, spending_frozen_at=None)
    is_new = free.update(spending_frozen_at=now)
    # what a stranger asked about her number is not her word
    hers = SupportRequest.objects.open().filter(titulaire=titulaire, is_of_holder=True)
    request = hers.filter(kind=SupportKind.NOT_ME).first() or _ask(user, titulaire, message)
    if is_new:
        record(user=user, kind=EventKind.SPENDING_FROZEN)
        audit.record(kind=AuditKind.FROZEN, actor=user, person=user, what="spending")
    return request


@transaction.atomic
def unfreeze_spending(*, user: User, author: User, reason: str = "") -> bool:
    """Let `user` spend again, by decision of `author`; False when nothing was frozen.

    The person reads the `reason` in the history of her account.
    """
    frozen = User.objects.filter(pk=user.pk).exclude(spending_frozen_at=None)
    if not frozen.update(spending_frozen_at=None):
        return False
    record(user=user, kind=EventKind.SPENDING_UNFROZEN, author=author, reason=reason)
    audit.record(kind=AuditKind.UNFROZEN, actor=author, person=user, reason=reason, what="spending")
    return True


def _ask(user: User, titulaire: Titulaire, message: str) -> SupportRequest:
    request = SupportRequest.objects.create(
        kind=SupportKind.NOT_ME,
        is_of_holder=True,
        titulaire=titulaire,
        birth_name=titulaire.birth_name,
        contact_email=user.email,
        message=message,
    )
    post_mail(user=None, kind=MailKind.SUPPORT_RECEIVED, recipient=user.email)
    return request
