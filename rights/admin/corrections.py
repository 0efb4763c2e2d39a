"""Large corrections and abondements: proposed by one member of the staff, approved or refused by another."""

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html

from accounts.admin_opening import still_closed
from cpf_portal.ui.admin import PermittedColumns, ReadOnlyAdmin, desk_page, require
from cpf_portal.ui.formats import date_fr, euros
from rights import services
from rights.admin.forms import DecisionForm
from rights.admin.opening import OfAccountAdmin
from rights.exceptions import InsufficientRights, ProposalDecided, SamePerson
from rights.models import CorrectionProposal, ProposalState

DECISIONS = {
    "correction": [("approve", "Valider la correction"), ("refuse", "Refuser la correction")],
    "abondement": [("approve", "Valider l’abondement"), ("refuse", "Refuser l’abondement")],
}
APPROVED = {
    "correction": "La correction est enregistrée.",
    "abondement": "L’abondement est enregistré.",
}
REFUSED = {
    "correction": "La correction est refusée\u00a0: rien n’a changé.",
    "abondement": "L’abondement est refusé\u00a0: rien n’a changé.",
}
REFUSALS = {
    SamePerson: "Une autre personne que vous doit décider\u00a0: c’est vous qui avez proposé.",
    ProposalDecided: "Cette proposition vient d’être décidée\u00a0: revenez à la liste.",
    InsufficientRights: "Le solde de cette poche ne couvre plus ce retrait.",
}


class AbondementFilter(admin.SimpleListFilter):
    title = "nature"
    parameter_name = "nature"

    def lookups(self, request, model_admin):
        return [("correction", "Correction"), ("abondement", "Abondement")]

    def queryset(self, request, queryset):
        corrections = Q(financer="")
        wanted = {"correction": corrections, "abondement": ~corrections}
        return queryset.filter(wanted.get(self.value(), Q()))


@admin.register(CorrectionProposal)
class CorrectionProposalAdmin(OfAccountAdmin, PermittedColumns, ReadOnlyAdmin, admin.ModelAdmin):
    list_display = ("__str__", "account", "pocket", "amount", "proposed_by", "state", "decide_link")
    list_filter = ("state", AbondementFilter)
    list_select_related = ("account", "proposed_by")
    ordering = ("-pk",)
    fields = (
        "account", "pocket", "amount", "reason", "terms", "proposed_by", "proposed_at", "state",
        "decided_by", "decided_at", "decide_link",
    )  # fmt: skip
    readonly_fields = fields
    column_permissions = {"decide_link": "rights.approve_correction"}

    @admin.display(description="montant", ordering="amount_cents")
    def amount(self, proposal):
        return euros(proposal.amount_cents)

    @admin.display(description="conditions de l’abondement")
    def terms(self, proposal):
        return (
            "\u00a0; ".join(f"{label}\u00a0: {value}" for label, value in _terms(proposal))
            or "aucune"
        )

    @admin.display(description="décision")
    def decide_link(self, proposal):
        if proposal.state != ProposalState.PENDING:
            return ""
        url = reverse("admin:rights_correctionproposal_decide", args=[proposal.pk])
        return format_html('<a href="{}">Décider</a>', url)

    def get_urls(self):
        decide = self.admin_site.admin_view(self.decide)
        return [
            path("<int:pk>/decider/", decide, name="rights_correctionproposal_decide"),
            *super().get_urls(),
        ]

    def decide(self, request: HttpRequest, pk: int) -> HttpResponse:
        require(request, "rights.approve_correction")
        proposal = get_object_or_404(
            CorrectionProposal.objects.select_related("account__titulaire__user", "proposed_by"),
            pk=pk,
        )
        if closed := still_closed(request, proposal.account.titulaire):
            return closed
        form = DecisionForm(request.POST if request.method == "POST" else None)
        if (
            request.method == "POST"
            and form.is_valid()
            and (done := _decide(proposal, request.user, form))
        ):
            self.message_user(request, done)
            return redirect("admin:rights_correctionproposal_changelist")
        return desk_page(
            self, request, form, title=f"Décider\u00a0: {proposal}",
            decisions=DECISIONS[proposal.noun], facts=_facts(proposal),
        )  # fmt: skip


def _decide(proposal: CorrectionProposal, author, form: DecisionForm) -> str:
    try:
        if form.is_approving:
            services.approve_correction(
                proposal=proposal, author=author, today=timezone.localdate()
            )
            return APPROVED[proposal.noun]
        services.refuse_correction(proposal=proposal, author=author)
    except tuple(REFUSALS) as error:
        form.add_error(None, REFUSALS[type(error)])
        return ""
    except ValidationError as error:
        form.add_error(None, error.messages)
        return ""
    return REFUSED[proposal.noun]


def _facts(proposal: CorrectionProposal) -> list[tuple[str, object]]:
    return [
        ("Compte", proposal.account),
        ("Poche", proposal.get_pocket_display()),
        ("Montant", euros(proposal.amount_cents)),
        ("Motif", proposal.reason),
        *_terms(proposal),
        ("Proposée par", proposal.proposed_by),
    ]


def _terms(proposal: CorrectionProposal) -> list[tuple[str, object]]:
    """Return what the second person reads of an abondement; nothing of a correction."""
    if not proposal.is_abondement:
        return []
    kept = " ".join(sorted(certification.code for certification in proposal.certifications.all()))
    return [
        ("Financeur", f"{proposal.get_financer_display()}, {proposal.financer_name}"),
        (
            "Utilisable jusqu’au",
            date_fr(proposal.expires_on) if proposal.expires_on else "sans fin",
        ),
        ("Réservé aux certifications", kept or "non\u00a0: toute formation"),
        ("Utilisé avant les droits CPF", "oui" if proposal.is_used_before_cpf else "non"),
        ("Conditions", proposal.conditions or "aucune"),
        ("Base légale", proposal.legal_basis),
    ]
