"""Between the password and the code: who is signing in, without a session and without the password."""

import time

from django.contrib.auth import login
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare

from accounts.models import TotpDevice, User

KEY = "staff_pending"
REPLACING_AT = "staff_replacing_at"
LASTS = 10 * 60  # seconds, to find the telephone or to install the application


def begin(request: HttpRequest, user: User, following: str) -> None:
    """Remember that `user` gave her password; whoever had a session in this browser leaves it."""
    request.session.flush()
    request.session[KEY] = {
        "user": user.pk,
        "at": time.time(),
        "next": following,
        # so that a password that changes meanwhile ends this too
        "hash": user.get_session_auth_hash(),
    }


def pending_user(request: HttpRequest) -> User | None:
    """Return who gave her password less than LASTS ago and can still sign in."""
    state = request.session.get(KEY)
    if not state or not 0 <= time.time() - state["at"] <= LASTS:
        return None
    user = User.objects.filter(pk=state["user"], is_staff=True, is_active=True).first()
    if user and constant_time_compare(state["hash"], user.get_session_auth_hash()):
        return user
    return None


def complete(request: HttpRequest, user: User, device: TotpDevice) -> str:
    """Open the session of `user`, proved by `device`, under a new key; return the page that she asked for."""
    following = request.session.pop(KEY, {}).get("next", "")
    user.otp_device = device  # django-otp notes it in the session as Django's signal passes
    login(request, user, backend="accounts.backends.PortalBackend")
    return following


def allow_replacing(request: HttpRequest) -> None:
    """Remember that a signed-in member of the staff gave a fresh code, to enrol another device."""
    request.session[REPLACING_AT] = time.time()


def is_replacing(request: HttpRequest) -> bool:
    return 0 <= time.time() - request.session.get(REPLACING_AT, 0) <= LASTS


def end_replacing(request: HttpRequest) -> None:
    request.session.pop(REPLACING_AT, None)
