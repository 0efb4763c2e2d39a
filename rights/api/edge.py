"""Around each operation: JSON whatever happens, bounded bodies, no cookie, no cache, a note of the call."""

import logging
from collections.abc import Callable
from functools import wraps

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import RequestDataTooBig
from django.db import DatabaseError, InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from cpf_portal.ui.errors import Refusal, ServiceBusy
from rights import services
from rights.api.problems import Problem

logger = logging.getLogger(__name__)

MAX_BODY_BYTES = 16 * 1024
RETRY_SECONDS = 30
View = Callable[..., HttpResponse]


def guarded(pattern: URLPattern) -> URLPattern:
    """Return `pattern` with its view kept within the rules of this module."""
    pattern.callback = _guard(pattern.callback, pattern.name or "")
    return pattern


def _guard(view: View, operation: str) -> View:
    @csrf_exempt  # no cookie is read here: only the key in the header counts
    @login_not_required
    @wraps(view)
    def guard(request: HttpRequest, **kwargs: str) -> HttpResponse:
        if is_head := request.method == "HEAD":
            request.method = "GET"
        response = _answer(view, request, kwargs)
        response.headers["Cache-Control"] = "no-store"
        _note(request, operation, response.status_code)
        return _without_body(response) if is_head else response

    return guard


def _without_body(response: HttpResponse) -> HttpResponse:
    """Answer HEAD as GET, with the length of what GET would give."""
    response.headers["Content-Length"] = str(len(response.content))
    response.content = b""
    return response


def _answer(view: View, request: HttpRequest, kwargs: dict[str, str]) -> HttpResponse:
    try:
        _check_body(request)
        response = view(request, **kwargs)
    except Exception as error:
        return problem_for(error).as_response()
    if response.status_code == 405:
        allowed = response.headers["Allow"].replace("GET", "GET, HEAD")
        detail = f"Utilisez {allowed}."
        return Problem("methode-refusee", detail, headers={"Allow": allowed}).as_response()
    return response


def _check_body(request: HttpRequest) -> None:
    length = request.META.get("CONTENT_LENGTH") or "0"  # without it no body is read
    if length.isdecimal() and int(length) > MAX_BODY_BYTES:
        raise RequestDataTooBig
    if length != "0" and request.method == "POST" and request.content_type != "application/json":
        raise Problem("type-refuse", "Envoyez Content-Type: application/json.")


def problem_for(error: Exception) -> Problem:
    """Return what to answer when `error` stops an operation; log it when it is a fault of ours."""
    if isinstance(error, Problem):
        return error
    if isinstance(error, Http404):
        return Problem("adresse-inconnue", "Lisez /api/organismes/v1/openapi.json.")
    if isinstance(error, RequestDataTooBig):
        return Problem("corps-trop-long", f"Envoyez {MAX_BODY_BYTES} octets au plus.")
    if isinstance(error, Refusal):
        name = "indisponible" if isinstance(error, ServiceBusy) else "trop-d-appels"
        return _later(name, error.retry_after)
    if isinstance(error, OperationalError | InterfaceError):
        logger.error("The database did not answer.", exc_info=error)
        return _later("indisponible", RETRY_SECONDS)
    logger.error("An operation of the API failed.", exc_info=error)
    return Problem("erreur-interne", "Réessayez plus tard\u00a0; l’incident est noté.")


def _later(name: str, seconds: int) -> Problem:
    detail = f"Réessayez dans {seconds} secondes."
    return Problem(name, detail, headers={"Retry-After": str(seconds)})


def _note(request: HttpRequest, operation: str, status: int) -> None:
    """Write the call down, for a key that was recognised; the answer does not depend on it."""
    if (key := getattr(request, "provider_key", None)) is None:
        return
    try:
        services.record_provider_call(
            key=key, operation=operation, status=status, now=timezone.now()
        )
    except DatabaseError as error:
        logger.error("A call of the API was not noted.", exc_info=error)
