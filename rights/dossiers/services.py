"""Every write to a dossier: prepared here, then changed by `perform`, along the rows of the table.

Lock order: the dossier, then who spends, then the account of rights, then the session. Each step is
one transaction: lock, check, change, ledger, event and mail, all of it or nothing.
"""

import logging
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import User
from accounts.spending import require_proof
from catalogue.models import Session
from rights.dossiers import changes, details, effects, mails, payments, transitions
from rights.dossiers.actors import CLOCK, PAYMENT, Actor
from rights.dossiers.conditions import UNDER_EXAMINATION
from rights.dossiers.deadlines import first_start
from rights.dossiers.exceptions import AlreadyEnrolled, StepRefused
from rights.dossiers.reviewing import FULL, GONE, make_review
from rights.dossiers.reviews import Review
from rights.dossiers.states import Action, ActorKind, State
from rights.dossiers.steps import Step
from rights.dossiers.terms import Terms
from rights.dossiers.transitions import Effect, Transition
from rights.exceptions import LedgerError
from rights.models import (
    Dossier,
    DossierEvent,
    Parameter,
    Payment,
    PaymentState,
    RightsAccount,
)

logger = logging.getLogger(__name__)
MAX_DRAFTS = 20


def prepare(
    *, user: User, session: Session, at: datetime, starts_on: date | None = None
) -> Dossier:
    """Return a draft of `user` for `session`, the one under way when there is one.

    `starts_on` is asked of a session with permanent entries; without it, the first day possible.
    Raises AlreadyEnrolled when a request was sent for this session, StepRefused or InvalidDetail (in
    French) when none can be prepared.
    """
    if known := _open_dossier(user, session):
        return known
    drafts = Dossier.objects.of(user).filter(state=State.DRAFT)
    if drafts.count() >= MAX_DRAFTS:
        raise StepRefused(
            f"Vous avez déjà {MAX_DRAFTS}\u00a0dossiers en cours de création\u00a0: envoyez ou supprimez-en."
        )
    dossier = sketch(user=user, session=session, at=at, starts_on=starts_on)
    try:
        with transaction.atomic():
            dossier.save(force_insert=True)
            _write_event(Step(dossier, Actor.titulaire(user), at), "prepare", "")
    except IntegrityError:
        if known := _open_dossier(user, session):  # a double click: the other one won
            return known
        raise
    return dossier


def _open_dossier(user: User, session: Session) -> Dossier | None:
    known = Dossier.objects.open().filter(titulaire=user.titulaire, session=session).first()
    if known is None or (known.state == State.DRAFT and known.user_id == user.pk):
        return known
    if known.state != State.DRAFT:
        raise AlreadyEnrolled(known)
    known.delete()  # the draft of an account that is no more
    return None


def sketch(*, user: User, session: Session, at: datetime, starts_on: date | None = None) -> Dossier:
    """Return an unsaved draft, for `review`; the arguments and the errors are those of `prepare`."""
    offer = session.offer
    today = timezone.localdate(at)
    is_published = offer.removed_at is None and not offer.provider.is_suspended
    if not is_published or not session.is_upcoming(today):
        raise StepRefused(FULL if is_published and session.is_full else GONE)
    dossier = Dossier(
        titulaire=user.titulaire,
        user=user,
        offer=offer,
        session=session,
        provider=offer.provider,
        created_at=at,
    )
    step = Step(dossier, Actor.titulaire(user), at)
    if session.is_permanent and starts_on:
        changes.check_start(starts_on, step)
    chosen = starts_on or first_start(today, step.figures)
    Terms.of_session(session, chosen).write_to(dossier)
    dossier.remainder_cents = dossier.price_cents
    return dossier


def review(*, dossier: Dossier, at: datetime) -> Review:
    """Return what the person reads before she sends a draft or accepts a proposal; nothing is written.

    Terms, amounts in cents in the order of consumption, dates by which each party must answer, changes
    since the last review, obstacles; its `digest` is the detail `reviewed` of the step.
    """
    today = timezone.localdate(at)
    account = RightsAccount.objects.held_by(dossier.titulaire)
    return make_review(dossier, account, today=today, figures=Parameter.objects.figures(today))


