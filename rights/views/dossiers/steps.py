"""Each step of a dossier that its titulaire may take: said first, with its euros and its days, then done."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme

from accounts.spending import SpendingRefused
from rights.dossier_forms import ModifyForm, RatingForm, ReasonForm, StepForm
from rights.dossiers import payments, services, transitions
from rights.dossiers.deadlines import first_start
from rights.dossiers.exceptions import InvalidDetail, ReviewChanged, StepRefused
from rights.dossiers.states import Action, ActorKind, State
from rights.dossiers.versions import StaleDossier, perform_at_version
from rights.models import Dossier, Parameter
from rights.views.dossiers import wording
from rights.views.dossiers.common import actor, dossier_page, password_asked, refused, unproved


@dataclass(frozen=True, slots=True)
class StepPage:
    """How a step is named in its address and on its page; `done` is said once it is taken."""

    action: Action
    slug: str
    label: str
    button: str
    done: str
    style: str = "btn--line"
    is_dangerous: bool = False
    is_reviewed: bool = False
    # the state stays the same: only its version tells an old tab
    is_versioned: bool = False


PAGES = (
    StepPage(
        Action.SEND, "envoyer", "Envoyer ma demande d’inscription", "Envoyer la demande d’inscription",
        "Votre demande d’inscription est envoyée.", "", is_reviewed=True,
    ),
    StepPage(
        Action.MODIFY, "modifier", "Modifier mon dossier", "Enregistrer",
        "Votre dossier est modifié.", is_versioned=True,
    ),
    StepPage(
        Action.DELETE, "supprimer", "Supprimer ce dossier", "Supprimer",
        "Le dossier est supprimé.", is_dangerous=True, is_versioned=True,
    ),
    StepPage(
        Action.CONFIRM, "valider", "Valider mon inscription", "Valider mon inscription",
        "Vous avez validé votre inscription.", "",
    ),
    StepPage(
        Action.ACCEPT_PROPOSAL, "accepter-la-proposition", "Accepter la proposition",
        "Accepter la proposition", "Vous avez accepté la proposition.", "", is_reviewed=True,
    ),
    StepPage(
        Action.REFUSE_PROPOSAL, "refuser-la-proposition", "Refuser la proposition",
        "Refuser la proposition", "Vous avez refusé la proposition. Vos droits vous reviennent.",
        is_dangerous=True,
    ),
    StepPage(
        Action.CANCEL_REQUEST, "annuler-la-demande", "Annuler ma demande", "Annuler ma demande",
        "Votre demande est annulée. Vos droits vous reviennent.", is_dangerous=True,
    ),
    StepPage(
        Action.PAY, "payer", "Payer le reste par carte", "Aller au paiement", "", "",
    ),
    StepPage(
        Action.WITHDRAW, "retractation", "Me rétracter", "Me rétracter",
        "Vous vous êtes rétracté. Vos droits vous reviennent.", is_dangerous=True,
    ),
    StepPage(
        Action.CANCEL, "annuler", "Annuler mon inscription sans frais", "Annuler mon inscription",
        "Votre inscription est annulée. Vos droits vous reviennent.", is_dangerous=True,
    ),
    StepPage(
        Action.CANCEL_LATE, "annuler-avec-perte", "Annuler mon inscription et perdre le montant engagé",
        "Annuler et tout perdre", "Votre inscription est annulée.", is_dangerous=True,
    ),
    StepPage(
        Action.CLAIM_FORCE_MAJEURE, "force-majeure", "Déclarer un cas de force majeure",
        "Envoyer ma déclaration", "Votre déclaration est envoyée à l’assistance.",
    ),
    StepPage(
        Action.ABANDON, "abandon", "Déclarer mon abandon", "Déclarer mon abandon et tout perdre",
        "Votre abandon est déclaré.", is_dangerous=True,
    ),
    StepPage(
        Action.RATE, "avis", "Donner mon avis", "Envoyer mon avis",
        "Merci\u00a0! Votre avis est enregistré.", "",
    ),
)  # fmt: skip
STEPS = {page.action: page for page in PAGES}
BY_SLUG = {page.slug: page for page in PAGES}


@dossier_page("GET", "POST")
def dossier_step(request: HttpRequest, dossier: Dossier, slug: str) -> HttpResponse:
    page = BY_SLUG.get(slug)
    if page is None:
        raise Http404
    try:
        row = _row(dossier, page.action)
    except StepRefused as error:
        return refused(request, str(error), dossier)
    if row.spends and (asked := password_asked(request, request.path)):
        return asked
    form = _form(page.action, dossier, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        return take(request, dossier, page, form)
    return show(request, dossier, page, form)


def take(request: HttpRequest, dossier: Dossier, page: StepPage, form: StepForm) -> HttpResponse:
    """Take the step, or show why it has no effect."""
    given: dict[str, Any] = form.details
    if page.is_reviewed:
        given["reviewed"] = request.POST.get("reviewed", "")
    if page.is_versioned:
        given["version"] = _version(request)
    perform = perform_at_version if page.is_versioned else services.perform
    try:
        done = perform(
            dossier=dossier, action=page.action, actor=actor(request), at=timezone.now(), **given
        )
    except InvalidDetail as error:
        if page.is_reviewed and error.field == "reviewed":
            return show(request, dossier, page, form, notice=REVIEW_FIRST)
        form.add_error(error.field if error.field in form.fields else None, str(error))
        return show(request, dossier, page, form)
    except ReviewChanged as error:
        dossier.refresh_from_db()
        return show(request, dossier, page, form, notice=str(error), status=409)
    except (StepRefused, StaleDossier) as error:
        return refused(request, str(error), dossier)
    except SpendingRefused as error:
        return unproved(request, error, dossier)
    return _after(request, page, done)


def _version(request: HttpRequest) -> int:
    """Return the version of the dossier that the page showed, -1 for none of ours."""
    text = request.POST.get("version", "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else -1


PAY_NOW = (
    "C’est noté. Payez maintenant le reste par carte\u00a0: votre place n’est sûre qu’ensuite."
)
REVIEW_FIRST = "Lisez ce récapitulatif, puis confirmez."


def show(
    request: HttpRequest,
    dossier: Dossier,
    page: StepPage,
    form: StepForm,
    *,
    notice: str = "",
    status: int = 200,
) -> HttpResponse:
    """Show what the step changes, and its button."""
    today = timezone.localdate()
    review = services.review(dossier=dossier, at=timezone.now()) if page.is_reviewed else None
    context = {
        "dossier": dossier,
        "step": page,
        "form": form,
        "review": review,
        "is_request": page.action == Action.SEND,
        "obstacles": review.obstacles if review else (),
        "consequences": wording.consequences(
            dossier,
            _row(dossier, page.action),
            today=today,
            figures=Parameter.objects.figures(today),
            review=review,
        ),
        "notice": notice,
        # of the page that was read, when it is shown again with its errors
        "version": request.POST.get("version", dossier.version),
    }
    code = 422 if form.errors else status
    return render(request, "rights/dossier_step.html", context, status=code)


def _after(request: HttpRequest, page: StepPage, dossier: Dossier) -> HttpResponse:
    if page.action == Action.PAY:
        return _to_payment(request, dossier)
    messages.success(request, PAY_NOW if dossier.state == State.PAYING else page.done)
    if page.action == Action.DELETE:
        return redirect("rights:dossiers")
    return redirect("rights:dossier", dossier.reference)


def _to_payment(request: HttpRequest, dossier: Dossier) -> HttpResponse:
    """Lead to the page of the provider of payments: by a link when it is another site.

    The security policy lets no form end elsewhere, not even through a redirection.
    """
    address = payments.adapter().page_url(dossier.payments.started().get())
    if url_has_allowed_host_and_scheme(address, allowed_hosts=None):
        return redirect(address)
    return render(request, "rights/payment_leave.html", {"dossier": dossier, "address": address})


def _row(dossier: Dossier, action: Action) -> transitions.Transition:
    """Return the row that the step would take now. Raises StepRefused."""
    today = timezone.localdate()
    rows = transitions.rows_for(dossier, action, ActorKind.TITULAIRE)
    if why := rows[0].condition(dossier, today):
        raise StepRefused(why)
    return next((row for row in rows if not row.when(dossier, today)), rows[0])


def _form(action: Action, dossier: Dossier, data) -> StepForm:
    if action == Action.MODIFY:
        return _modify_form(dossier, data)
    if action == Action.RATE:
        return RatingForm(data)
    if action == Action.CLAIM_FORCE_MAJEURE:
        return ReasonForm(
            data,
            label="Ce qui vous empêche de suivre la formation",
            help_text="Dites quand et pourquoi. N’écrivez rien de votre santé que vous ne voulez pas dire.",
            required=True,
        )
    if action == Action.ABANDON:
        return ReasonForm(data, label="Pourquoi vous arrêtez", required=False)
    return StepForm(data)


def _modify_form(dossier: Dossier, data) -> ModifyForm:
    today = timezone.localdate()
    sessions = [s for s in dossier.offer.sessions.all() if s.is_upcoming(today)]
    return ModifyForm(
        data,
        sessions=sessions,
        earliest=first_start(today, Parameter.objects.figures(today)),
        initial={"session": str(dossier.session_id or ""), "starts_on": dossier.starts_on},
    )
