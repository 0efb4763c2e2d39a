"""The dossiers: read with their time line; the staff acts for the provider, along the table of the steps."""

from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join

from accounts.admin_opening import still_closed
from cpf_portal.ui.admin import (
    LargeTable,
    PermittedColumns,
    ReadOnlyAdmin,
    ReadOnlyRows,
    desk_page,
    require,
)
from cpf_portal.ui.formats import date_fr, euros
from rights.admin.dossier_forms import FIELDS, StepForm, step_form
from rights.admin.opening import OfTitulaireAdmin
from rights.dossiers import deadlines, services, transitions
from rights.dossiers.actors import Actor
from rights.dossiers.changes import recommended
from rights.dossiers.exceptions import DossierError, InvalidDetail, StepRefused
from rights.dossiers.states import CLOSED, Action, ActorKind, State
from rights.dossiers.transitions import Effect, Transition
from rights.dossiers.versions import perform_at_version
from rights.models import Dossier, DossierEvent, Figures, Parameter, ParameterName, Payment

# what the staff does: in the provider’s name, or in its own
HATS = (ActorKind.PROVIDER, ActorKind.STAFF)
EFFECTS = {
    Effect.NONE: "aucun",
    Effect.RESERVE: "les droits sont réservés",
    Effect.RELEASE: "tous les droits réservés sont rendus, et le paiement par carte",
    Effect.SPEND: "tous les droits réservés sont dépensés",
    Effect.SPEND_DONE: "la part réalisée est dépensée, le reste est rendu",
}


OTHER_DECIDES = "la personne qui décide ne peut pas être celle qui a signalé"
OTHER_ACCEPTS = "une personne propose, une autre reconnaît, pour la même part"
TWO_PEOPLE = {
    Action.REPORT_FRAUD: OTHER_DECIDES,
    Action.CANCEL_FOR_FRAUD: OTHER_DECIDES,
    Action.DISMISS_FRAUD: OTHER_DECIDES,
    Action.RECOMMEND_FORCE_MAJEURE: OTHER_ACCEPTS,
    Action.ACCEPT_FORCE_MAJEURE: OTHER_ACCEPTS,
}
STEPS = {"prepare": "Préparer le dossier", **dict(Action.choices)}


class TodoFilter(admin.SimpleListFilter):
    title = "à faire"
    parameter_name = "a_faire"

    def lookups(self, request, model_admin):
        return [
            ("repondre", "réponse de l’organisme"),
            ("majeure", "force majeure à examiner"),
            ("fraude", "fraude signalée"),
            ("retard", "délai dépassé"),
            ("declarer", "déclaration en retard"),
            ("rembourser", "paiement à rembourser"),
        ]

    def queryset(self, request, queryset):
        if self.value() == "repondre":
            return queryset.filter(state=State.REQUESTED)
        if self.value() == "majeure":
            return queryset.exclude(force_majeure_claimed_at=None).exclude(state__in=CLOSED)
        if self.value() == "fraude":
            return queryset.exclude(fraud_reported_at=None).exclude(state__in=CLOSED)
        if self.value() == "retard":
            return queryset.overdue(timezone.localdate())
        if self.value() == "declarer":
            today = timezone.localdate()
            latest = deadlines.undeclared_since(today, Parameter.objects.figures(today))
            return queryset.undeclared(latest)
        if self.value() == "rembourser":
            return queryset.filter(payments__in=Payment.objects.to_refund()).distinct()
        return queryset


class EventInline(ReadOnlyRows):
    model = DossierEvent
    fields = ("happened_at", "step", "state_after", "who", "reason")
    readonly_fields = fields

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("author")

    @admin.display(description="étape")
    def step(self, event):
        return STEPS.get(event.action, event.action)

    @admin.display(description="par")
    def who(self, event):
        by = event.author or event.actor_name
        return f"{event.get_actor_display()} ({by})" if by else event.get_actor_display()


class PaymentInline(ReadOnlyRows):
    model = Payment
    fields = ("started_at", "adapter", "amount", "state", "to_refund", "resolved_at")
    readonly_fields = fields

    @admin.display(description="montant")
    def amount(self, payment):
        return euros(payment.amount_cents)

    @admin.display(description="à rembourser")
    def to_refund(self, payment):
        return euros(payment.refund_cents - payment.refunded_cents)


