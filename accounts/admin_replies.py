"""The ready answers in the administration: written with a closed list of variables."""

from django.contrib import admin

from accounts.models import ReplyTemplate
from accounts.models.replies import VARIABLES

EXPLAINED = "\u00a0; ".join(f"{{{name}}}\u00a0: {meaning}" for name, meaning in VARIABLES.items())


@admin.register(ReplyTemplate)
class ReplyTemplateAdmin(admin.ModelAdmin):
    list_display = ("title", "kind", "subject", "is_active", "updated_at")
    list_filter = ("is_active", "kind")
    ordering = ("title", "pk")
    search_fields = ("title", "subject", "body")
    search_help_text = "Nom, objet ou mot du texte."
    fields = ("title", "kind", "subject", "body", "is_active", "updated_at")
    readonly_fields = ("updated_at",)

    def get_form(self, request, obj=None, change=False, **kwargs):
        kwargs["help_texts"] = {"body": f"Variables\u00a0: {EXPLAINED}."}
        return super().get_form(request, obj, change, **kwargs)
