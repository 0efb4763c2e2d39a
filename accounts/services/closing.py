"""An account that ends: at its holder's wish, or because nobody has come for two years."""

from copy import copy
from datetime import datetime, timedelta

from django.db import transaction

from accounts import audit
from accounts.audit import AuditKind
from accounts.models import User
from accounts.models.mail import MailKind
from accounts.services.erasure import erase, pseudonymise
from accounts.services.mails import post_mail
from accounts.services.sessions import end_sessions
from accounts.services.takeovers import forget_requests

MONTH = timedelta(days=365) / 12
NOTICE_AFTER = 23 * MONTH
CLOSED_AFTER = 24 * MONTH


@transaction.atomic
def close_account(
    *, user: User, now: datetime, author: User | None = None, reason: str = ""
) -> bool:
    """Erase the account of a citizen and tell her by mail; tell whether her identity went too.

    The trail remembers the `author`, when the support does it, and the digest of the `reason`.

    Where a ledger of rights protects her identity, it stays as a pseudonym: the number, the name and
    what they tell are erased, but for keyed hashes by which she is recognised if she signs up again.
    """
    titulaire = user.titulaire
    if titulaire is None:
        raise TypeError("a member of the staff is not closed here")
    post_mail(user=None, kind=MailKind.ACCOUNT_CLOSED, recipient=user.email)
    end_sessions(users=[user.pk])
    forget_requests(titulaire=titulaire)
    person = copy(user)  # Django takes the key away from what it deletes
    is_gone = erase(user=user)
    if not is_gone:
        pseudonymise(titulaire=titulaire, now=now)
    kind = AuditKind.ANONYMISED
    audit.record(kind=kind, actor=author, person=person, reason=reason, is_gone=is_gone)
    return is_gone


def notice_inactive(*, now: datetime, is_dry_run: bool = False) -> int:
    """Promise a notice to who has not come for 23 months; return how many."""
    noticed = 0
    idle = User.objects.idle_since(now - NOTICE_AFTER).filter(inactivity_noticed_at=None)
    if is_dry_run:
        return idle.count()
    for user in idle.iterator():
        with transaction.atomic():
            unnoticed = User.objects.filter(pk=user.pk, inactivity_noticed_at=None)
            if unnoticed.update(inactivity_noticed_at=now):
                post_mail(user=user, kind=MailKind.INACTIVITY)
                noticed += 1
    return noticed


def inactive_to_close(*, now: datetime) -> list[User]:
    """Return the accounts idle for 24 months whose holder was told a month ago at least."""
    idle = User.objects.idle_since(now - CLOSED_AFTER)
    return list(idle.filter(inactivity_noticed_at__lte=now - MONTH).select_related("titulaire"))
