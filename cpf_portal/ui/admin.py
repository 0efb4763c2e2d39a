"""What the administration pages of every room share."""

from django.contrib import admin

from cpf_portal.ui.text import fold


class FoldedSearch(admin.ModelAdmin):
    """The fields searched hold folded text, so that what is typed is folded too."""

    def get_search_results(self, request, queryset, search_term):
        return super().get_search_results(request, queryset, fold(search_term))


class ReadOnlyAdmin:
    """Mixin: rows that may be looked at, never added, changed or deleted by hand."""

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False
