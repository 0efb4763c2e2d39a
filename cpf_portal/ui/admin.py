"""What the administration pages of every room share."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from cpf_portal.ui.text import fold


class FoldedSearch(admin.ModelAdmin):
    """The fields searched hold folded text, so that what is typed is folded too."""

    def get_search_results(self, request, queryset, search_term):
        return super().get_search_results(request, queryset, fold(search_term))


class LargeTable:
    """Mixin: a list of millions of rows, which is never read to its end (cpf_portal.ui.admin_lists).

    No filter made of the values of a column on it: that reads every row.
    """

    show_full_result_count = False


class ReadOnlyAdmin:
    """Mixin: rows that may be looked at, never added, changed or deleted by hand."""

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


class ReadOnlyRows(ReadOnlyAdmin, admin.TabularInline):
    """Rows of another table on the page of what they belong to, to be read."""

    template = "admin/rows.html"
    extra = 0


class PermittedColumns(admin.ModelAdmin):
    """Mixin: columns whose links lead to what asks for a permission, hidden from who lacks it."""

    column_permissions: dict[str, str] = {}

    def get_list_display(self, request):
        return self._permitted(request, super().get_list_display(request))

    def get_fields(self, request, obj=None):
        return self._permitted(request, super().get_fields(request, obj))

    def _permitted(self, request: HttpRequest, names) -> list[str]:
        asked, may = self.column_permissions, request.user.has_perm
        return [name for name in names if name not in asked or may(asked[name])]


def require(request: HttpRequest, permission: str) -> None:
    """Raise PermissionDenied unless the member of the staff holds `permission`."""
    if not request.user.has_perm(permission):
        raise PermissionDenied


def desk_page(
    model_admin: admin.ModelAdmin,
    request: HttpRequest,
    form: Form | None,
    *,
    title: str,
    **context: Any,
) -> HttpResponse:
    """Answer with a page around `form`, if there is one: shown, or shown again with its errors (422).

    `facts` is a list of (label, value), `intro` a sentence, `submit` the word of the button,
    `crumbs` a list of (address, text).
    """
    values = model_admin.admin_site.each_context(request) | {
        "title": title,
        "form": form,
        "opts": model_admin.opts,
        **context,
    }
    return render(request, "admin/desk.html", values, status=422 if form and form.errors else 200)
