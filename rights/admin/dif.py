"""The proofs of DIF: a queue with its age, each accepted or refused with a reason."""

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html

from accounts import audit
from accounts.admin_opening import still_closed
from accounts.audit import AuditKind
from accounts.models import EventKind
from accounts.services import record
from cpf_portal.ui.admin import PermittedColumns, ReadOnlyAdmin, desk_page, require
from cpf_portal.ui.formats import date_fr, euros
from rights import services
from rights.admin.forms import RefusalForm
from rights.admin.opening import OfAccountAdmin
from rights.exceptions import DifDeclared, ProofErased
from rights.models import DifDeclaration, DifState
from rights.views.dif import proof_response

DECISIONS = [("accept", "Accepter le justificatif"), ("refuse", "Refuser le justificatif")]


@admin.register(DifDeclaration)
class DifDeclarationAdmin(OfAccountAdmin, PermittedColumns, ReadOnlyAdmin, admin.ModelAdmin):
    list_display = ("__str__", "birth_name", "hours", "state", "age", "examine_link")
    list_filter = ("state",)
    list_select_related = ("account__titulaire",)
    fields = (
        "account", "birth_name", "hours", "amount", "revision", "state", "declared_at",
        "submitted_at", "decided_at", "decided_by", "decision_reason", "taken_back", "spent",
        "examine_link",
    )  # fmt: skip
    readonly_fields = fields
    column_permissions = {"examine_link": "rights.examine_proof"}

    def get_ordering(self, request):
        """Those to examine come by their age, on their own index; the others need no sort of the table."""
        to_examine = request.GET.get("state__exact") == DifState.TO_EXAMINE
        return ("submitted_at",) if to_examine else ("-pk",)

    @admin.display(description="nom de naissance", ordering="account__titulaire__birth_name_folded")
    def birth_name(self, declaration):
        return declaration.account.titulaire.birth_name

    @admin.display(description="montant", ordering="amount_cents")
    def amount(self, declaration):
        return euros(declaration.amount_cents)

    @admin.display(description="repris")
    def taken_back(self, declaration):
        return euros(declaration.taken_back_cents)

    @admin.display(description="déjà utilisé, non repris")
    def spent(self, declaration):
        return euros(declaration.spent_cents)

    @admin.display(description="attend depuis", ordering="submitted_at")
    def age(self, declaration):
        if declaration.state != DifState.TO_EXAMINE:
            return ""
        days = (timezone.now() - declaration.submitted_at).days
        return "aujourd’hui" if days == 0 else f"{days} jour{'s' if days > 1 else ''}"

    @admin.display(description="examen")
    def examine_link(self, declaration):
        if not declaration.is_standing:
            return ""
        url = reverse("admin:rights_difdeclaration_examine", args=[declaration.pk])
        return format_html('<a href="{}">Examiner</a>', url)

    def get_urls(self):
        view = self.admin_site.admin_view
        return [
            path("<int:pk>/examiner/", view(self.examine), name="rights_difdeclaration_examine"),
            path("<int:pk>/piece/", view(self.proof), name="rights_difdeclaration_proof"),
            *super().get_urls(),
        ]

    def proof(self, request: HttpRequest, pk: int) -> HttpResponse:
        require(request, "rights.examine_proof")
        declarations = DifDeclaration.objects.select_related("account__titulaire__user")
        declaration = get_object_or_404(declarations, pk=pk)
        if closed := still_closed(request, declaration.account.titulaire):
            return closed
        if holder := getattr(declaration.account.titulaire, "user", None):
            record(
                user=holder,
                kind=EventKind.OPENED_BY_STAFF,
                author=request.user,
                reason="examen du justificatif de DIF",
            )
        audit.record(
            kind=AuditKind.FILE_OPENED,
            actor=request.user,
            person=holder,
            titulaire=declaration.account.titulaire,
            target=declaration,
            what="proof",
        )
        return proof_response(declaration)

    def examine(self, request: HttpRequest, pk: int) -> HttpResponse:
        require(request, "rights.examine_proof")
        declaration = get_object_or_404(
            DifDeclaration.objects.select_related("account__titulaire__user"), pk=pk
        )
        if closed := still_closed(request, declaration.account.titulaire):
            return closed
        if not declaration.is_standing and request.method != "POST":
            return desk_page(
                self, request, None, title=f"Examiner la {declaration}", facts=_facts(declaration),
                intro="Ce justificatif est refusé\u00a0: il n’y a plus rien à examiner.",
            )  # fmt: skip
        form = RefusalForm(request.POST if request.method == "POST" else None)
        if (
            request.method == "POST"
            and form.is_valid()
            and (done := _decide(declaration, request.user, form))
        ):
            self.message_user(request, done)
            return redirect("admin:rights_difdeclaration_changelist")
        return desk_page(
            self, request, form, title=f"Examiner la {declaration}", facts=_facts(declaration),
            decisions=_decisions(declaration), intro=_intro(declaration),
        )  # fmt: skip


def _decisions(declaration: DifDeclaration) -> list[tuple[str, str]]:
    """What was accepted, or cannot be looked at any more, can only be refused."""
    is_new = declaration.state == DifState.TO_EXAMINE and declaration.proof_name
    return DECISIONS if is_new else DECISIONS[1:]


def _intro(declaration: DifDeclaration) -> str:
    refusing = "Refuser reprend ce qui n’est pas utilisé\u00a0; la personne lit le motif."
    if declaration.state == DifState.ACCEPTED:
        return f"Ce justificatif est accepté\u00a0: il n’est plus à examiner. {refusing}"
    if not declaration.proof_name:
        return f"La pièce est effacée\u00a0: elle ne peut plus être acceptée. {refusing}"
    return refusing


def _decide(declaration: DifDeclaration, author, form: RefusalForm) -> str:
    """Accept or refuse; return the sentence that says so, nothing when somebody was faster."""
    try:
        if form.is_accepting:
            services.accept_dif(declaration=declaration, author=author)
            return "Le justificatif est accepté."
        refused = services.refuse_dif(
            declaration=declaration,
            author=author,
            reason=form.cleaned_data["reason"],
            today=timezone.localdate(),
        )
    except DifDeclared:
        form.add_error(None, "Cette déclaration vient d’être examinée\u00a0: revenez à la liste.")
        return ""
    except ProofErased as erased:
        form.add_error(None, str(erased))
        return ""
    return (
        f"Le justificatif est refusé. Repris\u00a0: {euros(refused.taken_back_cents)}."
        f" Déjà réservé ou utilisé\u00a0: {euros(refused.spent_cents)}."
    )


def _facts(declaration: DifDeclaration) -> list[tuple[str, str]]:
    account = declaration.account
    return [
        ("Nom de naissance", account.titulaire.birth_name),
        ("Heures", f"{declaration.hours}, soit {euros(declaration.amount_cents)}"),
        ("Encore disponible", euros(min(account.dif_cents, declaration.amount_cents))),
        ("Reçu le", date_fr(timezone.localtime(declaration.submitted_at))),
        ("État", _state(declaration)),
        ("Justificatif", _proof_link(declaration)),
    ]


def _state(declaration: DifDeclaration) -> str:
    return declaration.get_state_display().lower()


def _proof_link(declaration: DifDeclaration) -> str:
    if not declaration.proof_name:
        return "Effacé un an après son examen." if declaration.decided_at else "Effacé."
    url = reverse("admin:rights_difdeclaration_proof", args=[declaration.pk])
    return format_html('<a href="{}">Télécharger la pièce</a>', url)
