"""The audit trail in the administration: read by who may, written by nobody."""

from django.contrib import admin

from accounts.models import AuditEvent
from cpf_portal.ui.admin import ReadOnlyAdmin

# What the trail tells by these names, in the words of who reads it.
FACTS = {
    "about": "à propos de", "cents": "centimes", "counters": "compteurs", "decision": "décision",
    "former": "auparavant", "found": "trouvés", "has_more": "il y en a d’autres",
    "is_gone": "effacé", "lines": "lignes", "mail": "courriel", "movements": "mouvements",
    "name": "nom", "outcome": "issue", "person_titulaire_pk": "titulaire du compte",
    "proposed_by": "proposé par", "release": "retrait du numéro", "route": "page",
    "sessions": "connexions", "state": "état", "step": "étape", "term": "cherché par",
    "titulaire_pk": "titulaire", "user_pk": "compte", "version": "version", "way": "par",
    "what": "objet", "why": "cause",
}  # fmt: skip


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
        return f"{event.target_label} {event.target_pk}".strip()

    @admin.display(description="précisions")
    def told(self, event):
        return ", ".join(
            f"{FACTS.get(name, name)}\u00a0: {value}" for name, value in event.facts.items()
        )
