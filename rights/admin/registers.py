"""Figures of the rules, declarations of people, reports of the yearly runs."""

from django.contrib import admin
from django.utils.html import format_html_join

from accounts import audit
from accounts.audit import AuditKind
from cpf_portal.ui.admin import ReadOnlyAdmin
from cpf_portal.ui.formats import date_fr, euros
from rights.admin.opening import OfTitulaireAdmin
from rights.models import (
    Declaration,
    Parameter,
    ParameterName,
    RegisterImport,
    Unit,
    YearlyRun,
)

NOT_HERE = (
    "Choisissez un paramètre de la liste. Le seuil au-delà duquel une correction se fait à deux ne se "
    "change pas ici\u00a0: seule une nouvelle version du portail le change."
)


@admin.register(Parameter)
class ParameterAdmin(admin.ModelAdmin):
    """A new law is a new row: what was in force stays, to explain what it gave."""

    list_display = ("name", "figure", "valid_from", "legal_basis")
    list_filter = ("name",)
    search_fields = ("legal_basis", "note")
    search_help_text = "Base légale ou remarque."
    fields = ("name", "value", "day", "valid_from", "legal_basis", "note")

    def formfield_for_choice_field(self, db_field, request, **kwargs):
        """Whoever moves rights does not choose from which amount a second person must agree."""
        field = super().formfield_for_choice_field(db_field, request, **kwargs)
        field.choices = [
            one for one in field.choices if one[0] != ParameterName.SECOND_PERSON_ABOVE
        ]
        field.error_messages["invalid_choice"] = NOT_HERE
        return field

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        audit.record(
            kind=AuditKind.PARAMETER_CHANGED, actor=request.user, target=obj, name=obj.name
        )

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    @admin.display(description="valeur")
    def figure(self, parameter):
        unit = parameter.as_figure().name.unit
        if unit == Unit.DAY:
            return date_fr(parameter.day) if parameter.day else "sans limite"
        if parameter.value is None:
            return "sans limite"
        return euros(parameter.value) if unit == Unit.CENTS else f"{parameter.value} {unit.label}"


@admin.register(Declaration)
class DeclarationAdmin(OfTitulaireAdmin, ReadOnlyAdmin, admin.ModelAdmin):
    list_display = ("__str__", "titulaire", "declared_on", "withdrawn_on")
    list_select_related = ("titulaire",)
    ordering = ("-pk",)


@admin.register(YearlyRun)
class YearlyRunAdmin(ReadOnlyAdmin, admin.ModelAdmin):
    list_display = (
        "__str__", "year", "state", "feed_name", "people", "credited", "total", "bad_lines",
        "started_at", "finished_at",
    )  # fmt: skip
    list_filter = ("year", "state")
    date_hierarchy = "started_at"
    search_fields = ("feed_name",)
    search_help_text = "Nom du fichier."
    ordering = ("-pk",)

    @admin.display(description="montant crédité")
    def total(self, run):
        return euros(run.credited_cents)


@admin.register(RegisterImport)
class RegisterImportAdmin(ReadOnlyAdmin, admin.ModelAdmin):
    list_display = (
        "__str__", "file_name", "outcome", "lines", "movements_created", "already_known",
        "persons_created", "bad_lines", "started_at", "finished_at",
    )  # fmt: skip
    list_filter = ("outcome",)
    date_hierarchy = "started_at"
    search_fields = ("file_name",)
    search_help_text = "Nom du fichier."
    ordering = ("-pk",)
    fields = (*list_display[1:], "problem_lines")
    readonly_fields = fields

    @admin.display(description="premières anomalies")
    def problem_lines(self, report):
        return format_html_join("", "<div>{}</div>", ((line,) for line in report.problems))
