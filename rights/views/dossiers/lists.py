"""Mes dossiers de formation: what is under way, what is over, and one dossier with its time line."""

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from accounts.models import Titulaire
from rights.dossiers import services
from rights.dossiers.reviews import Change, Review, changes
from rights.dossiers.states import Action, State
from rights.dossiers.terms import Terms
from rights.models import Dossier, Figures, Parameter
from rights.views.common import titulaire_page
from rights.views.dossiers import story, wording
from rights.views.dossiers.common import actor, dossier_page
from rights.views.dossiers.steps import STEPS, StepPage

DOSSIERS_PER_PAGE = 10


@titulaire_page("GET")
def dossiers(request: HttpRequest, titulaire: Titulaire) -> HttpResponse:
    own = Dossier.objects.of(request.user)
    services.expire_due(at=timezone.now(), dossiers=own)
    figures = Parameter.objects.figures(timezone.localdate())
    context = {
        "running": _page(own.open(), request.GET.get("en-cours"), figures),
        "closed": _page(own.closed(), request.GET.get("clos"), figures),
    }
    return render(request, "rights/dossiers.html", context)


@dossier_page("GET")
def dossier(request: HttpRequest, dossier: Dossier) -> HttpResponse:
    today = timezone.localdate()
    payments = list(dossier.payments.accepted())
    review = _review(dossier)
    offer = dossier.offer
    is_published = offer.removed_at is None and not offer.provider.is_suspended
    context = {
        "dossier": dossier,
        "status": wording.status(dossier),
        "review": review,
        "terms": review.terms if review else dossier,
        "amounts": review.amounts if review else dossier,
        # what loses the money comes last
        "steps": sorted(_steps(request, dossier, review), key=lambda step: step.is_dangerous),
        "offer": offer if is_published else None,
        "proposal": _proposal(dossier),
        "dates": wording.dates(dossier, today),
        "events": story.time_line(dossier),
        "paid_cents": sum(payment.amount_cents for payment in payments),
        "refunds": [payment for payment in payments if payment.refund_cents],
        "refund_days": wording.REFUND_DAYS,
        "waiting": list(wording.waiting(dossier, Parameter.objects.figures(today))),
    }
    return render(request, "rights/dossier.html", context)


def _steps(request: HttpRequest, dossier: Dossier, review: Review | None) -> list[StepPage]:
    """Return the pages of what she may do now; a request that would be refused is not offered."""
    allowed = services.actions_allowed(dossier, actor(request), timezone.now())
    if review and review.obstacles:
        allowed.remove(Action.SEND)
    return [STEPS[action] for action in allowed]


def _review(dossier: Dossier) -> Review | None:
    """Return what a draft would cost today: nothing of it is decided before it is sent."""
    if dossier.state != State.DRAFT:
        return None
    return services.review(dossier=dossier, at=timezone.now())


def _proposal(dossier: Dossier) -> tuple[Change, ...]:
    if dossier.state != State.PROPOSED:
        return ()
    return changes(Terms.of_dossier(dossier), Terms.proposed(dossier))


def _page(found: QuerySet[Dossier], number: str | None, figures: Figures) -> Page:
    related = found.with_claim_answered().select_related("reservation", "rating").order_by("-pk")
    page = Paginator(related, DOSSIERS_PER_PAGE).get_page(number)
    page.object_list = [wording.row(dossier, figures) for dossier in page.object_list]
    return page