@admin.register(Dossier)
class DossierAdmin(OfTitulaireAdmin, PermittedColumns, LargeTable, ReadOnlyAdmin, admin.ModelAdmin):
    list_display = ("reference", "state", "next_day", "title", "provider_name", "requested_at")
    list_filter = (TodoFilter, "state", "has_prerequisites")
    search_fields = ("reference", "provider__siret", "provider_name", "title")
    search_help_text = "Référence, SIRET, nom de l’organisme ou intitulé."
    date_hierarchy = "requested_at"
    ordering = ("-pk",)
    fields = (
        "reference", "state", "steps", "next_day", "account", "birth_name", "title", "provider_name",
        "siret", "place", "starts_on", "ends_on", "hours", "price", "by_rights", "remainder",
        "proposed", "requested_at", "validated_at", "withdrawal_until", "free_cancellation_until",
        "absence_until", "force_majeure_claimed_at", "fraud_reported_at", "entered_on", "ended_on",
        "done_percent", "closed_at",
    )  # fmt: skip
    readonly_fields = fields
    column_permissions = {"steps": "rights.change_dossier"}
    inlines = (EventInline, PaymentInline)

    def get_queryset(self, request):
        """A draft is nobody’s business but the person’s."""
        rows = super().get_queryset(request).exclude(state=State.DRAFT)
        return rows.select_related("provider", "titulaire__user", "user", "reservation__account")

    @admin.display(description="prochaine échéance", ordering="due_on")
    def next_day(self, dossier):
        """The last day of whoever must answer; then the days of the training."""
        if dossier.is_closed:
            return "aucune"
        if dossier.due_on:
            return f"{date_fr(dossier.due_on)} (réponse)"
        if dossier.absence_until:
            return f"{date_fr(dossier.absence_until)} (absence, établie ensuite)"
        if dossier.state == State.VALIDATED:
            return f"{date_fr(dossier.starts_on)} (début)"
        if dossier.state == State.IN_TRAINING and dossier.ends_on:
            return f"{date_fr(dossier.ends_on)} (fin)"
        return "aucune"

    @admin.display(description="compte de droits")
    def account(self, dossier):
        account = dossier.reservation.account
        url = reverse("admin:rights_rightsaccount_change", args=[account.pk])
        return format_html('<a href="{}">{}</a>', url, account)

    @admin.display(description="nom de naissance")
    def birth_name(self, dossier):
        return dossier.titulaire.birth_name

    @admin.display(description="SIRET")
    def siret(self, dossier):
        """With what stops new enrolments and not this dossier."""
        if dossier.provider.is_suspended:
            return f"{dossier.provider.siret} (organisme suspendu\u00a0: ce dossier suit son cours)"
        return dossier.provider.siret

    @admin.display(description="prix")
    def price(self, dossier):
        return euros(dossier.price_cents)

    @admin.display(description="payé par les droits")
    def by_rights(self, dossier):
        pockets = (("CPF", "cpf"), ("DIF", "dif"), ("abondements", "abondement"))
        parts = (f"{name} {euros(getattr(dossier, f'{field}_cents'))}" for name, field in pockets)
        return f"{euros(dossier.rights_cents)} ({', '.join(parts)})"

    @admin.display(description="reste à payer")
    def remainder(self, dossier):
        return euros(dossier.remainder_cents)

    @admin.display(description="proposition")
    def proposed(self, dossier):
        return ", ".join(f"{_label(name)} {value}" for name, value in dossier.proposal.items())

    @admin.display(description="étapes possibles")
    def steps(self, dossier):
        links = [
            (reverse("admin:rights_dossier_step", args=[dossier.pk, row.action]), row.action.label)
            for row in possible_rows(dossier)
        ]
        return format_html_join(" · ", '<a href="{}">{}</a>', links) if links else "aucune"

    def get_urls(self):
        step = self.admin_site.admin_view(self.step)
        return [
            path("<int:pk>/etape/<slug:action>/", step, name="rights_dossier_step"),
            *super().get_urls(),
        ]

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """Show the dossier as it stands now: a delay that has passed is applied first."""
        if closed := self.closed_file_of(request, object_id):
            return closed
        if self.has_view_permission(request) and object_id.isdecimal():
            for dossier in self.get_queryset(request).filter(pk=object_id):
                services.apply_deadline(dossier=dossier, at=timezone.now())
        return super().change_view(request, object_id, form_url, extra_context)

    def step(self, request: HttpRequest, pk: int, action: str) -> HttpResponse:
        """Say what the step does and ask for what it needs; take it when it is posted."""
        require(request, "rights.change_dossier")
        if action not in Action.values:
            raise Http404
        dossier = get_object_or_404(self.get_queryset(request), pk=pk)
        if closed := still_closed(request, dossier.titulaire):
            return closed
        dossier = services.apply_deadline(dossier=dossier, at=timezone.now())
        row = next((row for row in possible_rows(dossier) if row.action == action), None)
        if row is None:
            return self._refusal(request, dossier, _why_not(dossier, Action(action)))
        data = request.POST if request.method == "POST" else None
        form = step_form(row, version=dossier.version, data=data)
        if form.is_valid():
            try:
                _take(dossier, row, request.user, form)
            except InvalidDetail as error:
                form.add_error(error.field if error.field in form.fields else None, str(error))
            except DossierError as error:
                return self._refusal(request, dossier, str(error))
            else:
                self.log_change(request, dossier, row.action.label)
                self.message_user(request, f"C’est fait\u00a0: {row.action.label.lower()}.")
                return redirect("admin:rights_dossier_change", pk)
        return self._page(request, dossier, form, row)

    def _page(
        self, request: HttpRequest, dossier: Dossier, form: StepForm, row: Transition
    ) -> HttpResponse:
        who = "au nom de l’organisme" if row.who == ActorKind.PROVIDER else "pour l’assistance"
        return desk_page(
            self, request, form, title=f"{row.action.label} ({who})", submit=row.action.label,
            facts=[*_facts(dossier), *_consequences(row), *_besides(row), *_recommended(dossier, row)],
            crumbs=[_crumb(dossier)],
        )  # fmt: skip

    def _refusal(self, request: HttpRequest, dossier: Dossier, why: str) -> HttpResponse:
        """Nothing was done: say why, and show where the dossier stands now."""
        dossier.refresh_from_db()
        page = desk_page(
            self, request, None, title="Étape refusée", intro=why, facts=_facts(dossier),
            crumbs=[_crumb(dossier)],
        )  # fmt: skip
        page.status_code = 409
        return page


