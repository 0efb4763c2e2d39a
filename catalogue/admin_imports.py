"""Imports in the administration: what became of each file, and a form to give another one."""

from pathlib import PurePath

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path

from catalogue.imports.uploads import MAX_BYTES, receive_upload
from catalogue.models import ImportLine, ImportReport
from cpf_portal.ui.admin import ReadOnlyAdmin, ReadOnlyRows

SUFFIXES = {".xml", ".csv", ".gz", ".zip"}
SHOWN_LINES = 200


class UploadForm(forms.Form):
    file = forms.FileField(
        label="Fichier",
        max_length=200,
        help_text="EDOF ou LHEO (.xml), catalogue ouvert ou fiches RNCP et RS (.csv), aussi en .gz ou"
        " .zip. 200\u00a0Mo au plus\u00a0: au-delà, employez la commande import_catalogue.",
        error_messages={
            "required": "Choisissez le fichier à importer.",
            "empty": "Ce fichier est vide\u00a0: choisissez-en un autre.",
        },
    )
    source = forms.SlugField(
        label="Source",
        max_length=40,
        required=False,
        help_text="Facultatif\u00a0: le nom de qui publie ce fichier, s’il n’est pas celui du format.",
    )
    is_dry_run = forms.BooleanField(
        label="Essai à blanc",
        required=False,
        help_text="Lire le fichier et dire ce qui changerait, sans rien changer.",
    )
    is_confirmed = forms.BooleanField(
        label="Confirmer les retraits",
        required=False,
        help_text="Accepter que plus d’une offre de la source sur cinq soit retirée.",
    )

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > MAX_BYTES:
            raise ValidationError(
                "Ce fichier dépasse 200\u00a0Mo. Employez la commande import_catalogue sur le serveur."
            )
        if PurePath(file.name).suffix.lower() not in SUFFIXES:
            raise ValidationError("Choisissez un fichier .xml, .csv, .gz ou .zip.")
        return file


class ImportLineInline(ReadOnlyRows):
    model = ImportLine
    fields = ("line", "number", "level", "code", "reason")
    readonly_fields = fields
    verbose_name_plural = f"éléments refusés, corrigés ou à vérifier (les {SHOWN_LINES} premiers)"

    def get_queryset(self, request):
        lines = super().get_queryset(request)
        if report := request.resolver_match.kwargs.get("object_id"):
            shown = lines.filter(report=report).order_by("pk").values("pk")[:SHOWN_LINES]
            return lines.filter(pk__in=list(shown.values_list("pk", flat=True)))
        return lines


@admin.register(ImportReport)
class ImportReportAdmin(ReadOnlyAdmin, admin.ModelAdmin):
    list_display = (
        "__str__",
        "file_name",
        "format",
        "source",
        "state",
        "added_count",
        "changed_count",
        "removed_count",
        "refused_count",
        "created_at",
    )
    list_filter = ("state", "format", "source")
    ordering = ("-pk",)
    date_hierarchy = "created_at"
    search_fields = ("file_name",)
    search_help_text = "Nom du fichier."
    change_list_template = "admin/catalogue/importreport/change_list.html"
    fields = (
        ("file_name", "format", "source"),
        ("state", "is_dry_run", "is_confirmed"),
        ("reason", "line"),
        ("read_count", "added_count", "changed_count", "unchanged_count", "removed_count"),
        ("refused_count", "corrected_count", "warning_count"),
        ("created_at", "finished_at"),
    )
    readonly_fields = tuple(name for row in fields for name in row)
    inlines = (ImportLineInline,)

    def get_urls(self):
        upload = self.admin_site.admin_view(self.upload)
        return [
            path("envoyer/", upload, name="catalogue_importreport_upload"),
            *super().get_urls(),
        ]

    def upload(self, request: HttpRequest) -> HttpResponse:
        if not request.user.has_perm("catalogue.add_importreport"):
            raise PermissionDenied
        form = UploadForm(request.POST or None, request.FILES or None)
        if request.method == "POST" and form.is_valid():
            report = self._receive(form.cleaned_data)
            self.log_addition(request, report, "Fichier envoyé")
            self.message_user(request, "Le fichier est reçu. Cette page dit ce qu’il devient.")
            return redirect("admin:catalogue_importreport_change", report.pk)
        context = self.admin_site.each_context(request) | {
            "title": "Envoyer un fichier",
            "form": form,
            "opts": self.opts,
        }
        template = "admin/catalogue/importreport/upload.html"
        return render(request, template, context, status=422 if form.errors else 200)

    def _receive(self, data) -> ImportReport:
        return receive_upload(
            name=data["file"].name,
            chunks=data["file"].chunks(),
            source=data["source"],
            is_dry_run=data["is_dry_run"],
            is_confirmed=data["is_confirmed"],
        )
