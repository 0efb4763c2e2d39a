"""What a session remembers beside its person: where it was opened, and when a password was last given."""

import time

from django.conf import settings
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.http import HttpRequest
from django.utils import timezone

from accounts import audit, services
from accounts.audit import AuditKind
from accounts.browsers import browser_in_words
from accounts.models import User

TERMS_DUE = "terms_due"
STAFF = "is_staff"
PASSWORD_AT = "password_at"  # noqa: S105 a key of the session


def note_sign_in(sender: type[User], request: HttpRequest, user: User, **kwargs: object) -> None:
    """Receive Django's own signal: every way in passes there, FranceConnect and the admin included."""
    session = request.session
    if not session.session_key:
        session.create()
    session.pop(PASSWORD_AT, None)
    session[STAFF] = user.is_staff
    session[TERMS_DUE] = services.must_accept_terms(user)
    services.open_session(
        user=user,
        session_key=session.session_key,
        browser=browser_in_words(request.META.get("HTTP_USER_AGENT", "")),
        now=timezone.now(),
    )
    User.objects.filter(pk=user.pk).exclude(inactivity_noticed_at=None).update(
        inactivity_noticed_at=None
    )


def note_sign_out(
    sender: type[User], request: HttpRequest, user: User | None, **kwargs: object
) -> None:
    """Receive Django's own signal, also when a session ends by its age; not when nobody was signed in."""
    if user is not None:
        services.forget_session(session_key=request.session.session_key or "")
        audit.record(kind=AuditKind.SIGNED_OUT, actor=user, person=user)


def connect() -> None:
    user_logged_out.connect(note_sign_out, dispatch_uid="accounts.note_sign_out")
    user_logged_in.connect(note_sign_in, dispatch_uid="accounts.note_sign_in")


def note_password(request: HttpRequest) -> None:
    """Remember that the person proved now that she is herself: password, or a new FranceConnect passage."""
    request.session[PASSWORD_AT] = time.time()


def has_fresh_password(request: HttpRequest) -> bool:
    """Whether she proved it less than FRESH_PASSWORD_SECONDS ago."""
    age = time.time() - request.session.get(PASSWORD_AT, 0)
    return 0 <= age <= settings.FRESH_PASSWORD_SECONDS
