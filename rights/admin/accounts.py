"""The accounts and their ledger: read, corrected and topped up by new movements."""

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html

from accounts.admin_opening import OpenedFileAdmin, still_closed
from cpf_portal.ui.admin import (
    LargeTable,
    PermittedColumns,
    ReadOnlyAdmin,
    ReadOnlyRows,
    desk_page,
    require,
)
from cpf_portal.ui.formats import euros
from rights import services
from rights.admin.forms import AbondementForm, AgentHoursForm, ClosingForm, CorrectionForm
from rights.admin.opening import OfAccountAdmin
from rights.exceptions import (
    AboveCap,
    AccountClosed,
    IdempotencyConflict,
    InsufficientRights,
    NeedsSecondPerson,
)
from rights.models import (
    ClosingReason,
    HoursMovement,
    Movement,
    Parameter,
    ParameterName,
    Pocket,
    RightsAccount,
)

WHY = (
    "Avec ce que vous avez déjà ajouté à ce compte ou repris depuis 30 jours, une deuxième personne"
    " décide\u00a0: écrivez-lui ce qui prouve cet abondement."
)
SERVED = "Ce formulaire a déjà servi\u00a0: rouvrez la page pour recommencer."


class MovementInline(ReadOnlyRows):
    model = Movement
    fk_name = "account"
    ordering = ("-effective_on", "-pk")
    fields = ("effective_on", "kind", "pocket", "amount", "year", "source", "reason")
    readonly_fields = fields

    @admin.display(description="montant")
    def amount(self, movement):
        return euros(movement.amount_cents)


@admin.register(RightsAccount)
class RightsAccountAdmin(
    OpenedFileAdmin, PermittedColumns, LargeTable, ReadOnlyAdmin, admin.ModelAdmin
):
    list_display = ("__str__", "opened_at", "closed_on")
    list_select_related = ("titulaire__user",)
    ordering = ("-pk",)
    fields = (
        "titulaire", "birth_name", "total", "dif_share", "reserved", "public_hours",
        "unfitness_hours", "opened_at", "closed_on", "closing_reason", "links",
    )  # fmt: skip
    readonly_fields = fields
    column_permissions = {"links": "rights.correct_rights"}  # the four go together
    inlines = [MovementInline]

    def titulaire_of(self, account):
        return account.titulaire

    @admin.display(description="nom de naissance")
    def birth_name(self, account):
        return account.titulaire.birth_name

    @admin.display(description="droits")
    def total(self, account):
        return euros(account.available_cents)

    @admin.display(description="dont DIF")
    def dif_share(self, account):
        return euros(account.dif_share_cents)

    @admin.display(description="réservé")
    def reserved(self, account):
        return euros(account.reserved_cents)

    @admin.display(description="opérations")
    def links(self, account):
        return format_html(
            '<a href="{}">Corriger par un nouveau mouvement</a> · <a href="{}">Abonder</a>'
            ' · <a href="{}">Heures d’agent public</a> · <a href="{}">Fermer ou rouvrir</a>',
            reverse("admin:rights_rightsaccount_correct", args=[account.pk]),
            reverse("admin:rights_rightsaccount_top_up", args=[account.pk]),
            reverse("admin:rights_rightsaccount_hours", args=[account.pk]),
            reverse("admin:rights_rightsaccount_close", args=[account.pk]),
        )

    def get_urls(self):
        view = self.admin_site.admin_view
        return [
            path("<int:pk>/corriger/", view(self.correct), name="rights_rightsaccount_correct"),
            path("<int:pk>/abonder/", view(self.top_up), name="rights_rightsaccount_top_up"),
            path("<int:pk>/fermer/", view(self.close), name="rights_rightsaccount_close"),
            path("<int:pk>/heures/", view(self.hours), name="rights_rightsaccount_hours"),
            *super().get_urls(),
        ]

    def correct(self, request: HttpRequest, pk: int) -> HttpResponse:
        require(request, "rights.correct_rights")
        return self._page(
            request,
            pk,
            CorrectionForm,
            _correct,
            title="Corriger les droits de {}",
            submit="Enregistrer la correction",
            besides=_second_person("la correction"),
        )

    def top_up(self, request: HttpRequest, pk: int) -> HttpResponse:
        require(request, "rights.add_abondement")
        return self._page(
            request, pk, AbondementForm, _top_up, title="Abonder les droits de {}",
            submit="Enregistrer l’abondement", besides=_second_person("l’abondement"),
        )  # fmt: skip

    def hours(self, request: HttpRequest, pk: int) -> HttpResponse:
        require(request, "rights.add_hoursmovement")
        return self._page(
            request, pk, AgentHoursForm, _decide_hours, title="Heures d’agent public",
            submit="Enregistrer la décision",
        )  # fmt: skip

    def close(self, request: HttpRequest, pk: int) -> HttpResponse:
        require(request, "rights.change_rightsaccount")
        return self._page(
            request, pk, ClosingForm, _close, title="Fermer ou rouvrir le compte",
            submit="Enregistrer",
        )  # fmt: skip

    def _page(self, request, pk, form_class, change, *, title, submit, besides="") -> HttpResponse:
        accounts = RightsAccount.objects.select_related("titulaire__user")
        account = get_object_or_404(accounts, pk=pk)
        if closed := still_closed(request, account.titulaire):
            return closed
        address = reverse("admin:rights_rightsaccount_change", args=[pk])
        file_address = reverse("admin:desk_file", args=[account.titulaire_id])
        may_open = request.user.has_perm("accounts.open_file")
        back = [(file_address, "Revenir au dossier")] if may_open else []
        form = form_class(request.POST if request.method == "POST" else None)
        if form.is_valid() and (done := change(account, request.user, form)):
            self.log_change(request, account, done)
            self.message_user(request, done)
            return redirect(file_address if may_open else address)
        intro = (
            f"Droits\u00a0: {euros(account.available_cents)}, dont {euros(account.dif_share_cents)}"
            " de DIF. Ce qui s’ajoute ici se lit dans l’historique de la personne\u00a0; rien n’est"
            f" effacé.{besides}"
        )
        return desk_page(
            self, request, form, title=title.format(account.titulaire.birth_name), submit=submit,
            intro=intro, crumbs=[(address, str(account)), *back],
        )  # fmt: skip


