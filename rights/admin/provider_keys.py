"""The keys of the providers' software: made here, shown once, revoked; and the calls made with them."""

from datetime import date, timedelta

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html

from catalogue.models import Provider
from cpf_portal.ui.admin import ReadOnlyAdmin, desk_page, require
from cpf_portal.ui.formats import date_fr
from rights import services
from rights.models import ProviderCall, ProviderKey, Scope

LONGEST = timedelta(days=2 * 365)
USUAL = timedelta(days=365)
SERVED = (
    "Ce formulaire a déjà servi\u00a0: une clé a été créée. Rouvrez la page pour une autre clé."
)


def _usual_end() -> date:
    return timezone.localdate() + USUAL


class ProviderKeyForm(forms.Form):
    siret = forms.CharField(
        label="SIRET de l’organisme",
        max_length=20,
        help_text="Quatorze chiffres. La clé ne donne accès qu’aux dossiers de cet organisme.",
        error_messages={"required": "Saisissez le SIRET de l’organisme."},
    )
    label = forms.CharField(
        label="Logiciel",
        max_length=ProviderKey._meta.get_field("label").max_length,
        help_text="Ce qui se servira de la clé, par exemple\u00a0: gestion des inscriptions.",
        error_messages={"required": "Nommez le logiciel qui se servira de la clé."},
    )
    scopes = forms.MultipleChoiceField(
        label="La clé permet de",
        choices=Scope.choices,
        initial=[Scope.READ],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Cochez au moins un usage."},
    )
    expires_on = forms.DateField(
        label="Dernier jour de validité",
        initial=_usual_end,
        help_text="Deux ans au plus.",
        error_messages={"required": "Saisissez une date, par exemple 31/12/2027."},
    )
    # names the key: the same form posted twice makes one key
    prefix = forms.RegexField(r"^[a-z2-9]{8}\Z", widget=forms.HiddenInput)

    def clean_siret(self) -> Provider:
        digits = "".join(self.cleaned_data["siret"].split())
        provider = Provider.objects.filter(siret=digits).first() if digits.isascii() else None
        if provider is None:
            raise ValidationError("Aucun organisme du catalogue n’a ce SIRET.", code="unknown")
        return provider

    def clean_expires_on(self) -> date:
        day, today = self.cleaned_data["expires_on"], timezone.localdate()
        if not today <= day <= today + LONGEST:
            raise ValidationError(
                "Choisissez un jour à venir, dans les deux ans au plus.", code="out_of_range"
            )
        return day


class RevocationForm(forms.Form):
    """Nothing to type: the page says what a revocation does, the button does it."""


@admin.register(ProviderKey)
class ProviderKeyAdmin(ReadOnlyAdmin, admin.ModelAdmin):
    list_display = (
        "__str__", "prefix", "provider", "label", "allowed", "expires_on", "last_used_at",
        "revoked_at", "revoke_link",
    )  # fmt: skip
    list_filter = (
        "can_read",
        "can_answer",
        "can_declare",
        ("revoked_at", admin.EmptyFieldListFilter),
    )
    list_select_related = ("provider",)
    search_fields = ("provider__siret", "prefix", "label")
    search_help_text = "SIRET, début de la clé ou logiciel."
    ordering = ("-pk",)
    fields = (
        "provider", "siret", "label", "prefix", "allowed", "expires_on", "created_at", "author",
        "last_used_at", "revoked_at", "revoked_by", "calls_link", "revoke_link",
    )  # fmt: skip
    readonly_fields = fields

    def has_add_permission(self, request, obj=None):
        return request.user.has_perm("rights.add_providerkey")

    @admin.display(description="SIRET")
    def siret(self, key):
        return key.provider.siret

    @admin.display(description="permet de")
    def allowed(self, key):
        return ", ".join(scope.label for scope in key.scopes)

    @admin.display(description="appels")
    def calls_link(self, key):
        url = reverse("admin:rights_providercall_changelist")
        return format_html('<a href="{}?key__id__exact={}">Voir les appels</a>', url, key.pk)

    @admin.display(description="révocation")
    def revoke_link(self, key):
        if key.revoked_at:
            return "révoquée"
        url = reverse("admin:rights_providerkey_revoke", args=[key.pk])
        return format_html('<a href="{}">Révoquer</a>', url)

    def get_urls(self):
        view = self.admin_site.admin_view
        return [
            path("<int:pk>/revoquer/", view(self.revoke), name="rights_providerkey_revoke"),
            *super().get_urls(),
        ]

    def add_view(self, request: HttpRequest, form_url="", extra_context=None) -> HttpResponse:
        """Make a key; its text is in this answer only, neither in a session nor in a message."""
        require(request, "rights.add_providerkey")
        form = ProviderKeyForm(
            request.POST if request.method == "POST" else None,
            initial={"prefix": services.new_prefix()},
        )
        if form.is_valid() and (made := _make(form, request.user)):
            key, text = made
            self.log_addition(request, key, f"Clé créée pour {key.provider.siret}.")
            return desk_page(self, request, None, title="Clé créée", facts=_shown(key, text))
        return desk_page(
            self, request, form, title="Créer une clé d’organisme", submit="Créer la clé"
        )

    def revoke(self, request: HttpRequest, pk: int) -> HttpResponse:
        require(request, "rights.change_providerkey")
        key = get_object_or_404(ProviderKey.objects.select_related("provider"), pk=pk)
        if request.method != "POST":
            return desk_page(
                self, request, RevocationForm(), title=f"Révoquer la {key}", facts=_facts(key),
                intro="Le logiciel qui s’en sert sera refusé aussitôt. Une clé révoquée ne revient pas.",
                submit="Révoquer la clé",
            )  # fmt: skip
        if services.revoke_provider_key(key=key, author=request.user, now=timezone.now()):
            self.log_change(request, key, "Clé révoquée.")
            self.message_user(request, "La clé est révoquée.")
        else:
            self.message_user(request, "Cette clé était déjà révoquée.")
        return redirect("admin:rights_providerkey_changelist")


@admin.register(ProviderCall)
class ProviderCallAdmin(ReadOnlyAdmin, admin.ModelAdmin):
    list_display = ("__str__", "key", "operation", "status", "called_at")
    list_filter = ("operation", "status")
    list_select_related = ("key",)
    date_hierarchy = "called_at"
    ordering = ("-pk",)
    show_full_result_count = False


def _make(form: ProviderKeyForm, author) -> tuple[ProviderKey, str] | None:
    entry = form.cleaned_data
    try:
        return services.make_provider_key(
            provider=entry["siret"],
            label=entry["label"],
            scopes=entry["scopes"],
            expires_on=entry["expires_on"],
            prefix=entry["prefix"],
            author=author,
        )
    except ValidationError:
        form.add_error(None, SERVED)
        return None


def _facts(key: ProviderKey) -> list[tuple[str, object]]:
    return [
        ("Organisme", f"{key.provider.name}, SIRET {key.provider.siret}"),
        ("Logiciel", key.label),
        ("Permet de", ", ".join(scope.label for scope in key.scopes)),
        ("Dernier jour de validité", date_fr(key.expires_on)),
    ]


def _shown(key: ProviderKey, text: str) -> list[tuple[str, object]]:
    once = "Copiez-la maintenant\u00a0: elle n’est montrée qu’une fois, le portail ne la garde pas."
    return [("Clé", format_html("<code>{}</code>", text)), ("À faire", once), *_facts(key)]
