"""The search index as the staff sees it: its state, its last reconstructions, and a button for another."""

from django.contrib import admin, messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone

from accounts.audit import AuditKind, record
from catalogue.models import IndexRebuild
from catalogue.rebuilding import ask_rebuild, close_interrupted
from catalogue.search.health import health
from cpf_portal.ui.admin import ReadOnlyAdmin, require

LAST = 10
MINUTE = 60  # seconds: changes are written each minute at the latest


@admin.register(IndexRebuild)
class IndexRebuildAdmin(ReadOnlyAdmin, admin.ModelAdmin):
    def has_view_permission(self, request, obj=None):
        return request.user.has_perm("catalogue.rebuild_index") or super().has_view_permission(
            request, obj
        )

    def get_urls(self):
        rebuilding = self.admin_site.admin_view(self.rebuild)
        return [
            path("reconstruire/", rebuilding, name="catalogue_indexrebuild_rebuild"),
            *super().get_urls(),
        ]

    def changelist_view(self, request: HttpRequest, extra_context=None) -> HttpResponse:
        """Show the state of the index of the machine that answers, and the last reconstructions."""
        if not self.has_view_permission(request):
            require(request, "catalogue.rebuild_index")
        now = timezone.now()
        close_interrupted(now)
        state = health()
        rebuilds = list(IndexRebuild.objects.select_related("author")[:LAST])
        context = self.admin_site.each_context(request) | {
            "title": "Index de la recherche",
            "opts": self.opts,
            "state": state,
            "is_late": bool(state.late_since and (now - state.late_since).total_seconds() > MINUTE),
            "rebuilds": rebuilds,
            "is_running": any(rebuild.is_open for rebuild in rebuilds),
            "can_rebuild": request.user.has_perm("catalogue.rebuild_index"),
        }
        return render(request, "admin/catalogue/indexrebuild/state.html", context)

    def rebuild(self, request: HttpRequest) -> HttpResponse:
        """Ask for a reconstruction; a second one is refused until the first is over."""
        require(request, "catalogue.rebuild_index")
        if request.method == "POST":
            with transaction.atomic():
                asked = ask_rebuild(author=request.user, now=timezone.now())
                if asked:
                    self.log_addition(request, asked, "Reconstruction de l’index demandée.")
                    record(kind=AuditKind.INDEX_REBUILT, actor=request.user, target=asked)
            if asked:
                self.message_user(request, "La reconstruction est demandée. Cette page la suit.")
            else:
                text = "Une reconstruction est déjà demandée\u00a0: attendez qu’elle finisse."
                self.message_user(request, text, messages.WARNING)
        return redirect("admin:catalogue_indexrebuild_changelist")
