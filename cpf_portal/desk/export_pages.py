"""The page of each export: columns to tick, two days, and the file."""

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone

from accounts.admin_forms import reason_field
from accounts.audit import AuditKind, record
from accounts.limits import hit
from accounts.models import Titulaire, User
from catalogue.models import Offer
from cpf_portal.desk.exports import EXPORTS, Export
from cpf_portal.ui.admin import require
from cpf_portal.ui.csv_files import csv_stream
from rights.models import Dossier, Movement

# On the list of which model a link leads to which export.
LINKS = {Offer: "offres", Movement: "mouvements", Dossier: "dossiers", Titulaire: "titulaires"}


class ExportForm(forms.Form):
    columns = forms.MultipleChoiceField(
        label="Colonnes",
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "Cochez au moins une colonne.",
            "invalid_choice": "Cette colonne n’existe pas. Cochez-en une de la liste.",
        },
    )
    since = forms.DateField(
        label="Du",
        required=False,
        error_messages={"invalid": "Saisissez une date, par exemple 01/01/2026."},
    )
    until = forms.DateField(
        label="Au",
        required=False,
        error_messages={"invalid": "Saisissez une date, par exemple 31/12/2026."},
    )

    def __init__(self, export: Export, data=None):
        usual = [name for name, column in export.columns.items() if column.is_usual]
        super().__init__(data, initial={"columns": usual})
        self.fields["columns"].choices = [
            (name, column.heading) for name, column in export.columns.items()
        ]
        if export.policy:
            self.fields["reason"] = reason_field(
                "Par exemple\u00a0: enquête de satisfaction demandée par la direction. L’empreinte de ce"
                " motif est scellée dans la piste d’audit, qu’un contrôle peut relire.",
                required="Écrivez pourquoi vous prenez cette liste de personnes.",
            )
        for name in ("since", "until"):
            self.fields[
                name
            ].help_text = f"Facultatif\u00a0: {export.moment_name}, ce jour compris."

    def clean(self):
        since, until = self.cleaned_data.get("since"), self.cleaned_data.get("until")
        if since and until and since > until:
            self.add_error("until", "Le dernier jour vient avant le premier\u00a0: échangez-les.")


def export_urls(site: admin.AdminSite) -> list:
    """Return the addresses of the exports, for the administration site."""
    page = site.admin_view(lambda request, name: export_page(site, request, name))
    return [path("exports/<slug:name>/", page, name="desk_export")]


def export_page(site: admin.AdminSite, request: HttpRequest, name: str) -> HttpResponseBase:
    """Ask which columns, then give the file; the trail has who took how many rows of which columns."""
    if not any(request.user.has_perm(export.permission) for export in EXPORTS.values()):
        raise PermissionDenied
    if (export := EXPORTS.get(name)) is None:
        raise Http404
    require(request, export.permission)
    form = ExportForm(export, request.POST if request.method == "POST" else None)
    if form.is_valid():
        if export.policy:
            hit(export.policy, person=f"staff:{request.user.pk}")
        return _file(request.user, name, export, form.cleaned_data)
    context = site.each_context(request) | {
        "title": f"Exporter\u00a0: {export.title.lower()}",
        "form": form,
        "opts": export.model._meta,
        "intro": export.intro,
    }
    return render(request, "admin/desk/export.html", context, status=422 if form.errors else 200)


@transaction.atomic
def _file(user: User, name: str, export: Export, asked: dict) -> StreamingHttpResponse:
    rows = export.rows(user, asked["since"], asked["until"])
    # what comes while the file is written is not in it: the trail counts what was taken
    last = rows.order_by("-pk").values_list("pk", flat=True).first()
    rows = rows.filter(pk__lte=last) if last else rows.none()
    chosen = [column for column in export.columns if column in asked["columns"]]
    record(
        kind=AuditKind.EXPORTED,
        actor=user,
        reason=asked.get("reason", ""),
        export=name,
        rows=rows.count(),
        columns=chosen,
    )
    return csv_stream(
        name=f"{name}-{timezone.localdate():%Y-%m-%d}.csv",
        header=[export.columns[column].heading for column in chosen],
        rows=export.written(rows, chosen),
    )


def link_for(model: type, user: User) -> str:
    """Return the address of the export of a list, for who may take it away; else an empty text."""
    name = LINKS.get(model)
    if name is None or not user.has_perm(EXPORTS[name].permission):
        return ""
    return reverse("admin:desk_export", args=[name])
