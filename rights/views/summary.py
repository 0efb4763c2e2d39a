"""Mes droits formation: the total, what it is made of, where each cent comes from."""

from datetime import date

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone

from accounts.models import Titulaire
from cpf_portal.ui.csv_files import Amount, csv_stream
from rights import history
from rights.chart import draw_balances
from rights.explanations import FiguresBook, explain
from rights.forms import HistoryFilterForm
from rights.models import Declaration, DifDeclaration, Movement, RightsAccount
from rights.rules.consumption import ORDER_IN_WORDS
from rights.views.common import titulaire_page

MOVEMENTS_PER_PAGE = 25
CSV_HEADER = (
    "Date", "Nature", "Poche", "Au titre de l’année", "Montant (€)", "Solde après (€)", "Origine",
    "Motif", "Base légale",
)  # fmt: skip


@titulaire_page("GET")
def summary(request: HttpRequest, titulaire: Titulaire) -> HttpResponse:
    today = timezone.localdate()
    account = RightsAccount.objects.held_by(titulaire)
    if account.pk is None:
        return render(request, "rights/summary.html", {"account": account})
    form = HistoryFilterForm(request.GET, years=history.years_of(account))
    movements = _movements(account, form)
    page_obj = Paginator(movements, MOVEMENTS_PER_PAGE).get_page(request.GET.get("page"))
    book = FiguresBook()
    for movement in page_obj:
        movement.explanation = explain(movement, book)
    context = _overview(account, titulaire, book, today) | {
        "filter": form,
        "page_obj": page_obj,
        "query": form.query,
    }
    return render(request, "rights/summary.html", context)


@titulaire_page("GET")
def history_csv(request: HttpRequest, titulaire: Titulaire) -> HttpResponseBase:
    """All the lines of the history, filtered as on the page, for a spreadsheet."""
    account = RightsAccount.objects.held_by(titulaire)
    form = HistoryFilterForm(request.GET, years=history.years_of(account))
    movements = history.lines(account, form.conditions)
    return csv_stream(
        name=f"mes-droits-{timezone.localdate():%Y-%m-%d}.csv",
        header=CSV_HEADER,
        rows=map(_csv_row, movements),
    )


def _movements(account: RightsAccount, form: HistoryFilterForm) -> QuerySet[Movement]:
    movements = Movement.objects.filter(account=account, **form.conditions)
    return history.with_balance_after(movements).newest_first()


def _overview(
    account: RightsAccount, titulaire: Titulaire, book: FiguresBook, today: date
) -> dict[str, object]:
    years = history.yearly_history(account, until=today)
    # one withdrawn this year still counts for it
    declarations = Declaration.objects.for_titulaire(titulaire).counting_for(today.year)
    abondements = account.abondements.prefetch_related("certifications").order_by("-pk")
    return {
        "account": account,
        "years": years[::-1],
        "chart": draw_balances([(y.year, y.balance_cents, y.dif_cents) for y in years]),
        "abondements": list(abondements),
        "hours_movements": list(account.hours_movements.newest_first()[:MOVEMENTS_PER_PAGE]),
        "consumption_order": ORDER_IN_WORDS,
        "dif": DifDeclaration.objects.latest_of(account),
        "prospect": history.next_credit(account, declarations, book.on(today)),
        "is_closed": account.is_closed(today),
        "today": today,
    }


def _csv_row(movement: Movement) -> tuple[object, ...]:
    return (
        f"{movement.effective_on:%d/%m/%Y}",
        movement.get_kind_display(),
        movement.get_pocket_display(),
        movement.year,
        Amount(movement.amount_cents),
        Amount(movement.balance_cents),
        movement.source,
        movement.reason,
        movement.legal_basis,
    )
