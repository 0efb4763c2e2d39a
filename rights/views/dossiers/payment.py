"""The payment of the remainder: the page that plays the card provider in demonstration, and the return."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from rights.dossiers import services
from rights.dossiers.exceptions import PaymentError, StepRefused
from rights.dossiers.simulated import SimulatedPayments
from rights.dossiers.states import AWAITING_TITULAIRE, Action
from rights.models import Dossier, Payment, PaymentState
from rights.views.dossiers.common import actor, dossier_page, refused

OVER = "Ce paiement est déjà terminé\u00a0: rien n’a été débité une seconde fois."
RETURNS = {
    PaymentState.STARTED: (
        "Paiement en cours",
        "Le prestataire de paiement ne nous a pas encore répondu. Cette page le dira\u00a0: rouvrez-la dans"
        " quelques minutes.",
    ),
    PaymentState.ACCEPTED: (
        "Paiement accepté",
        "Votre paiement est accepté et votre inscription est validée.",
    ),
    PaymentState.REFUSED: (
        "Paiement refusé",
        "Votre paiement est refusé\u00a0: rien n’a été débité. Vous pouvez essayer de nouveau.",
    ),
    PaymentState.ABANDONED: (
        "Paiement abandonné",
        "Vous avez abandonné le paiement\u00a0: rien n’a été débité. Vous pouvez le reprendre.",
    ),
}
TOO_LATE = "Votre paiement est venu trop tard\u00a0: la demande n’était plus ouverte. Il vous est remboursé."


@dossier_page("GET", "POST")
def payment(request: HttpRequest, dossier: Dossier) -> HttpResponse:
    """« Paiement simulé », which says that it is: no such page where the portal is not a demonstration."""
    if not settings.DEMONSTRATION:
        raise Http404
    found = _asked(request, dossier)
    if found.adapter != SimulatedPayments.name or found.state != PaymentState.STARTED:
        return refused(request, OVER, dossier)
    if request.method == "GET":
        context = {"dossier": dossier, "payment": found}
        return render(request, "rights/payment_simulated.html", context)
    return _notify(request, dossier, found)


def _asked(request: HttpRequest, dossier: Dossier) -> Payment:
    """Return the payment of this page: that which its button names, else the last one."""
    payments = dossier.payments.all()
    if request.method == "POST":
        payments = payments.filter(reference=request.POST.get("payment", ""))
    found = payments.order_by("-pk").first()
    if found is None:
        raise Http404
    return found


def _notify(request: HttpRequest, dossier: Dossier, found: Payment) -> HttpResponse:
    try:
        services.notify_payment(
            reference=found.reference,
            outcome=PaymentState(request.POST.get("outcome", "")),
            amount_cents=found.amount_cents,
            at=timezone.now(),
        )
    except ValueError:
        return refused(request, "Choisissez une des trois réponses du paiement.", dossier)
    except (PaymentError, StepRefused) as error:
        return refused(request, str(error), dossier)
    return redirect("rights:payment_return", dossier.reference)


@dossier_page("GET")
def payment_return(request: HttpRequest, dossier: Dossier) -> HttpResponse:
    """Where the provider of payments sends the browser back: only its notification changes anything."""
    found = dossier.payments.order_by("-pk").first()
    if found is None:
        raise Http404
    title, sentence = RETURNS[PaymentState(found.state)]
    if found.state == PaymentState.ACCEPTED and found.refund_cents and not dossier.validated_at:
        sentence = TOO_LATE
    allowed = services.actions_allowed(dossier, actor(request), timezone.now())
    context = {
        "dossier": dossier,
        "payment": found,
        "title": title,
        "sentence": sentence,
        "is_awaited": dossier.state in AWAITING_TITULAIRE,
        "can_pay": Action.PAY in allowed,
    }
    return render(request, "rights/payment_return.html", context)
