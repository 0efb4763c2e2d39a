"""What a step writes into the dossier itself, besides its state."""

from collections.abc import Callable
from datetime import date

from django.utils import timezone

from catalogue.models import Offer, Provider
from cpf_portal.ui.formats import date_fr
from rights.dossiers import deadlines, payments
from rights.dossiers.exceptions import InvalidDetail, StepRefused
from rights.dossiers.states import Action, State
from rights.dossiers.steps import Step
from rights.dossiers.terms import Terms
from rights.dossiers.transitions import Due
from rights.models import Dossier, DossierEvent, PaymentState, Rating
from rights.services import needs_second_person

SECOND_PERSON = (
    "Ce montant demande deux personnes\u00a0: quelqu’un d’autre que la personne qui a signalé la fraude"
    " décide."
)
RECOMMEND_FIRST = (
    "Ce montant demande deux personnes\u00a0: l’une propose de reconnaître la force majeure, puis une"
    " autre la reconnaît."
)
TWICE = "Vous avez déjà un dossier en cours pour cette session."


def prepare(action: Action, step: Step) -> None:
    """Write what the details say. Raises InvalidDetail when they do not fit the dossier."""
    if change := _CHANGES.get(action):
        change(step)


def due_on(due: Due, step: Step) -> date | None:
    """Return the last day of whoever must act next."""
    dossier = step.dossier
    if due == Due.PROVIDER:
        return deadlines.provider_answers_by(
            step.today,
            step.figures,
            starts_on=dossier.starts_on,
            has_prerequisites=dossier.has_prerequisites,
        )
    if due == Due.TITULAIRE:
        starts_on = Terms.proposed(dossier).starts_on
        return deadlines.titulaire_answers_by(step.today, step.figures, starts_on=starts_on)
    return dossier.due_on if due == Due.SAME else None


def note_moments(state: State, step: Step) -> None:
    """Write when the dossier came to its new state, and the last days to leave it."""
    dossier = step.dossier
    if state == State.REQUESTED:
        dossier.requested_at = step.at
    elif state == State.VALIDATED and dossier.validated_at is None:
        dossier.validated_at = step.at
        dossier.withdrawal_until = deadlines.withdrawal_until(
            step.today, step.figures, starts_on=dossier.starts_on
        )
        dossier.free_cancellation_until = deadlines.free_cancellation_until(
            step.figures, starts_on=dossier.starts_on
        )
    if dossier.is_closed and dossier.closed_at is None:
        dossier.closed_at = step.at


def _modify(step: Step) -> None:
    dossier, session = step.dossier, step.details.get("session", step.dossier.session)
    if session is None or session.offer_id != dossier.offer_id:
        raise InvalidDetail("session", "Choisissez une session de la même formation.")
    if not session.is_upcoming(step.today):
        raise InvalidDetail("session", "Cette session n’est plus proposée.")
    others = Dossier.objects.open().filter(titulaire=dossier.titulaire_id, session=session)
    if others.exclude(pk=dossier.pk).exists():
        raise InvalidDetail("session", TWICE)
    starts_on = step.details.get("starts_on") or dossier.starts_on
    if session.is_permanent:
        check_start(starts_on, step)
    dossier.session = session
    Terms.of_session(session, starts_on).write_to(dossier)
    dossier.remainder_cents = dossier.price_cents


def check_start(starts_on: date, step: Step, *, asked_on: date | None = None) -> None:
    """Raise InvalidDetail when a start is too near the request of `asked_on` (today), past or too far."""
    first = deadlines.first_start(asked_on or step.today, step.figures)
    first = max(first, step.today + deadlines.DAY)
    if starts_on < first:
        raise InvalidDetail("starts_on", f"Choisissez le {date_fr(first)} ou un jour suivant.")
    if (starts_on - step.today).days > deadlines.FARTHEST_START_DAYS:
        raise InvalidDetail("starts_on", "Choisissez un jour dans l’année qui vient.")


def _confirm(step: Step) -> None:
    """Lead nobody to a payment that cannot be made."""
    if step.dossier.remainder_cents and not payments.is_available():
        raise StepRefused(payments.NOT_AVAILABLE)


def _propose(step: Step) -> None:
    proposal = {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in step.details.items()
    }
    if not set(proposal) - {"note"}:
        raise InvalidDetail("starts_on", "Indiquez ce qui change\u00a0: dates, durée ou prix.")
    ends_on, starts_on = step.details.get("ends_on"), step.details.get("starts_on")
    if starts_on:
        check_start(starts_on, step, asked_on=timezone.localdate(step.dossier.requested_at))
    if ends_on and ends_on < (starts_on or step.dossier.starts_on):
        raise InvalidDetail("ends_on", "La fin vient après le début.")
    step.dossier.proposal = proposal


