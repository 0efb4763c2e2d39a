"""The attestations: their list, and the check of a code that somebody shows."""

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils import timezone

from accounts.admin_opening import still_closed
from cpf_portal.ui.admin import ReadOnlyAdmin, desk_page, require
from cpf_portal.ui.formats import date_fr, euros
from rights.admin.forms import CodeForm
from rights.admin.opening import OfAccountAdmin
from rights.models import Attestation

OPEN_FIRST = (
    "Cette attestation est authentique. Pour lire ses montants, dites pourquoi vous ouvrez le dossier, "
    "puis saisissez à nouveau le code."
)


@admin.register(Attestation)
class AttestationAdmin(OfAccountAdmin, ReadOnlyAdmin, admin.ModelAdmin):
    list_display = ("__str__", "account", "issued_at")
    list_select_related = ("account",)
    ordering = ("-pk",)
    fields = ("account", "issued_at", "total")
    readonly_fields = fields
    change_list_template = "admin/rights/attestation/change_list.html"

    @admin.display(description="droits attestés")
    def total(self, attestation):
        return euros(attestation.total_cents)

    def get_urls(self):
        check = self.admin_site.admin_view(self.check_code)
        return [path("verifier/", check, name="rights_attestation_check"), *super().get_urls()]

    def check_code(self, request: HttpRequest) -> HttpResponse:
        require(request, "rights.view_attestation")
        form = CodeForm(request.POST if request.method == "POST" else None)
        facts = []
        if form.is_valid():
            found = Attestation.objects.with_code(form.cleaned_data["code"])
            attestation = found.select_related("account__titulaire__user").first()
            if attestation is None:
                form.add_error("code", "Aucune attestation ne porte ce code.")
            elif not attestation.is_genuine:
                form.add_error("code", "Les montants de cette attestation ont été changés en base.")
            elif closed := still_closed(request, attestation.account.titulaire):
                self.message_user(request, OPEN_FIRST)
                return closed
            else:
                facts = _facts(attestation)
        return desk_page(
            self, request, form, title="Vérifier un code d’attestation", submit="Vérifier",
            facts=facts,
        )  # fmt: skip


def _facts(attestation: Attestation) -> list[tuple[str, object]]:
    moment = timezone.localtime(attestation.issued_at)
    return [
        ("Attestation", "authentique"),
        ("Établie le", f"{date_fr(moment)} à {moment:%H:%M}"),
        ("Nom de naissance", attestation.account.titulaire.birth_name),
        ("Total", euros(attestation.total_cents)),
        ("CPF", euros(attestation.cpf_cents)),
        ("DIF", euros(attestation.dif_cents)),
        ("Abondements", euros(attestation.abondement_cents)),
        ("Réservé", euros(attestation.reserved_cents)),
    ]
