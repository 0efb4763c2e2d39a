"""The life of a session: 30 minutes without a page, 12 hours in all; 15 minutes and 8 hours for the staff."""

import time

from django.conf import settings
from django.contrib.auth import SESSION_KEY, logout
from django.http import QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from accounts import services
from accounts.sessions import STAFF, TERMS_DUE

OPENED_AT = "opened_at"
SEEN_AT = "seen_at"
TOUCH_SECONDS = 60


class SessionLifetimeMiddleware:
    """End a session that is too old, and note that a living one was used (at most once a minute)."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.session.get("_auth_user_id") is not None:
            self._age(request, time.time())
        return self.get_response(request)

    def _age(self, request, now: float) -> None:
        session = request.session
        opened_at = session.setdefault(OPENED_AT, now)
        seen_at = session.setdefault(SEEN_AT, now)
        idle, age = now - seen_at, now - opened_at
        longest_idle, longest = lifetimes(session)
        if idle > longest_idle or age > longest:
            logout(request)
        elif idle > TOUCH_SECONDS:
            session[SEEN_AT] = now
            if not session.get(STAFF):  # nobody reads where an agent is signed in
                services.touch_session(session_key=session.session_key, now=timezone.now())


def lifetimes(session) -> tuple[int, int]:
    """Return for how long this session may be idle and last, in seconds."""
    if session.get(STAFF):
        return settings.STAFF_SESSION_IDLE_AGE, settings.STAFF_SESSION_ABSOLUTE_AGE
    return settings.SESSION_COOKIE_AGE, settings.SESSION_ABSOLUTE_AGE


class SecondFactorMiddleware:
    """No session of the staff lives without its second factor, wherever it comes from and goes."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        session = request.session
        # a citizen's is told by the session alone: her pages cost no query
        if session.get(SESSION_KEY) is not None and session.get(STAFF, True):
            user = request.user
            if user.is_authenticated and user.is_staff and user.otp_device is None:
                logout(request)
        return self.get_response(request)


class TermsMiddleware:
    """Whoever signed in under older terms reads and accepts the new ones first, or leaves."""

    # The choice itself, what there is to read before it, and the way to ask or to leave with one's data.
    REACHABLE = frozenset(
        {
            "accounts:accept_terms", "accounts:logout", "accounts:contact", "accounts:support_sent",
            "accounts:support_follow", "accounts:verify_password", "accounts:franceconnect_start",
            "accounts:franceconnect_callback", "personal_data:mine", "personal_data:download",
            "personal_data:close",
            "pages:terms", "pages:terms_version", "pages:privacy", "pages:cookies",
            "pages:accessibility", "pages:help", "health",
            "pages:service_worker", "pages:offline",
        }
    )  # fmt: skip

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        if not request.session.get(TERMS_DUE):
            return None
        if request.resolver_match.view_name in self.REACHABLE:
            return None
        following = QueryDict(mutable=True)
        following["next"] = request.get_full_path() if request.method == "GET" else ""
        return redirect(f"{reverse('accounts:accept_terms')}?{following.urlencode()}")
