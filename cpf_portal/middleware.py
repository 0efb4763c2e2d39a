"""Headers of every answer, and pages for the refusals that Django leaves empty."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from cpf_portal.errors import service_unavailable
from cpf_portal.ui.errors import Refusal, ServiceBusy

CSP = "; ".join(f"{name} {' '.join(sources)}" for name, sources in settings.SECURE_CSP.items())
PERMISSIONS = ", ".join(
    f"{feature}=()"
    for feature in (
        "accelerometer", "autoplay", "camera", "display-capture", "encrypted-media", "fullscreen",
        "geolocation", "gyroscope", "magnetometer", "microphone", "midi", "payment", "usb",
    )
)  # fmt: skip


class SecurityHeadersMiddleware:
    """Outermost, so that error pages, redirections and static files carry the headers too."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", CSP)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        response.headers.setdefault("Referrer-Policy", settings.SECURE_REFERRER_POLICY)
        response.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        if settings.NOINDEX:
            response.headers.setdefault("X-Robots-Tag", "noindex")
        if is_personal(request):
            response.headers["Cache-Control"] = "no-store"
        return response


def is_personal(request: HttpRequest) -> bool:
    """Whether the answer was made for a signed-in person (without asking the database for it)."""
    user = getattr(request, "_cached_user", None)
    return user is not None and user.is_authenticated


class ErrorPagesMiddleware:
    """Give 405 its page, and refusals raised by a view (429, 503) theirs."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code == 405 and not response.content:
            page = render(request, "405.html", status=405)
            page.headers["Allow"] = response.headers["Allow"]
            return page
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, Refusal):
            return None
        if isinstance(exception, ServiceBusy):
            return service_unavailable(request, retry_after=exception.retry_after)
        page = render(
            request, "429.html", {"retry_after": exception.retry_after}, status=exception.status
        )
        page.headers["Retry-After"] = str(exception.retry_after)
        return page
