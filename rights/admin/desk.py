"""A page of the administration around one form: shown, shown again with its errors, or done."""

from typing import Any

from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

TEMPLATE = "admin/rights/desk.html"


def require(request: HttpRequest, permission: str) -> None:
    """Raise PermissionDenied unless the member of the staff holds `permission`."""
    if not request.user.has_perm(permission):
        raise PermissionDenied


def desk_page(
    admin: ModelAdmin, request: HttpRequest, form: Form | None, *, title: str, **context: Any
) -> HttpResponse:
    """Show `form`, if there is one, under `title`; with errors the answer is 422.

    `facts` is a list of (label, value), `intro` a sentence, `submit` the word of the button,
    `crumbs` a list of (address, text).
    """
    values = admin.admin_site.each_context(request) | {
        "title": title,
        "form": form,
        "opts": admin.opts,
        **context,
    }
    return render(request, TEMPLATE, values, status=422 if form and form.errors else 200)
