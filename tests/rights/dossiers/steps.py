"""Dossiers as the tests need them: brought to a state along the steps that lead there."""

from datetime import date, datetime, timedelta

from django.utils import timezone

from accounts.models import User
from catalogue.models import Session
from rights.dossiers import services
from rights.dossiers.actors import CLOCK, PAYMENT, Actor
from rights.dossiers.states import Action as A
from rights.dossiers.states import ActorKind
from rights.dossiers.states import State as S
from rights.models import Dossier, Payment, PaymentState
from tests.factories import SessionFactory, UserFactory
from tests.rights.ledger import give

# a Wednesday of the years without participation; the 11 working days end before any holiday
NOW = datetime(2021, 3, 3, 10, 0, tzinfo=timezone.get_default_timezone())
STARTS_ON = date(2021, 4, 26)
PROVIDER = Actor.provider(name="essai")
MARKS = {"welcome": 5, "content": 4, "means": 3, "trainers": 5, "support": 4}
PRICE = 1050_00

# what is done after the one before it; a remainder is needed where a payment is
PATH: dict[S, tuple[tuple[S, A], ...]] = {
    S.DRAFT: (),
    S.REQUESTED: ((S.DRAFT, A.SEND),),
    S.REFUSED: ((S.REQUESTED, A.REFUSE),),
    S.PROPOSED: ((S.REQUESTED, A.PROPOSE),),
    S.TO_VALIDATE: ((S.REQUESTED, A.ACCEPT),),
    S.REQUEST_CANCELLED: ((S.REQUESTED, A.CANCEL_REQUEST),),
    S.PAYING: ((S.TO_VALIDATE, A.CONFIRM),),
    S.PAYMENT_REFUSED: ((S.PAYING, A.PAYMENT_REFUSED),),
    S.VALIDATED: ((S.TO_VALIDATE, A.CONFIRM),),
    S.IN_TRAINING: ((S.VALIDATED, A.DECLARE_ENTRY),),
    S.FINISHED: ((S.IN_TRAINING, A.DECLARE_END),),
    S.SETTLED: ((S.FINISHED, A.DECLARE_SERVICE),),
    S.CANCELLED: ((S.VALIDATED, A.CANCEL),),
    S.CANCELLED_BY_PROVIDER: ((S.VALIDATED, A.CANCEL_BY_PROVIDER),),
}
NEEDS_REMAINDER = {S.PAYING, S.PAYMENT_REFUSED}
# the steps that wait for the training
LATER = {A.DECLARE_ENTRY, A.DECLARE_END, A.DECLARE_SERVICE}


def at_noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=timezone.get_default_timezone())


# when a training that starts on STARTS_ON can no longer be cancelled without losing it
LATE = at_noon(STARTS_ON - timedelta(days=2))


def make_user(cents: int = 2_000_00) -> User:
    user = UserFactory()
    if cents:
        give(user.titulaire, cents)
    return user


def make_session(**fields) -> Session:
    content = {
        "starts_on": STARTS_ON,
        "ends_on": STARTS_ON + timedelta(days=4),
        "offer__price_cents": PRICE,
    }
    return SessionFactory(**(content | fields))


def draft(user: User | None = None, session: Session | None = None, at: datetime = NOW) -> Dossier:
    user = user or make_user()
    return services.prepare(user=user, session=session or make_session(), at=at)


def send(dossier: Dossier, at: datetime = NOW) -> Dossier:
    review = services.review(dossier=dossier, at=at)
    return do(dossier, A.SEND, at, reviewed=review.digest)


def do(dossier: Dossier, action: A, at: datetime = NOW, who=None, **given) -> Dossier:
    actor = who or actor_of(dossier, action)
    return services.perform(dossier=dossier, action=action, actor=actor, at=at, **given)


def actor_of(dossier: Dossier, action: A) -> Actor:
    """Whoever takes this step, by the table."""
    kind = next(row.who for row in services.transitions.TABLE if row.action == action)
    return {
        ActorKind.TITULAIRE: Actor.titulaire(dossier.user),
        ActorKind.PROVIDER: PROVIDER,
        ActorKind.CLOCK: CLOCK,
        ActorKind.PAYMENT: PAYMENT,
        ActorKind.STAFF: Actor(ActorKind.STAFF),
    }[kind]


