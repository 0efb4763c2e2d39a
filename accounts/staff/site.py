"""The door of the administration: two factors, and pages for who is on the way in."""

from collections.abc import Iterable
from functools import partial, update_wrapper

from django.contrib.admin import AdminSite
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, path, reverse_lazy
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.debug import sensitive_post_parameters

from accounts import limits
from accounts.staff import own_number, views

GUARDS = (login_not_required, never_cache, csrf_protect, sensitive_post_parameters())


class SecondFactorSite(AdminSite):
    """An administration whose pages all ask for an account of the staff proved by its second factor."""

    def has_permission(self, request: HttpRequest) -> bool:
        return super().has_permission(request) and request.user.otp_device is not None

    @method_decorator(GUARDS)
    def login(self, request: HttpRequest, extra_context=None) -> HttpResponse:
        return views.sign_in(self, request)

    def password_change(self, request: HttpRequest, extra_context=None) -> HttpResponse:
        """Django's page, whose tries of the present password are counted."""
        if request.method == "POST":
            limits.hit("password-again", person=str(request.user.pk))
        return super().password_change(request, extra_context)

    def get_urls(self):
        own = self.admin_view(partial(views.own_second_factor, self))
        patterns = [
            path("code/", self._open(views.give_code), name="code"),
            path("code-de-secours/", self._open(views.give_recovery_code), name="recovery"),
            path("telephone/", self._open(views.enrol), name="enrol"),
            path("second-facteur/", own, name="second_factor"),
            path("mon-numero/", self.admin_view(partial(own_number.give, self)), name="own_number"),
            *super().get_urls(),
        ]
        _lead_to(reverse_lazy("admin:login"), patterns)
        return patterns

    def _open(self, view):
        """Return a page that is reached before the session is opened."""
        page = update_wrapper(partial(view, self), view)
        for guard in reversed(GUARDS):
            page = guard(page)
        return page


def _lead_to(login_url: str, patterns: Iterable[URLPattern | URLResolver]) -> None:
    """Tell Django's LoginRequiredMiddleware where these pages send: not to the page of the citizens."""
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            _lead_to(login_url, pattern.url_patterns)
        elif getattr(pattern.callback, "login_required", True):
            pattern.callback.login_url = login_url