def perform(
    *, dossier: Dossier, action: Action, actor: Actor, at: datetime, **given: Any
) -> Dossier:
    """Take one step of the table, and return the dossier as it then is (a deleted draft: without key).

    `given` are the details that the row asks for. A delay that has passed is applied first. Raises,
    without any effect: StepRefused when the step is not possible (any more) for this actor, InvalidDetail,
    ReviewChanged, SpendingRefused (accounts.spending) when a proof is missing.
    """
    # as it stands, not as it was read: its delay may have begun since
    if current := Dossier.objects.filter(pk=dossier.pk).first():
        apply_deadline(dossier=current, at=at)
    return _take(dossier, Action(action), actor, at, given)


@transaction.atomic
def _take(
    dossier: Dossier, action: Action, actor: Actor, at: datetime, given: dict[str, Any]
) -> Dossier:
    current = _locked(dossier)
    _check_owner(current, actor)
    rows = transitions.rows_for(current, action, actor.kind)
    step = Step(current, actor, at)
    if refusal := rows[0].condition(current, step.today):
        raise StepRefused(refusal)
    step.details = details.check(rows[0], given)
    if rows[0].spends and actor.user:
        require_proof(user=_held(actor.user), acr=actor.acr, now=at)
    _check_not_frozen(rows[0], step)
    _change(rows, step)
    return current


def _held(user: User) -> User:
    """Read the spender again, and hold her row: she may freeze her rights at this very moment."""
    return User.objects.select_for_update(no_key=True, of=("self",)).get(pk=user.pk)


def _check_not_frozen(row: Transition, step: Step) -> None:
    """Let no provider be paid while the support looks; all may be given back."""
    is_paid = row.effect == Effect.SPEND or (
        row.effect == Effect.SPEND_DONE and step.details.get("done_percent") != 0
    )
    if not is_paid or step.actor.kind != ActorKind.PROVIDER:
        return
    dossier = step.dossier
    is_disputed = dossier.force_majeure_claimed_at or dossier.fraud_reported_at
    if is_disputed or _is_frozen(dossier):
        raise StepRefused(UNDER_EXAMINATION)


def _is_frozen(dossier: Dossier) -> bool:
    """Whether the holder said « Ce n’est pas moi », or has no account to say it; her row is held.

    Nobody closes an account while a dossier runs: the one that agreed to it was not the holder's.
    """
    holders = User.objects.select_for_update(no_key=True).filter(titulaire=dossier.titulaire_id)
    holder = holders.first()
    return holder is None or holder.spending_frozen_at is not None


def _change(rows: list[Transition], step: Step) -> None:
    current, before = step.dossier, State(step.dossier.state)
    if rows[0].target is None:
        current.delete()
        return
    try:
        changes.prepare(rows[0].action, step)
        effects.apply(rows[0].effect, step)
    except LedgerError as error:
        raise StepRefused(
            "Vos droits ne permettent plus cette opération. Relisez le récapitulatif."
        ) from error
    row = next(row for row in rows if not row.when(current, step.today))
    _arrive(row, before, step)


def _arrive(row: Transition, before: State, step: Step) -> None:
    """Write the new state and all that goes with it."""
    current, target = step.dossier, State(row.target or before)
    current.due_on = changes.due_on(row.due, step)
    current.state = target
    if target != State.PROPOSED:
        current.proposal = {}
    changes.note_moments(target, step)
    effects.move_place(current, before, target)
    current.version += 1
    _save(current)
    _write_event(step, row.action, before)
    if row.mail:
        mails.queue(current, row.mail)


def _save(dossier: Dossier) -> None:
    try:
        with transaction.atomic():
            dossier.save()
    except IntegrityError as error:
        if "dossier_one_place_a_session" not in str(error) and "session_id" not in str(error):
            raise
        raise StepRefused(changes.TWICE) from error


def _locked(dossier: Dossier) -> Dossier:
    rows = Dossier.objects.select_for_update(no_key=True, of=("self",))
    try:
        return rows.get(pk=dossier.pk)
    except Dossier.DoesNotExist:
        raise StepRefused("Ce dossier n’existe plus\u00a0: il a été supprimé.") from None


