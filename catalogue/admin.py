"""The catalogue in the administration: a change reaches the search within a minute."""

from django import forms
from django.contrib import admin
from django.db import models, transaction
from django.utils import timezone

from catalogue.admin_imports import ImportReportAdmin  # noqa: F401 registered with the others
from catalogue.changes import start_indexing
from catalogue.models import Certification, Commune, Offer, Provider, Session, Synonym
from catalogue.search import synonyms
from cpf_portal.ui.admin import FoldedSearch, ReadOnlyAdmin
from cpf_portal.ui.formats import euros

HTTPS_BY_DEFAULT = {models.URLField: {"assume_scheme": "https"}}


@admin.register(Provider)
class ProviderAdmin(admin.ModelAdmin):
    formfield_overrides = HTTPS_BY_DEFAULT
    list_display = ("name", "siret", "email", "is_suspended")
    list_filter = ("is_suspended",)
    ordering = ("name", "pk")
    search_fields = ("name", "siret")
    search_help_text = "Nom ou SIRET."
    actions = ("suspend", "resume")

    @admin.action(
        description="Suspendre (les offres quittent la recherche)", permissions=["change"]
    )
    def suspend(self, request, queryset):
        self._set_suspended(request, queryset, is_suspended=True)

    @admin.action(description="Rétablir", permissions=["change"])
    def resume(self, request, queryset):
        self._set_suspended(request, queryset, is_suspended=False)

    def _set_suspended(self, request, queryset, *, is_suspended):
        for provider in queryset:
            provider.is_suspended = is_suspended
            provider.save(update_fields=["is_suspended"])
        self.message_user(request, f"{len(queryset)} organisme(s) mis à jour.")


@admin.register(Certification)
class CertificationAdmin(admin.ModelAdmin):
    list_display = ("code", "title", "kind", "level", "is_active")
    list_filter = ("kind", "level", "is_active")
    ordering = ("code",)
    search_fields = ("code", "title")
    search_help_text = "Code ou intitulé."


class SessionInline(admin.TabularInline):
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
    autocomplete_fields = ("provider", "certification", "commune")
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
    autocomplete_fields = ("offer",)

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

    def delete_queryset(self, request, queryset):
        super().delete_queryset(request, queryset)
        transaction.on_commit(start_indexing, robust=True)


@admin.register(Commune)
class CommuneAdmin(ReadOnlyAdmin, FoldedSearch):
    list_display = ("name", "code", "postcodes", "department", "population", "is_approximate")
    list_filter = ("is_approximate",)
    ordering = ("name_folded", "code")
    search_fields = ("name_folded", "=code")
    search_help_text = "Nom ou code INSEE."