def _pay(step: Step) -> None:
    payment = payments.start(dossier=step.dossier, at=step.at)
    step.told["payment"] = payment.pk


def _resolve(outcome: PaymentState) -> Callable[[Step], None]:
    def resolve(step: Step) -> None:
        payment = step.details["payment"]
        payments.resolve(payment, outcome, step.at)

    return resolve


def _claim(step: Step) -> None:
    step.dossier.force_majeure_claimed_at = step.at


def _unclaim(step: Step) -> None:
    step.dossier.force_majeure_claimed_at = None


def _declare_absence(step: Step) -> None:
    step.dossier.absence_until = deadlines.force_majeure_until(step.today, step.figures)
    step.told["claim_until"] = step.dossier.absence_until.isoformat()


def _retract_absence(step: Step) -> None:
    step.dossier.absence_until = None


def _report_fraud(step: Step) -> None:
    step.dossier.fraud_reported_at = step.at


def _dismiss_fraud(step: Step) -> None:
    _end_fraud(step)
    step.dossier.fraud_reported_at = None


def _end_fraud(step: Step) -> None:
    """Of much money two people decide, as of a large correction, whichever desk they sit at."""
    if step.dossier.fraud_reported_at is None:
        return
    reports = step.dossier.events.filter(action=Action.REPORT_FRAUD)
    reporter = reports.latest("pk").author_id
    is_same = step.actor.user is not None and step.actor.user.pk == reporter
    if is_same and needs_second_person(step.dossier.rights_cents, today=step.today):
        raise StepRefused(SECOND_PERSON)


def recommended(dossier: Dossier) -> DossierEvent | None:
    """Return the last recommendation to accept the force majeure that is claimed now."""
    about = (Action.CLAIM_FORCE_MAJEURE, Action.RECOMMEND_FORCE_MAJEURE)
    last = dossier.events.filter(action__in=about).order_by("pk").last()
    return last if last and last.action == Action.RECOMMEND_FORCE_MAJEURE else None


def _accept_force_majeure(step: Step) -> None:
    """Of much money two people decide, and of the same share of it."""
    if not needs_second_person(step.dossier.rights_cents, today=step.today):
        return
    first = recommended(step.dossier)
    if first is None or first.author_id == (step.actor.user and step.actor.user.pk):
        raise StepRefused(RECOMMEND_FIRST)
    percent = first.data.get("done_percent")
    if step.details.get("done_percent") != percent:
        raise InvalidDetail(
            "done_percent",
            f"La part proposée est de {percent}\u00a0%. Pour une autre part, proposez-la vous-même.",
        )


def _enter(step: Step) -> None:
    dossier = step.dossier
    dossier.entered_on = _past_day(step, not_before=dossier.starts_on)


def _end(step: Step) -> None:
    dossier = step.dossier
    dossier.ended_on = _past_day(step, not_before=dossier.entered_on or dossier.starts_on)


def _past_day(step: Step, *, not_before: date) -> date:
    day = step.details.get("on", step.today)
    if not not_before <= day <= step.today:
        raise InvalidDetail("on", f"Donnez un jour entre le {date_fr(not_before)} et aujourd’hui.")
    return day


def _rate(step: Step) -> None:
    dossier, marks = step.dossier, step.details["marks"]
    Rating.objects.create(dossier=dossier, rated_at=step.at, **marks)
    Offer.add_opinion(dossier.offer_id, sum(marks.values()))
    Provider.add_opinion(dossier.provider_id, sum(marks.values()))


_CHANGES: dict[Action, Callable[[Step], None]] = {
    Action.MODIFY: _modify,
    Action.CONFIRM: _confirm,
    Action.PROPOSE: _propose,
    Action.PAY: _pay,
    Action.PAYMENT_ACCEPTED: _resolve(PaymentState.ACCEPTED),
    Action.PAYMENT_REFUSED: _resolve(PaymentState.REFUSED),
    Action.PAYMENT_ABANDONED: _resolve(PaymentState.ABANDONED),
    Action.CLAIM_FORCE_MAJEURE: _claim,
    Action.ACCEPT_FORCE_MAJEURE: _accept_force_majeure,
    Action.REFUSE_FORCE_MAJEURE: _unclaim,
    Action.DECLARE_ABSENCE: _declare_absence,
    Action.RETRACT_ABSENCE: _retract_absence,
    Action.REPORT_FRAUD: _report_fraud,
    Action.DISMISS_FRAUD: _dismiss_fraud,
    Action.CANCEL_FOR_FRAUD: _end_fraud,
    Action.CANCEL_BY_PROVIDER: _end_fraud,
    Action.DECLARE_ENTRY: _enter,
    Action.DECLARE_END: _end,
    Action.RATE: _rate,
}
