"""The audit trail in the administration: read by who may, written by nobody."""

from django.contrib import admin

from accounts import audit_words
from accounts.models import AuditEvent
from cpf_portal.ui.admin import ReadOnlyAdmin


@admin.register(AuditEvent)
class AuditEventAdmin(ReadOnlyAdmin, admin.ModelAdmin):
    """People stand as numbers: their files are opened elsewhere, with a reason."""

    list_display = (
        "position", "happened_at", "kind", "actor_pk", "person_pk", "titulaire_pk", "target",
        "told",
    )  # fmt: skip
    list_filter = ("kind",)
    date_hierarchy = "happened_at"
    ordering = ("-position",)
    list_per_page = 50
    counted = "lignes"
    show_full_result_count = False
    search_fields = ("actor_pk",)  # see get_search_results
    search_help_text = "Numéro d’un compte (agent ou titulaire) ou d’un titulaire."
    fields = (
        "position", "happened_at", "kind", "actor_pk", "person_pk", "titulaire_pk", "target",
        "told", "reason_digest", "mac",
    )  # fmt: skip
    readonly_fields = ("target", "told")

    def has_view_permission(self, request, obj=None):
        return request.user.has_perm("accounts.read_audit") or super().has_view_permission(
            request, obj
        )

    def has_module_permission(self, request):
        return self.has_view_permission(request)

    def get_search_results(self, request, queryset, search_term):
        """A number is that of an account or of a titulaire; nothing else is searched here."""
        if not search_term:
            return queryset, False
        return queryset.with_number(search_term), False

    @admin.display(description="objet")
    def target(self, event):
        return audit_words.target_words(event)

    @admin.display(description="précisions")
    def told(self, event):
        return audit_words.fact_words(event)