def given_for(dossier: Dossier | None, action: A, at: datetime = NOW) -> dict:
    """Details that go with this step."""
    if dossier and action in {A.SEND, A.ACCEPT_PROPOSAL}:
        return {"reviewed": services.review(dossier=dossier, at=at).digest}
    return {
        A.REFUSE: {"reason": "Le groupe est complet."},
        A.CANCEL_BY_PROVIDER: {"reason": "Le formateur est absent."},
        A.PROPOSE: {"starts_on": STARTS_ON + timedelta(days=7)},
    }.get(action, {})


def bring_to(
    state: S,
    *,
    user: User | None = None,
    session: Session | None = None,
    has_remainder: bool = False,
) -> Dossier:
    """Return a dossier that came to `state` by the steps of PATH."""
    cents = PRICE - 50_00 if has_remainder or state in NEEDS_REMAINDER else 2_000_00
    dossier = draft(user or make_user(cents), session)
    for action in steps_to(state):
        at = at_noon(dossier.starts_on) if action in LATER else NOW
        if action == A.PAYMENT_REFUSED:
            dossier = pay(dossier, PaymentState.REFUSED)
        else:
            dossier = do(dossier, action, at, **given_for(dossier, action, at))
    assert dossier.state == state
    return dossier


# what is done first for a step to be possible, by whom and when; by another one of the staff
CLAIMED = (A.CLAIM_FORCE_MAJEURE, ActorKind.TITULAIRE, LATE, {"reason": "Hospitalisation"})
ABSENT = (A.DECLARE_ABSENCE, ActorKind.PROVIDER, at_noon(STARTS_ON), {})
RECOMMENDED = (A.RECOMMEND_FORCE_MAJEURE, ActorKind.STAFF, LATE, {"reason": "Vu."})
REPORTED = (A.REPORT_FRAUD, ActorKind.STAFF, LATE, {"reason": "Inscrite à son insu"})
FIRST = {
    A.RECOMMEND_FORCE_MAJEURE: CLAIMED,
    A.ACCEPT_FORCE_MAJEURE: RECOMMENDED,
    A.REFUSE_FORCE_MAJEURE: CLAIMED,
    A.RETRACT_ABSENCE: ABSENT,
    A.SETTLE_ABSENCE: ABSENT,
    A.CANCEL_FOR_FRAUD: REPORTED,
    A.DISMISS_FRAUD: REPORTED,
}


def make_ready(dossier: Dossier, action: A) -> Dossier:
    """Return the dossier once what `action` supposes has been done."""
    if action in FIRST:
        first, kind, at, given = FIRST[action]
        make_ready(dossier, first)
        if first == A.RECOMMEND_FORCE_MAJEURE and dossier.state == S.IN_TRAINING:
            given = given | {"done_percent": 40}
        user = dossier.user if kind == ActorKind.TITULAIRE else None
        do(dossier, first, at, Actor(kind, user), **given)
        dossier.refresh_from_db()
    return dossier


def steps_to(state: S) -> list[A]:
    steps: list[A] = []
    while PATH[state]:
        state, action = PATH[state][0]
        steps.insert(0, action)
    return steps


def pay(dossier: Dossier, outcome: PaymentState, at: datetime = NOW) -> Dossier:
    do(dossier, A.PAY, at)
    payment = Payment.objects.started().get(dossier=dossier)
    services.notify_payment(
        reference=payment.reference, outcome=outcome, amount_cents=payment.amount_cents, at=at
    )
    dossier.refresh_from_db()
    return dossier


def settled_and_rated(user: User) -> Dossier:
    """Return a dossier of `user` with all that one can hold: a card payment, an end, an opinion."""
    dossier = send(
        draft(user, make_session(offer__price_cents=100_000_00, offer__provider__phone=""))
    )
    do(dossier, A.ACCEPT)
    do(dossier, A.CONFIRM)
    pay(dossier, PaymentState.ACCEPTED)
    for action in (A.DECLARE_ENTRY, A.DECLARE_END, A.DECLARE_SERVICE):
        do(dossier, action, at_noon(STARTS_ON))
    return do(dossier, A.RATE, at_noon(STARTS_ON), marks=MARKS)
