"""Rights in the administration: everything can be read, a correction is a new movement with a reason."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html

from cpf_portal.ui.admin import FoldedSearch, ReadOnlyAdmin
from cpf_portal.ui.formats import euros
from rights import services
from rights.admin_forms import CorrectionForm
from rights.exceptions import IdempotencyConflict, InsufficientRights
from rights.models import Movement, RightsAccount


class MovementInline(ReadOnlyAdmin, admin.TabularInline):
    model = Movement
    extra = 0
    ordering = ("-effective_on", "-pk")
    fields = ("effective_on", "kind", "pocket", "amount", "year", "source", "reason")
    readonly_fields = fields

    @admin.display(description="montant")
    def amount(self, movement):
        return euros(movement.amount_cents)


@admin.register(RightsAccount)
class RightsAccountAdmin(ReadOnlyAdmin, FoldedSearch):
    list_display = ("__str__", "birth_name", "total", "dif_share", "opened_at")
    list_select_related = ("titulaire",)
    ordering = ("-pk",)
    search_fields = ("titulaire__birth_name_folded",)
    search_help_text = "Nom de naissance."
    fields = ("titulaire", "birth_name", "total", "dif_share", "opened_at", "correct_link")
    readonly_fields = fields
    inlines = [MovementInline]

    @admin.display(description="nom de naissance", ordering="titulaire__birth_name_folded")
    def birth_name(self, account):
        return account.titulaire.birth_name

    @admin.display(description="droits")
    def total(self, account):
        return euros(account.available_cents)

    @admin.display(description="dont DIF")
    def dif_share(self, account):
        return euros(account.dif_share_cents)

    @admin.display(description="correction")
    def correct_link(self, account):
        url = reverse("admin:rights_rightsaccount_correct", args=[account.pk])
        return format_html('<a href="{}">Corriger par un nouveau mouvement</a>', url)

    def get_urls(self):
        correct = self.admin_site.admin_view(self.correct)
        return [
            path("<int:pk>/corriger/", correct, name="rights_rightsaccount_correct"),
            *super().get_urls(),
        ]

    def correct(self, request: HttpRequest, pk: int) -> HttpResponse:
        if not request.user.has_perm("rights.add_movement"):
            raise PermissionDenied
        account = get_object_or_404(RightsAccount.objects.select_related("titulaire"), pk=pk)
        form = CorrectionForm(request.POST or None)
        if request.method == "POST" and form.is_valid() and self._corrected(request, account, form):
            self.message_user(request, "La correction est enregistrée.")
            return redirect("admin:rights_rightsaccount_change", account.pk)
        context = self.admin_site.each_context(request) | {
            "title": f"Corriger le {account}",
            "account": account,
            "form": form,
            "opts": self.opts,
        }
        status = 422 if form.errors else 200
        return render(request, "admin/rights/rightsaccount/correct.html", context, status=status)

    def _corrected(self, request, account, form) -> bool:
        try:
            services.correct(
                account=account,
                author=request.user,
                today=timezone.localdate(),
                **form.cleaned_data,
            )
        except InsufficientRights:
            form.add_error("amount_cents", "Le solde de cette poche ne couvre pas ce retrait.")
            return False
        except IdempotencyConflict:
            form.add_error(
                None, "Ce formulaire a déjà servi : rouvrez la page pour corriger encore."
            )
            return False
        return True


@admin.register(Movement)
class MovementAdmin(ReadOnlyAdmin, admin.ModelAdmin):
    list_display = (
        "__str__",
        "account",
        "effective_on",
        "kind",
        "pocket",
        "amount",
        "year",
        "source",
    )
    list_filter = ("kind", "pocket", "year")
    list_select_related = ("account",)
    date_hierarchy = "effective_on"
    ordering = ("-pk",)
    search_fields = ("source", "reason")
    search_help_text = "Origine ou motif."

    @admin.display(description="montant", ordering="amount_cents")
    def amount(self, movement):
        return euros(movement.amount_cents)
