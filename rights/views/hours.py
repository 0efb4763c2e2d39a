"""The hours of a public agent, turned into euros when their holder asks for it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from accounts.models import Titulaire
from cpf_portal.ui.formats import euros
from rights import services
from rights.exceptions import AboveCap, AccountClosed, IdempotencyConflict, InsufficientRights
from rights.forms import REOPEN, ConversionForm
from rights.models import Parameter, RightsAccount
from rights.models import ParameterName as P
from rights.views.common import titulaire_page

REFUSALS = {
    InsufficientRights: "Votre compteur ne porte plus autant d’heures\u00a0: rouvrez la page.",
    AboveCap: "Vos droits en euros atteindraient leur plafond\u00a0: convertissez moins d’heures.",
    AccountClosed: "Votre compte est fermé\u00a0: ses heures ne se convertissent plus.",
    IdempotencyConflict: REOPEN,
}


@titulaire_page("GET", "POST")
def hours(request: HttpRequest, titulaire: Titulaire) -> HttpResponse:
    today = timezone.localdate()
    account = RightsAccount.objects.held_by(titulaire)
    convertible = services.convertible_hours(account, today=today)
    is_post = request.method == "POST"
    form = ConversionForm(request.POST if is_post else None, convertible=convertible)
    if is_post and account.pk and form.is_valid() and (done := _converted(account, form)):
        messages.success(request, done)
        return redirect("rights:summary")
    figures = Parameter.objects.figures(today)
    context = {
        "account": account,
        "convertible": 0 if account.is_closed(today) else convertible,
        "form": form,
        "hour": figures.figure(P.HOUR_VALUE),
        "cap_cents": services.conversion_cap_cents(account, figures),
    }
    return render(request, "rights/hours.html", context, status=422 if form.errors else 200)


def _converted(account: RightsAccount, form: ConversionForm) -> str:
    """Convert, and return the sentence that says so; nothing when the form has an error more."""
    entry = form.cleaned_data
    try:
        movement = services.convert_hours(
            account=account,
            hours=entry["hours"],
            today=timezone.localdate(),
            idempotency_key=f"{account.pk}:{entry['key']}",
        )
    except tuple(REFUSALS) as error:
        form.add_error(None, REFUSALS[type(error)])
        return ""
    return (
        f"{entry['hours']}\u00a0heures sont converties\u00a0: {euros(movement.amount_cents)} s’ajoutent"
        " à vos droits."
    )
