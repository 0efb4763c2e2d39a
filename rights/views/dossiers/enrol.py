"""From a session of the catalogue to a dossier: read, then kept or sent. Reading writes nothing."""

from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from accounts.models import Titulaire
from catalogue.models import Session
from rights.dossier_forms import StartForm, StepForm
from rights.dossiers import services
from rights.dossiers.deadlines import first_start
from rights.dossiers.exceptions import AlreadyEnrolled, InvalidDetail, StepRefused
from rights.dossiers.reviewing import GONE
from rights.dossiers.states import Action, State
from rights.models import Dossier, Parameter
from rights.views.common import titulaire_page
from rights.views.dossiers import wording
from rights.views.dossiers.common import actor, password_asked, refused
from rights.views.dossiers.steps import STEPS, take

ALREADY = "Vous avez déjà un dossier en cours pour cette session\u00a0: le voici."


@titulaire_page("GET", "POST")
def enrol(request: HttpRequest, titulaire: Titulaire, pk: int) -> HttpResponse:
    session = Session.objects.select_related("offer__provider", "offer__commune").filter(pk=pk)
    found = session.first()
    if found is None:
        return refused(request, GONE)
    form = _start_form(request, found)
    is_chosen = form is None or form.is_valid()
    starts_on = form.cleaned_data["starts_on"] if form and is_chosen else None
    try:
        if request.method == "POST" and is_chosen:
            return _keep(request, found, starts_on)
        return _review(request, found, form, starts_on if is_chosen else None)
    except AlreadyEnrolled as error:
        messages.info(request, ALREADY)
        return redirect("rights:dossier", error.dossier.reference)
    except InvalidDetail as error:
        form.add_error("starts_on", str(error))
        return _page(request, found, form)
    except StepRefused as error:
        return refused(request, str(error))


def _start_form(request: HttpRequest, session: Session) -> StartForm | None:
    """Ask for the first day where entries are permanent: it stands in the address of the review."""
    if not session.is_permanent:
        return None
    today = timezone.localdate()
    data = request.POST if request.method == "POST" else request.GET
    earliest = first_start(today, Parameter.objects.figures(today))
    return StartForm(data if "starts_on" in data else None, earliest=earliest)


def _review(
    request: HttpRequest, session: Session, form: StartForm | None, starts_on: date | None
) -> HttpResponse:
    """Show the review of a dossier that is not written, or lead to the one under way."""
    if form and starts_on is None:
        return _page(request, session, form)
    known = Dossier.objects.of(request.user).open().filter(session=session).first()
    if known:
        messages.info(request, ALREADY)
        return redirect("rights:dossier", known.reference)
    draft = services.sketch(
        user=request.user, session=session, at=timezone.now(), starts_on=starts_on
    )
    return _page(request, session, form, services.review(dossier=draft, at=timezone.now()))


def _page(request: HttpRequest, session: Session, form: StartForm | None, review=None):
    context = {
        "session": session,
        "offer": session.offer,
        "form": form,
        "review": review,
        "consequences": list(wording.sent(review)) if review else (),
    }
    status = 422 if form and form.errors else 200
    return render(request, "rights/enrol.html", context, status=status)


def _keep(request: HttpRequest, session: Session, starts_on: date | None) -> HttpResponse:
    """Write the draft, and send it when that is what the button said; twice, it counts once."""
    at = timezone.now()
    dossier = services.prepare(user=request.user, session=session, at=at, starts_on=starts_on)
    if starts_on and dossier.starts_on != starts_on:
        dossier = services.perform(
            dossier=dossier,
            action=Action.MODIFY,
            actor=actor(request),
            at=at,
            starts_on=starts_on,
        )
    if request.POST.get("action") != "send":
        messages.success(
            request, "Votre dossier est gardé en cours de création. Rien n’est envoyé."
        )
        return redirect("rights:dossier", dossier.reference)
    page = STEPS[Action.SEND]
    address = f"/mes-dossiers/{dossier.reference}/{page.slug}/"
    if asked := password_asked(request, address):
        return asked
    form = StepForm(request.POST)
    form.is_valid()
    response = take(request, dossier, page, form)
    sent = Dossier.objects.filter(pk=dossier.pk).exclude(state=State.DRAFT)
    if response.status_code == 409 and sent.exists():  # a double click: the other one sent it
        return redirect("rights:dossier", dossier.reference)
    return response
