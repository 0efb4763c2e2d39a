"""The abondements: read here, entered from the account that they top up."""

from django.contrib import admin

from cpf_portal.ui.admin import ReadOnlyAdmin
from cpf_portal.ui.formats import euros
from rights.admin.opening import OfAccountAdmin
from rights.models import Abondement, Reservation


@admin.register(Abondement)
class AbondementAdmin(OfAccountAdmin, ReadOnlyAdmin, admin.ModelAdmin):
    list_display = (
        "__str__", "account", "financer", "financer_name", "amount", "remaining", "refunded",
        "granted_on", "expires_on",
    )  # fmt: skip
    list_filter = ("financer", "expires_on")
    list_select_related = ("account",)
    search_fields = ("financer_name",)
    search_help_text = "Nom du financeur."
    ordering = ("-pk",)
    fields = (
        "account", "financer", "financer_name", "amount", "remaining", "refunded", "granted_on",
        "expires_on", "certifications", "is_used_before_cpf", "conditions", "legal_basis", "author",
    )  # fmt: skip
    readonly_fields = fields

    @admin.display(description="versé", ordering="amount_cents")
    def amount(self, abondement):
        return euros(abondement.amount_cents)

    @admin.display(description="reste")
    def remaining(self, abondement):
        return euros(abondement.remaining_cents)

    @admin.display(description="rendu au financeur")
    def refunded(self, abondement):
        return euros(abondement.refunded_cents)


@admin.register(Reservation)
class ReservationAdmin(OfAccountAdmin, ReadOnlyAdmin, admin.ModelAdmin):
    list_display = ("__str__", "account", "reference", "state", "amount")
    list_filter = ("state",)
    list_select_related = ("account",)
    search_fields = ("reference",)
    search_help_text = "Référence du dossier."
    ordering = ("-pk",)

    @admin.display(description="montant", ordering="amount_cents")
    def amount(self, reservation):
        return euros(reservation.amount_cents)