def _second_person(what: str) -> str:
    figures = Parameter.objects.figures(timezone.localdate())
    if ParameterName.SECOND_PERSON_ABOVE not in figures:
        return ""
    above = euros(figures[ParameterName.SECOND_PERSON_ABOVE])
    return f" Au-delà de {above}, une deuxième personne décide\u00a0: {what} l’attend."


def _correct(account: RightsAccount, author, form: CorrectionForm) -> str:
    """Correct, or propose a large correction; return the sentence that says so, nothing on error."""
    today, entry = timezone.localdate(), form.cleaned_data
    try:
        if getattr(account, Pocket(entry["pocket"]).balance_field) + entry["amount_cents"] < 0:
            raise InsufficientRights
        services.correct(account=account, author=author, today=today, **entry)
    except NeedsSecondPerson:
        return _propose(account, author, form)
    except InsufficientRights:
        form.add_error("amount_cents", "Le solde de cette poche ne couvre pas ce retrait.")
        return ""
    except IdempotencyConflict:
        form.add_error(None, SERVED)
        return ""
    return "La correction est enregistrée."


def _propose(account: RightsAccount, author, form: CorrectionForm) -> str:
    try:
        services.propose_correction(account=account, author=author, **form.cleaned_data)
    except IdempotencyConflict:
        form.add_error(None, SERVED)
        return ""
    return "La correction est proposée\u00a0: une autre personne doit la valider."


def _top_up(account: RightsAccount, author, form: AbondementForm) -> str:
    """Grant, or propose a large abondement; return the sentence that says so, nothing on error."""
    today, entry = timezone.localdate(), dict(form.cleaned_data)
    reason = entry.pop("reason")
    try:
        services.grant_abondement(titulaire=account.titulaire, author=author, today=today, **entry)
    except NeedsSecondPerson:
        return _propose_abondement(account, author, form, reason=reason, today=today, **entry)
    except IdempotencyConflict:
        form.add_error(None, SERVED)
        return ""
    except ValidationError as error:
        form.add_error(None, error.messages)
        return ""
    return "L’abondement est enregistré."


def _propose_abondement(account: RightsAccount, author, form: AbondementForm, **entry) -> str:
    if not entry["reason"]:
        form.add_error("reason", WHY)
        return ""
    try:
        services.propose_abondement(account=account, author=author, **entry)
    except IdempotencyConflict:
        form.add_error(None, SERVED)
        return ""
    except ValidationError as error:
        form.add_error(None, error.messages)
        return ""
    return "L’abondement est proposé\u00a0: une autre personne doit le valider."


HOURS_REFUSALS = {
    AboveCap: "Ces heures dépasseraient ce que la loi permet pour prévenir une inaptitude.",
    AccountClosed: "Ce compte est fermé.",
    IdempotencyConflict: SERVED,
    InsufficientRights: "Le compteur, avance comprise, ne porte pas autant d’heures.",
}


def _decide_hours(account: RightsAccount, author, form: AgentHoursForm) -> str:
    today, entry = timezone.localdate(), form.cleaned_data
    common = {name: entry[name] for name in ("hours", "reason", "idempotency_key")}
    try:
        if entry["decision"] == "unfitness":
            services.grant_unfitness_hours(account=account, today=today, author=author, **common)
            return "Les heures sont accordées."
        figures = Parameter.objects.figures(today)
        yearly = services.yearly_hours_of(figures, is_category_c=entry["is_category_c"])
        services.use_hours(
            account=account,
            today=today,
            author=author,
            years_in_advance_at=yearly if entry["is_in_advance"] else 0,
            **common,
        )
    except tuple(HOURS_REFUSALS) as error:
        form.add_error("hours", HOURS_REFUSALS[type(error)])
        return ""
    return "La formation est inscrite."


def _close(account: RightsAccount, author, form: ClosingForm) -> str:
    reason = form.cleaned_data["reason"]
    if reason == ClosingForm.REOPEN:
        services.reopen_account(account=account)
        return "Le compte est rouvert."
    services.close_account(
        account=account, reason=ClosingReason(reason), closed_on=form.cleaned_data["closed_on"]
    )
    return "Le compte est fermé."


@admin.register(Movement)
class MovementAdmin(OfAccountAdmin, LargeTable, ReadOnlyAdmin, admin.ModelAdmin):
    list_display = (
        "__str__", "account", "effective_on", "kind", "pocket", "amount", "year", "source",
    )  # fmt: skip
    list_filter = ("kind", "pocket")
    list_select_related = ("account",)
    ordering = ("-pk",)

    @admin.display(description="montant", ordering="amount_cents")
    def amount(self, movement):
        return euros(movement.amount_cents)


@admin.register(HoursMovement)
class HoursMovementAdmin(OfAccountAdmin, LargeTable, ReadOnlyAdmin, admin.ModelAdmin):
    list_display = ("__str__", "account", "effective_on", "kind", "hours", "year", "source")
    list_filter = ("kind",)
    list_select_related = ("account",)
    ordering = ("-pk",)
