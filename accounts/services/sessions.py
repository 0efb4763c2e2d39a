"""The open sessions of a person: written at sign-in, ended one by one or all at once."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from accounts import audit
from accounts.audit import AuditKind
from accounts.models import AccountEvent, AccountSession, EventKind, StoredSession, User
from accounts.models.mail import MailKind
from accounts.services.events import record
from accounts.services.mails import post_mail


@transaction.atomic
def open_session(*, user: User, session_key: str, browser: str, now: datetime) -> AccountSession:
    """Note a sign-in and its browser (in words); a kind never seen before is told by mail to who wants it."""
    signed_in = AccountEvent.objects.filter(user=user, kind=EventKind.SIGNED_IN)
    known = set(signed_in.order_by().values_list("detail", flat=True).distinct())
    is_strange = bool(known) and browser not in known
    record(user=user, kind=EventKind.SIGNED_IN, detail=browser)
    if is_strange and user.wants_signin_mail:
        post_mail(user=user, kind=MailKind.NEW_BROWSER)
    session = AccountSession(
        session_key=session_key, user=user, browser=browser, started_at=now, seen_at=now
    )
    # one statement instead of six: it pays for the line of the trail
    AccountSession.objects.bulk_create(
        [session],
        update_conflicts=True,
        unique_fields=["session_key"],
        update_fields=["user", "browser", "started_at", "seen_at"],
    )
    audit.record(kind=AuditKind.SIGNED_IN, actor=user, person=user)
    return session


def follow_session(*, old_key: str, new_key: str) -> None:
    """Keep the row of a session whose key Django renewed, as at a change of password."""
    AccountSession.objects.filter(session_key=old_key).update(session_key=new_key)


def forget_session(*, session_key: str) -> None:
    """Take a session that its person ends out of her list."""
    AccountSession.objects.filter(session_key=session_key).delete()


def touch_session(*, session_key: str, now: datetime) -> None:
    AccountSession.objects.filter(session_key=session_key).update(seen_at=now)


@transaction.atomic
def close_session(*, user: User, pk: int) -> bool:
    """End the session `pk` of `user`; False when it is not hers or ended meanwhile."""
    session = AccountSession.objects.filter(user=user, pk=pk).first()
    if session is None:
        return False
    _end([session.session_key])
    record(user=user, kind=EventKind.SESSION_ENDED, detail=session.browser)
    audit.record(kind=AuditKind.SESSIONS_ENDED, actor=user, person=user, sessions=1)
    return True


@transaction.atomic
def close_other_sessions(*, user: User, kept_key: str) -> int:
    """End the sessions of `user` but the one of `kept_key` ("": none is kept); return how many."""
    others = AccountSession.objects.filter(user=user).exclude(session_key=kept_key)
    ended = _end(list(others.values_list("session_key", flat=True)))
    if ended:
        record(user=user, kind=EventKind.SESSIONS_ENDED)
        audit.record(kind=AuditKind.SESSIONS_ENDED, actor=user, person=user, sessions=ended)
    return ended


@transaction.atomic
def end_sessions(*, users: Collection[int]) -> int:
    """Delete the open sessions of these accounts (pk); return how many. Two statements on indexes."""
    ended = StoredSession.objects.filter(account_pk__in=users).delete()[0]
    AccountSession.objects.filter(user__in=users).delete()
    return ended


def _end(keys: list[str]) -> int:
    ended = StoredSession.objects.filter(session_key__in=keys).delete()[0]
    AccountSession.objects.filter(session_key__in=keys).delete()
    return ended


def forget_ended_sessions(*, now: datetime) -> int:
    """Delete the rows whose session has ended by itself; return how many."""
    living = AccountSession.objects.living(now).values("pk")
    return AccountSession.objects.exclude(pk__in=living).delete()[0]
