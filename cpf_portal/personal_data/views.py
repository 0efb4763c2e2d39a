"""What the portal holds on the signed-in person: download it, or have it erased."""

import json

from django.contrib import messages
from django.contrib.auth import logout
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.generic import FormView, TemplateView, View

from accounts import audit, services
from accounts.audit import AuditKind
from accounts.forms import CloseAccountForm
from accounts.models import EventKind
from accounts.views.access import UnprocessableMixin
from accounts.views.account import CitizenMixin, FreshPasswordMixin
from cpf_portal.personal_data import closing
from cpf_portal.personal_data.export import Table, everything_on

DOSSIERS_RUNNING = (
    "Un dossier de formation est en cours\u00a0: attendez sa fin, ou annulez-le dans «\u00a0Mes dossiers de "
    "formation\u00a0», puis fermez votre compte."
)
SPENDING_FROZEN = (
    "L’usage de vos droits est suspendu après «\u00a0Ce n’est pas moi\u00a0»\u00a0: votre compte pourra être "
    "fermé quand l’assistance vous aura répondu."
)


class MyDataView(CitizenMixin, FreshPasswordMixin, TemplateView):
    template_name = "personal_data/mine.html"


class DownloadView(CitizenMixin, FreshPasswordMixin, View):
    """A file that only the answer holds: nothing of it stays on the machine."""

    http_method_names = ("post",)

    def post(self, request, extension):
        write = {"json": as_json, "html": as_html}.get(extension)
        if write is None:
            raise Http404
        services.record(user=request.user, kind=EventKind.DATA_DOWNLOADED, detail=extension.upper())
        audit.record(
            kind=AuditKind.EXPORTED, actor=request.user, person=request.user, what="own_data"
        )
        content, content_type = write(everything_on(request.user))
        name = f"mes-donnees-{timezone.localdate().isoformat()}.{extension}"
        return HttpResponse(
            content,
            content_type=content_type,
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )


def as_json(tables: list[Table]) -> tuple[str, str]:
    data = {
        "exporté_le": timezone.localtime().isoformat(timespec="seconds"),
        "tables": {table.name: [dict(row) for row in table.rows] for table in tables},
    }
    return json.dumps(data, ensure_ascii=False, indent=2), "application/json"


def as_html(tables: list[Table]) -> tuple[str, str]:
    page = render_to_string("personal_data/export.html", {"tables": tables})
    return page, "text/html; charset=utf-8"


class CloseView(CitizenMixin, FreshPasswordMixin, UnprocessableMixin, FormView):
    form_class = CloseAccountForm
    template_name = "personal_data/close.html"

    def form_valid(self, form):
        try:
            closing.close(user=self.request.user, now=timezone.now())
        except closing.DossiersRunning:
            form.add_error(None, DOSSIERS_RUNNING)
            return self.form_invalid(form)
        except closing.SpendingFrozen:
            form.add_error(None, SPENDING_FROZEN)
            return self.form_invalid(form)
        logout(self.request)
        messages.success(self.request, "Votre compte est fermé. Un courriel vous le confirme.")
        response = redirect("home")
        response.headers["Clear-Site-Data"] = '"cache", "storage"'
        return response
