"""Accounts in the administration: staff find a person and help her; they never see her number or password."""

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils import timezone

from accounts import (
    admin_replies,
    admin_staff,
    admin_support,
    admin_takeovers,
    services,
)
from accounts.admin_forms import OpeningForm
from accounts.admin_freezing import FrozenFilter, SpendingFreezeMixin
from accounts.admin_opening import OpenedFileAdmin, open_file
from accounts.emails import BACK_OFF
from accounts.models import BlockedReason, OutgoingMail, RateLimit, Titulaire, User
from accounts.own_person import refused
from cpf_portal.ui.admin import LargeTable, ReadOnlyAdmin, desk_page, require
from cpf_portal.ui.masking import mask_email
from cpf_portal.ui.redirects import safe_next

# registered with the rest
__all__ = ["admin_replies", "admin_staff", "admin_support", "admin_takeovers"]


@admin.register(Titulaire)
class TitulaireAdmin(OpenedFileAdmin, LargeTable, ReadOnlyAdmin, admin.ModelAdmin):
    """Found by the search of the desk, which is posted, limited and kept in the trail; so are accounts."""

    list_display = ("__str__", "identity_level", "has_account", "created_at")
    list_filter = ("identity_level", "has_provisional_nir")
    list_select_related = ("user",)
    ordering = ("-pk",)
    fields = (
        "birth_name", "hidden_nir", "has_provisional_nir", "sex", "birth_year", "birth_month",
        "diploma_level", "identity_level", "has_account", "created_at",
    )  # fmt: skip

    def titulaire_of(self, titulaire):
        return titulaire

    @admin.display(description="numéro de sécurité sociale")
    def hidden_nir(self, titulaire):
        return titulaire.hidden_nir

    @admin.display(description="compte", boolean=True)
    def has_account(self, titulaire):
        return hasattr(titulaire, "user")

    def get_urls(self):
        opening = self.admin_site.admin_view(self.open)
        return [
            path("<int:pk>/ouvrir/", opening, name="accounts_titulaire_open"),
            *super().get_urls(),
        ]

    def open(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Ask why the file is opened, before it is."""
        require(request, "accounts.open_file")
        titulaire = get_object_or_404(Titulaire.objects.select_related("user"), pk=pk)
        if refusal := refused(request, titulaire):
            return refusal
        following = safe_next(request, reverse("admin:desk_file", args=[pk]))
        form = OpeningForm(request.POST or None, initial={"reason": usual_reason(following)})
        if request.method == "POST" and form.is_valid():
            open_file(request, titulaire, form.cleaned_data["reason"])
            return redirect(following)
        return desk_page(
            self, request, form, title="Ouvrir un dossier", submit="Ouvrir le dossier",
            intro=TOLD if hasattr(titulaire, "user") else UNTOLD,
            facts=[("Nom de naissance", titulaire.birth_name), ("Année de naissance", _year(titulaire))],
            back=(reverse("admin:index"), "Revenir au bureau"),
        )  # fmt: skip


TOLD = "La personne lira dans son historique que vous avez ouvert son dossier, et pourquoi."
UNTOLD = (
    "Cette personne n’a pas de compte\u00a0: votre motif est scellé dans la piste d’audit, "
    "qu’un contrôle peut relire."
)
# What leads to a file from a queue is a reason in itself; the agent may write a better one.
USUAL_REASONS = {
    "/supportrequest/": "réponse à une demande faite à l’assistance",
    "/difdeclaration/": "examen d’un justificatif de DIF",
    "/correctionproposal/": "validation d’une correction ou d’un abondement",
}


def _year(titulaire: Titulaire) -> str:
    """The two figures that the number tells."""
    return "inconnue" if titulaire.birth_year is None else f"{titulaire.birth_year:02d}"


def usual_reason(address: str) -> str:
    """Return the reason that the page at `address` gives by itself, or nothing."""
    return next((reason for part, reason in USUAL_REASONS.items() if part in address), "")


class EmailConfirmedFilter(admin.SimpleListFilter):
    title = "courriel confirmé"
    parameter_name = "confirme"

    def lookups(self, request, model_admin):
        return [("oui", "Oui"), ("non", "Non")]

    def queryset(self, request, queryset):
        if self.value() is None:
            return queryset
        return queryset.filter(email_confirmed_at__isnull=self.value() == "non")


class BlockingForm(forms.ModelForm):
    def clean(self):
        data = super().clean()
        is_kept = "is_active" not in self.changed_data
        if is_kept and data.get("is_active") and data.get("blocked_reason"):
            self.add_error("is_active", "Décochez cette case pour bloquer le compte.")
        return data


@admin.register(User)
class UserAdmin(OpenedFileAdmin, LargeTable, SpendingFreezeMixin, admin.ModelAdmin):
    list_display = (
        "__str__", "masked_email", "is_confirmed", "is_active", "created_at", "last_login",
    )  # fmt: skip
    list_filter = ("is_active", FrozenFilter, EmailConfirmedFilter)
    ordering = ("-pk",)
    date_hierarchy = "created_at"
    form = BlockingForm
    fields = (
        "titulaire", "email", "is_confirmed", "email_confirmed_at", "phone_landline", "phone_mobile",
        "email_changed_at", "cgu_version", "cgu_accepted_at", "is_active", "blocked_reason",
        "spending_frozen_at", "spending", "created_at", "last_login",
    )  # fmt: skip
    readonly_fields = tuple(name for name in fields if name not in {"is_active", "blocked_reason"})

    def titulaire_of(self, user):
        return user.titulaire

    def has_add_permission(self, request):
        return False  # a person signs up herself

    def has_delete_permission(self, request, obj=None):
        return False

    def get_queryset(self, request):
        return super().get_queryset(request).filter(is_staff=False)  # see accounts.admin_staff

    def save_model(self, request, obj, form, change):
        """Block or unblock: the services end the sessions, tell the person and trace it."""
        reason = BlockedReason(obj.blocked_reason or BlockedReason.UNUSUAL)
        if "is_active" in form.changed_data and obj.is_active:
            services.unblock(user=obj, author=request.user)
        elif "is_active" in form.changed_data:
            services.block(user=obj, reason=reason, author=request.user)
        elif "blocked_reason" in form.changed_data:
            services.change_blocked_reason(user=obj, reason=reason, author=request.user)

    def response_change(self, request, obj):
        state = (
            "Le compte est ouvert\u00a0: la personne peut se connecter."
            if obj.is_active
            else "Le compte est bloqué\u00a0: ses connexions sont fermées et personne ne peut y entrer."
        )
        self.message_user(request, state)
        return redirect("admin:desk_file", obj.titulaire_id)

    @admin.display(description="courriel")
    def masked_email(self, user):
        return user.email if user.is_staff else mask_email(user.email)

    @admin.display(description="courriel confirmé", boolean=True)
    def is_confirmed(self, user):
        return user.has_confirmed_email


class DepartureFilter(admin.SimpleListFilter):
    title = "envoi"
    parameter_name = "envoi"

    def lookups(self, request, model_admin):
        return [("attente", "En attente"), ("echec", "Abandonné après tous les essais")]

    def queryset(self, request, queryset):
        if self.value() == "attente":
            return queryset.pending().filter(attempts__lt=len(BACK_OFF))
        if self.value() == "echec":
            return queryset.pending().filter(attempts__gte=len(BACK_OFF))
        return queryset


@admin.register(OutgoingMail)
class OutgoingMailAdmin(OpenedFileAdmin, LargeTable, ReadOnlyAdmin, admin.ModelAdmin):
    list_display = ("__str__", "user", "kind", "created_at", "sent_at", "attempts", "last_error")
    list_filter = (DepartureFilter, "kind", ("sent_at", admin.EmptyFieldListFilter))
    date_hierarchy = "created_at"
    list_select_related = ("user",)
    exclude = ("facts", "recipient")  # what the person looks for is hers
    readonly_fields = ("masked_recipient",)

    def titulaire_of(self, mail):
        return mail.user and mail.user.titulaire

    @admin.display(description="destinataire")
    def masked_recipient(self, mail):
        return mask_email(mail.recipient)


# The policies of accounts.limits by the beginning of their names, the longest first.
LIMITED = (
    ("sign-in", "connexion"),
    ("sign-up-mail", "inscription, courriels"),
    ("sign-up", "inscription"),
    ("captcha", "code de sécurité à recopier"),
    ("nir-search", "recherche par numéro"),
    ("desk-search", "recherche du bureau"),
    ("nir-reveal-once", "page d’un numéro affiché"),
    ("nir-reveal", "numéro affiché"),
    ("desk-same-mail", "même message de l’assistance"),
    ("people-export", "liste de titulaires"),
    ("own-number", "propre numéro d’un agent"),
    ("desk-mail", "courriel renvoyé par l’assistance"),
    ("reset", "mot de passe oublié"),
    ("second-factor", "code du téléphone"),
    ("recovery", "code de secours"),
    ("password-again", "mot de passe redonné"),
    ("email-change", "changement d’adresse"),
    ("support-follow", "suivi d’une demande"),
    ("support", "demande à l’assistance"),
    ("contact", "message de contact"),
    ("franceconnect-nir", "FranceConnect, numéro donné"),
    ("franceconnect", "FranceConnect, départ"),
    ("provider-api", "logiciel d’un organisme"),
    ("provider-key", "clé d’organisme refusée"),
    ("resend", "courriel de confirmation renvoyé"),
)


@admin.register(RateLimit)
class RateLimitAdmin(ReadOnlyAdmin, admin.ModelAdmin):
    """Counters hold neither an address nor a number; deleting one gives its attempts back."""

    list_display = ("policy", "hits", "expires_at", "is_running")
    ordering = ("-expires_at",)

    def has_delete_permission(self, request, obj=None):
        return request.user.has_perm("accounts.delete_ratelimit")

    def get_queryset(self, request):
        """What has counted nothing hinders nobody."""
        return super().get_queryset(request).filter(hits__gt=0)

    @admin.display(description="limitation")
    def policy(self, limit):
        name = limit.key.partition(":")[0]
        return next((label for start, label in LIMITED if name.startswith(start)), name)

    @admin.display(description="en cours", boolean=True)
    def is_running(self, limit):
        return limit.expires_at > timezone.now()
