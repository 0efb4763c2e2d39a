"""Accounts in the administration: staff find a person and help her; they never see her number or password."""

from contextlib import suppress

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils import timezone

from accounts import admin_replies, admin_support, limits, services
from accounts.admin_forms import NirSearchForm, OpeningForm
from accounts.admin_freezing import FrozenFilter, SpendingFreezeMixin
from accounts.admin_opening import OpenedFileAdmin, open_file
from accounts.exceptions import AlreadyConfirmed, ConfirmationExpired
from accounts.models import BlockedReason, OutgoingMail, RateLimit, Titulaire, User
from accounts.models.titulaire import folded_name
from cpf_portal.ui.admin import FoldedSearch, ReadOnlyAdmin, desk_page
from cpf_portal.ui.redirects import safe_next

__all__ = ["admin_replies", "admin_support"]  # registered with the rest


@admin.register(Titulaire)
class TitulaireAdmin(OpenedFileAdmin, ReadOnlyAdmin, FoldedSearch):
    list_display = (
        "__str__",
        "birth_name",
        "masked_nir",
        "identity_level",
        "has_account",
        "created_at",
    )
    list_filter = ("identity_level", "has_provisional_nir")
    list_select_related = ("user",)
    ordering = ("-pk",)
    search_fields = ("birth_name_folded",)
    search_help_text = (
        "Nom de naissance. Pour un numéro de sécurité sociale : « Chercher par numéro »."
    )
    fields = (
        "birth_name", "masked_nir", "has_provisional_nir", "sex", "birth_year", "birth_month",
        "diploma_level", "identity_level", "has_account", "created_at",
    )  # fmt: skip

    def account_of(self, titulaire):
        return getattr(titulaire, "user", None)

    @admin.display(description="numéro de sécurité sociale")
    def masked_nir(self, titulaire):
        return titulaire.masked_nir

    @admin.display(description="compte", boolean=True)
    def has_account(self, titulaire):
        return hasattr(titulaire, "user")

    def get_urls(self):
        search = self.admin_site.admin_view(self.search_by_nir)
        return [
            path("recherche/", search, name="accounts_titulaire_search_by_nir"),
            *super().get_urls(),
        ]

    def search_by_nir(self, request: HttpRequest) -> HttpResponse:
        """Find a person by a number that is posted, so that it stands in no address and no log."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        form = NirSearchForm(request.POST or None)
        if request.method == "POST":
            limits.hit("nir-search", person=f"staff:{request.user.pk}")
        if request.method == "POST" and form.is_valid():
            titulaire = Titulaire.objects.with_nir(form.cleaned_data["nir"]).first()
            if titulaire:
                return redirect("admin:accounts_titulaire_change", titulaire.pk)
            form.add_error("nir", "Aucun titulaire ne porte ce numéro.")
        context = self.admin_site.each_context(request) | {
            "title": "Chercher un titulaire par numéro",
            "form": form,
            "opts": self.opts,
        }
        status = 422 if form.errors else 200
        return render(
            request, "admin/accounts/titulaire/search_by_nir.html", context, status=status
        )


class EmailConfirmedFilter(admin.SimpleListFilter):
    title = "courriel confirmé"
    parameter_name = "confirme"

    def lookups(self, request, model_admin):
        return [("oui", "Oui"), ("non", "Non")]

    def queryset(self, request, queryset):
        if self.value() is None:
            return queryset
        return queryset.filter(email_confirmed_at__isnull=self.value() == "non")


@admin.register(User)
class UserAdmin(OpenedFileAdmin, SpendingFreezeMixin, admin.ModelAdmin):
    list_display = (
        "__str__", "birth_name", "email", "is_confirmed", "is_staff", "is_active", "created_at",
        "last_login",
    )  # fmt: skip
    list_filter = ("is_staff", "is_active", FrozenFilter, EmailConfirmedFilter)
    list_select_related = ("titulaire",)
    ordering = ("-pk",)
    search_fields = ("email", "titulaire__birth_name_folded")
    search_help_text = "Courriel ou nom de naissance."
    date_hierarchy = "created_at"
    fields = (
        "titulaire", "email", "is_confirmed", "email_confirmed_at", "phone_landline", "phone_mobile",
        "email_changed_at", "cgu_version", "cgu_accepted_at", "is_staff", "is_superuser", "is_active",
        "blocked_reason", "spending_frozen_at", "spending", "created_at", "last_login",
    )  # fmt: skip
    readonly_fields = tuple(name for name in fields if name not in {"is_active", "blocked_reason"})
    actions = ("unlock", "resend_confirmation", "end_sessions")

    def account_of(self, user):
        return user

    def get_urls(self):
        opening = self.admin_site.admin_view(self.open)
        return [path("<int:pk>/ouvrir/", opening, name="accounts_user_open"), *super().get_urls()]

    def open(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Ask why the file is opened, before it is."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        user = get_object_or_404(User, pk=pk, is_staff=False)
        form = OpeningForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            open_file(request, user, form.cleaned_data["reason"])
            return redirect(safe_next(request, reverse("admin:accounts_user_change", args=[pk])))
        return desk_page(
            self, request, form, title="Ouvrir un dossier", submit="Ouvrir le dossier",
            intro="La personne lira dans son historique que vous avez ouvert son dossier, et pourquoi.",
        )  # fmt: skip

    def has_add_permission(self, request):
        return False  # a person signs up herself, staff come by `manage.py createsuperuser`

    def has_delete_permission(self, request, obj=None):
        return False

    def get_search_results(self, request, queryset, search_term):
        """An address is searched as it is, a name folded."""
        if "@" in search_term:
            return queryset.filter(email__iexact=search_term.strip()), False
        return queryset.filter(
            titulaire__birth_name_folded__contains=folded_name(search_term)
        ), False

    def save_model(self, request, obj, form, change):
        """Block or unblock: the services end the sessions, tell the person and trace it."""
        if "is_active" not in form.changed_data:
            return
        if obj.is_active:
            services.unblock(user=obj, author=request.user)
        else:
            reason = BlockedReason(obj.blocked_reason or BlockedReason.UNUSUAL)
            services.block(user=obj, reason=reason, author=request.user)

    @admin.display(description="nom de naissance", ordering="titulaire__birth_name_folded")
    def birth_name(self, user):
        return user.titulaire.birth_name if user.titulaire else "personnel"

    @admin.display(description="courriel confirmé", boolean=True)
    def is_confirmed(self, user):
        return user.has_confirmed_email

    @admin.action(description="Débloquer la connexion", permissions=["change"])
    def unlock(self, request, queryset):
        users = queryset.filter(is_staff=False).select_related("titulaire")
        for user in users:
            limits.unlock(user.titulaire)
        self.message_user(request, f"Connexion débloquée pour {len(users)} compte(s).")

    @admin.action(description="Renvoyer le courriel de confirmation", permissions=["change"])
    def resend_confirmation(self, request, queryset):
        sent = 0
        for user in queryset.filter(is_staff=False):
            with suppress(AlreadyConfirmed, ConfirmationExpired):
                services.resend_confirmation(user=user, now=timezone.now())
                sent += 1
        level = messages.SUCCESS if sent == len(queryset) else messages.WARNING
        text = (
            f"Courriel renvoyé à {sent} compte(s) sur {len(queryset)} ; "
            "les autres ont déjà confirmé leur adresse, ou leur délai est passé."
        )
        self.message_user(request, text, level=level)

    @admin.action(description="Fermer les sessions ouvertes", permissions=["change"])
    def end_sessions(self, request, queryset):
        ended = services.end_sessions(users=queryset.values_list("pk", flat=True))
        self.message_user(request, f"{ended} session(s) fermée(s).")


@admin.register(OutgoingMail)
class OutgoingMailAdmin(ReadOnlyAdmin, admin.ModelAdmin):
    list_display = ("__str__", "user", "kind", "created_at", "sent_at", "attempts", "last_error")
    list_filter = ("kind", ("sent_at", admin.EmptyFieldListFilter))
    list_select_related = ("user",)
    date_hierarchy = "created_at"
    exclude = ("facts",)  # what the person looks for is hers


@admin.register(RateLimit)
class RateLimitAdmin(ReadOnlyAdmin, admin.ModelAdmin):
    """Counters hold neither an address nor a number; deleting one gives its attempts back."""

    list_display = ("policy", "hits", "expires_at", "is_running")
    ordering = ("-expires_at",)

    def has_delete_permission(self, request, obj=None):
        return request.user.has_perm("accounts.delete_ratelimit")

    @admin.display(description="limitation")
    def policy(self, limit):
        return limit.key.partition(":")[0]

    @admin.display(description="en cours", boolean=True)
    def is_running(self, limit):
        return limit.expires_at > timezone.now()
