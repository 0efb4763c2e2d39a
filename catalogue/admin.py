"""The catalogue in the administration: a change reaches the search within a minute."""

from django import forms
from django.contrib import admin
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html

from catalogue.admin_imports import ImportReportAdmin  # noqa: F401 registered with the others
from catalogue.models import Certification, Commune, Offer, Provider, Session, Synonym
from catalogue.search import synonyms
from cpf_portal.ui.admin import FoldedSearch, PermittedColumns, ReadOnlyAdmin
from cpf_portal.ui.formats import euros

HTTPS_BY_DEFAULT = {models.URLField: {"assume_scheme": "https"}}


@admin.register(Provider)
class ProviderAdmin(PermittedColumns, admin.ModelAdmin):
    formfield_overrides = HTTPS_BY_DEFAULT
    list_display = ("name", "siret", "email", "is_suspended")
    list_filter = ("is_suspended",)
    ordering = ("name", "pk")
    search_fields = ("name", "siret")
    search_help_text = "Nom ou SIRET."
    readonly_fields = ("is_suspended", "suspension", "before")
    column_permissions = {
        "suspension": "catalogue.suspend_provider",
        "before": "catalogue.view_providersuspension",
    }

    @admin.display(description="suspension")
    def suspension(self, provider):
        """The page that suspends or resumes (cpf_portal.desk.suspensions)."""
        if provider.pk is None:
            return "aucune"
        word = "Rétablir" if provider.is_suspended else "Suspendre"
        address = reverse("admin:catalogue_provider_suspend", args=[provider.pk])
        return format_html('<a href="{}">{} cet organisme</a>', address, word)

    @admin.display(description="décisions d’avant")
    def before(self, provider):
        if provider.pk is None:
            return "aucune"
        address = reverse("admin:catalogue_providersuspension_changelist")
        return format_html(
            '<a href="{}?provider__id__exact={}">Historique</a>', address, provider.pk
        )


@admin.register(Certification)
class CertificationAdmin(admin.ModelAdmin):
    list_display = ("code", "title", "kind", "level", "is_active")
    list_filter = ("kind", "level", "is_active")
    ordering = ("code",)
    search_fields = ("code", "title")
    search_help_text = "Code ou intitulé."


class SessionInline(admin.StackedInline):
    model = Session
    extra = 0
    fields = ("number", "is_permanent", "starts_on", "ends_on", "state")


@admin.register(Offer)
class OfferAdmin(admin.ModelAdmin):
    formfield_overrides = HTTPS_BY_DEFAULT
    list_display = (
        "title",
        "provider",
        "commune",
        "modality",
        "price",
        "certification",
        "updated_at",
    )
    list_filter = (
        "modality",
        "certification__kind",
        "source",
        ("removed_at", admin.EmptyFieldListFilter),
    )
    list_select_related = ("provider", "commune", "certification")
    ordering = ("-pk",)
    search_fields = ("title", "public_id", "provider__name")
    search_help_text = "Intitulé, identifiant public ou organisme."
    raw_id_fields = ("provider", "certification", "commune")
    readonly_fields = ("source", "removed_at", "updated_at")
    inlines = [SessionInline]

    @admin.display(description="prix", ordering="price_cents")
    def price(self, offer):
        return euros(offer.price_cents)


@admin.register(Session)
class SessionAdmin(admin.ModelAdmin):
    list_display = (
        "__str__",
        "offer",
        "starts_on",
        "ends_on",
        "is_permanent",
        "state",
        "is_upcoming",
    )
    list_filter = ("state", "is_permanent")
    list_select_related = ("offer",)
    date_hierarchy = "starts_on"
    ordering = ("-pk",)
    search_fields = ("offer__title", "offer__public_id")
    search_help_text = "Intitulé ou identifiant public de l’offre."
    raw_id_fields = ("offer",)

    @admin.display(description="à venir", boolean=True)
    def is_upcoming(self, session):
        return session.is_permanent or session.starts_on >= timezone.localdate()


class SynonymForm(forms.ModelForm):
    """Refuses what the search would leave aside without a word."""

    class Meta:
        error_messages = {
            "term": {"unique": "Ce terme est déjà dans la liste\u00a0: complétez plutôt ses sens."}
        }

    def clean_term(self):
        return self._with_words(self.cleaned_data["term"])

    def clean_meaning(self):
        return self._with_words(self.cleaned_data["meaning"])

    def clean(self):
        super().clean()
        term, meaning = (self.cleaned_data.get(name) for name in ("term", "meaning"))
        if term and meaning and synonyms.pieces(term) in map(synonyms.pieces, meaning.split(",")):
            self.add_error("meaning", "Le sens est ce que l’on tape\u00a0: indiquez d’autres mots.")

    def _with_words(self, text):
        if not all(synonyms.pieces(part) for part in text.split(",")):
            raise forms.ValidationError(
                "La recherche ne tient pas compte de ces mots\u00a0: indiquez un sigle, un métier"
                " ou une matière, sans virgule de trop."
            )
        return " ".join(text.split())


@admin.register(Synonym)
class SynonymAdmin(admin.ModelAdmin):
    form = SynonymForm
    list_display = ("term", "meaning")
    ordering = ("term",)
    search_fields = ("term", "meaning")
    search_help_text = "Sigle, mot ou sens."


@admin.register(Commune)
class CommuneAdmin(ReadOnlyAdmin, FoldedSearch):
    list_display = ("name", "code", "postcodes", "department", "population", "is_approximate")
    list_filter = ("is_approximate",)
    ordering = ("name_folded", "code")
    search_fields = ("name_folded", "=code")
    search_help_text = "Nom ou code INSEE."