def possible_rows(dossier: Dossier) -> list[Transition]:
    """Return the steps that the staff may take now, for the provider or for itself, each action once."""
    today = timezone.localdate()
    rows = (
        row
        for row in transitions.TABLE
        if row.source == dossier.state and row.who in HATS and not row.condition(dossier, today)
    )
    return list({row.action: row for row in rows}.values())


def _why_not(dossier: Dossier, action: Action) -> str:
    for hat in HATS:
        try:
            rows = transitions.rows_for(dossier, action, hat)
        except StepRefused as error:
            refusal = str(error)
        else:
            return rows[0].condition(dossier, timezone.localdate())
    return refusal


def _take(dossier: Dossier, row: Transition, author, form: StepForm) -> None:
    is_provider = row.who == ActorKind.PROVIDER
    perform_at_version(
        dossier=dossier,
        version=form.cleaned_data["version"],
        action=row.action,
        actor=Actor.provider(staff=author) if is_provider else Actor.staff(author),
        at=timezone.now(),
        **form.details(),
    )


def _crumb(dossier: Dossier) -> tuple[str, str]:
    return reverse("admin:rights_dossier_change", args=[dossier.pk]), str(dossier)


def _facts(dossier: Dossier) -> list[tuple[str, str]]:
    due = [("À faire avant la fin du", date_fr(dossier.due_on))] if dossier.due_on else []
    return [
        ("Référence", dossier.reference),
        ("État", dossier.get_state_display()),
        *due,
        ("Formation", f"{dossier.title}, {dossier.provider_name}"),
        ("Début", date_fr(dossier.starts_on)),
        ("Prix", euros(dossier.price_cents)),
        ("Payé par les droits", euros(dossier.rights_cents)),
    ]


def _consequences(row: Transition) -> list[tuple[str, str]]:
    return [
        (_moves(row), State(row.target).label),
        ("Effet sur les droits", EFFECTS[row.effect]),
        ("Courriel à la personne", "oui" if row.mail else "non"),
    ]


def _moves(row: Transition) -> str:
    return f"Le dossier {'reste' if row.target == row.source else 'passe'} à l’état"


def _besides(row: Transition) -> list[tuple[str, str]]:
    """What the table does not say of a step: who else acts, and by which day."""
    today = timezone.localdate()
    figures = Parameter.objects.figures(today)
    if row.action == Action.DECLARE_ABSENCE:
        last = date_fr(deadlines.force_majeure_until(today, figures))
        return [
            ("Force majeure déclarable jusqu’au", last),
            ("Ensuite", "tous les droits réservés sont dépensés, sauf cas de force majeure"),
        ]
    if row.action == Action.REPORT_FRAUD:
        return [("D’ici la décision", "aucun droit n’est dépensé"), *_two_people(row, figures)]
    return _two_people(row, figures)


def _two_people(row: Transition, figures: Figures) -> list[tuple[str, str]]:
    told = TWO_PEOPLE.get(row.action)
    if told is None or ParameterName.SECOND_PERSON_ABOVE not in figures:
        return []
    above = euros(figures[ParameterName.SECOND_PERSON_ABOVE])
    return [("Deux personnes", f"au-delà de {above}, {told}")]


def _recommended(dossier: Dossier, row: Transition) -> list[tuple[str, str]]:
    """What the first person would give back, and why: the second one decides of the same."""
    if row.action not in {Action.RECOMMEND_FORCE_MAJEURE, Action.ACCEPT_FORCE_MAJEURE}:
        return []
    first = recommended(dossier)
    if first is None:
        return []
    percent = first.data.get("done_percent")
    share = "" if percent is None else f", part réalisée {percent}\u00a0%"
    return [
        ("Déjà proposé par", f"{first.author or 'un compte qui n’existe plus'}{share}"),
        ("Son motif", first.reason),
    ]


def _label(name: str) -> str:
    return FIELDS[name]().label.lower()