def _check_owner(dossier: Dossier, actor: Actor) -> None:
    is_own = actor.user is not None and actor.user.titulaire_id == dossier.titulaire_id
    if actor.kind == ActorKind.TITULAIRE and not is_own:
        raise StepRefused("Ce dossier n’est pas le vôtre.")


def _write_event(step: Step, action: str, before: str) -> None:
    data = {name: value for name, value in step.details.items() if name in _TOLD}
    DossierEvent.objects.create(
        dossier=step.dossier,
        action=action,
        state_before=before,
        state_after=step.dossier.state,
        actor=step.actor.kind,
        author=step.actor.user,
        actor_name=step.actor.name,
        happened_at=step.at,
        reason=step.details.get("reason", "") or step.details.get("note", ""),
        data={k: v.isoformat() if isinstance(v, date) else v for k, v in data.items()} | step.told,
    )


_TOLD = ("starts_on", "ends_on", "on", "hours", "price_cents", "done_percent", "marks")


def actions_allowed(dossier: Dossier, actor: Actor, at: datetime) -> list[Action]:
    """Return what `actor` may do with the dossier now, in the order of the table; nothing is written."""
    return transitions.allowed(dossier, actor.kind, timezone.localdate(at))


def apply_deadline(*, dossier: Dossier, at: datetime) -> Dossier:
    """Return the dossier as it stands now: when the delay of an answer has passed, it falls first."""
    today = timezone.localdate(at)
    last = dossier.due_on or dossier.absence_until
    if dossier.is_closed or last is None or last >= today:
        return dossier
    with transaction.atomic():
        overdue = Dossier.objects.overdue(today).filter(pk=dossier.pk)
        if current := overdue.select_for_update(no_key=True, of=("self",)).first():
            _fall(current, at)
    dossier.refresh_from_db()
    return dossier


def _fall(current: Dossier, at: datetime) -> None:
    is_absence = current.absence_until is not None
    if is_absence and _is_frozen(current):  # at this very moment
        return
    action = Action.SETTLE_ABSENCE if is_absence else Action.EXPIRE
    rows = transitions.rows_for(current, action, CLOCK.kind)
    _change(rows, Step(current, CLOCK, at))


def expire_due(*, at: datetime, dossiers=None) -> int:
    """Apply the delays that have passed, to all dossiers or to those of a queryset; return how many fell.

    Each in its own transaction: it can stop anywhere, be run again, or twice at once.
    """
    rows = Dossier.objects.all() if dossiers is None else dossiers
    return sum(_falls(dossier, at) for dossier in list(rows.overdue(timezone.localdate(at))))


def _falls(dossier: Dossier, at: datetime) -> bool:
    try:
        return apply_deadline(dossier=dossier, at=at).is_closed
    except StepRefused:
        # damaged data, which check_ledger names: they keep no other dossier from falling
        logger.exception("Le dossier n° %s n’a pas pu être annulé", dossier.pk)
        return False


def notify_payment(
    *, reference: str, outcome: PaymentState, amount_cents: int, at: datetime
) -> Payment:
    """Take note of what the provider of payments says; the same said twice has one effect.

    A payment accepted for a dossier that no longer waits for it is to be refunded. Raises PaymentError
    (in French) for an amount that is not the payment's, Payment.DoesNotExist for an unknown reference.
    """
    payment = Payment.objects.select_related("dossier").get(reference=reference)
    payments.check_notification(payment, outcome, amount_cents)
    apply_deadline(dossier=payment.dossier, at=at)
    with transaction.atomic():
        dossier = _locked(payment.dossier)
        payment.refresh_from_db()
        if payment.state != PaymentState.STARTED:
            return payments.resolve_again(payment, outcome)
        if dossier.state == State.PAYING:
            _take(dossier, _OUTCOMES[outcome], PAYMENT, at, {"payment": payment})
        else:
            payments.resolve(payment, outcome, at)
            if outcome == PaymentState.ACCEPTED:
                payments.owe_back(dossier)
    payment.refresh_from_db()
    return payment


_OUTCOMES = {
    PaymentState.ACCEPTED: Action.PAYMENT_ACCEPTED,
    PaymentState.REFUSED: Action.PAYMENT_REFUSED,
    PaymentState.ABANDONED: Action.PAYMENT_ABANDONED,
}
