"""The error pages. 500 and 503 are plain files: they need neither the database nor a context."""

import sys
from functools import cache
from pathlib import Path

from django.conf import settings
from django.contrib import admin
from django.contrib.sessions.exceptions import SessionInterrupted
from django.core.exceptions import RequestDataTooBig
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from cpf_portal.admin_access import is_let_in, is_of_the_administration

OUTAGE_RETRY_SECONDS = 30
REFERENCE = "<!-- référence -->"
# What an agent is told, by status: a title and a sentence.
AT_DESK = {
    403: (
        "Accès refusé",
        "Votre rôle n’ouvre pas cette page. Demandez à un collègue dont le rôle l’ouvre.",
    ),
    404: (
        "Page introuvable",
        "Cette page n’existe pas ou n’existe plus. Si vous avez saisi l’adresse, vérifiez qu’elle"
        " est complète.",
    ),
}


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    if isinstance(exception, SessionInterrupted):
        # Signed in or out meanwhile, by a second click or in another tab: the new session is the good one.
        return redirect("home")
    if isinstance(exception, RequestDataTooBig):
        return render(request, "413.html", status=413)
    return render(request, "400.html", status=400)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _at_desk(request, 403) or render(request, "403.html", status=403)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return render(request, "403_csrf.html", status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _at_desk(request, 404) or render(request, "404.html", status=404)


def _at_desk(request: HttpRequest, status: int) -> HttpResponse | None:
    """Return the page of this error in the frame of the administration, for an agent who is in it."""
    if not _is_at_desk(request):
        return None
    title, text = AT_DESK[status]
    values = {**admin.site.each_context(request), "title": title, "text": text}
    return render(request, "admin/desk/error.html", values, status=status)


def _is_at_desk(request: HttpRequest) -> bool:
    """Whether an agent who is signed in meant a page of the administration, to which she goes back."""
    if not (is_of_the_administration(request.path_info) and is_let_in(request)):
        return False
    return getattr(getattr(request, "user", None), "is_staff", False)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer 503 when the database is away, else 500. Django calls this while it handles the exception."""
    if isinstance(sys.exc_info()[1], OperationalError | InterfaceError):
        return service_unavailable(request)
    return HttpResponse(with_reference(request, "500.html"), status=500)


def service_unavailable(
    request: HttpRequest, *, retry_after: int = OUTAGE_RETRY_SECONDS
) -> HttpResponse:
    headers = {"Retry-After": str(retry_after), "Cache-Control": "no-store"}
    return HttpResponse(with_reference(request, "503.html"), status=503, headers=headers)


def with_reference(request: HttpRequest, name: str) -> str:
    """Return a page that is not rendered, with the reference by which the support finds what failed."""
    reference = getattr(request, "request_id", "")  # letters, digits and hyphens only
    told = f"<p>Référence à donner à l’assistance\u00a0: <strong>{reference}</strong></p>"
    return static_page(name).replace(REFERENCE, told if reference else "")


@cache
def static_page(name: str) -> str:
    """Return the text of a page of templates/ that is not rendered."""
    return (Path(settings.BASE_DIR) / "templates" / name).read_text(encoding="utf-8")
