"""What the pages of the desk share: their frame, and the door of an opened file."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import admin
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.admin_opening import still_closed
from accounts.models import Titulaire
from cpf_portal.desk.file import find_titulaire
from cpf_portal.ui.admin import require


def page(request: HttpRequest, template: str, *, status: int = 200, **context: Any) -> HttpResponse:
    """Answer with a page of templates/admin/desk/ in the frame of the administration."""
    values = admin.site.each_context(request) | context
    return render(request, f"admin/desk/{template}.html", values, status=status)


def form_page(
    request: HttpRequest,
    titulaire: Titulaire,
    form: Form | None,
    *,
    title: str,
    submit: str,
    will: list[str],
    is_grave: bool = False,
    **context: Any,
) -> HttpResponse:
    """Answer with a small page that says in `will` what is about to happen, and asks for what it needs."""
    return page(
        request, "act", status=422 if form and form.errors else 200, titulaire=titulaire, form=form,
        title=title, submit=submit, will=will, is_grave=is_grave, **context,
    )  # fmt: skip


def posted(request: HttpRequest) -> dict | None:
    """Return what a form is bound to: nothing before it is posted."""
    return request.POST if request.method == "POST" else None


def on_open_file(permission: str) -> Callable[[Callable], Callable]:
    """Give a view the titulaire `pk` once her file is open, to whoever holds `permission`."""

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def guarded(request: HttpRequest, pk: int, **kwargs: Any) -> HttpResponse:
            require(request, permission)
            titulaire = find_titulaire(pk)
            if titulaire is None:
                raise Http404
            return still_closed(request, titulaire) or view(request, titulaire, **kwargs)

        return guarded

    return decorate
