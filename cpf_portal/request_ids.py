"""A reference for each request: in its logs, in its answer, on the page of its failure."""

import re
import secrets
from collections.abc import Callable

from django.conf import settings
from django.core.signals import request_finished
from django.http import HttpRequest, HttpResponse

from accounts.audit import pseudonym
from cpf_portal.logs import RequestContext, current
from cpf_portal.ui.redaction import redact

HEADER = "X-Request-ID"
SANE = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{7,63}")


class RequestIdMiddleware:
    """Outermost: take the id that our proxy gave, or draw one; the logs find it while the request lasts."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        # Django logs a refusal once every middleware is done: the id is forgotten with the request.
        request_finished.connect(forget, dispatch_uid="cpf_portal.request_ids")

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.request_id = _given(request) or secrets.token_hex(8)
        current.set(RequestContext(request.request_id, lambda: actor_of(request)))
        response = self.get_response(request)
        response.headers[HEADER] = request.request_id
        return response


def forget(**kwargs: object) -> None:
    current.set(None)


def _given(request: HttpRequest) -> str:
    """Return the id of a proxy of ours; what a visitor could write himself is not taken."""
    given = request.headers.get(HEADER, "")
    is_sane = settings.TRUSTED_PROXIES and SANE.fullmatch(given) and redact(given) == given
    return given if is_sane else ""


def actor_of(request: HttpRequest) -> str:
    """Return the pseudonym of who is signed in, without asking the database for it."""
    user = getattr(request, "_cached_user", None)
    return pseudonym(user.pk) if user is not None and user.is_authenticated else ""
