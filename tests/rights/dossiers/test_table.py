"""Every state, action and actor: what the table allows happens as it says, all the rest has no effect."""

from datetime import timedelta
from functools import cache
from itertools import product

import pytest

from rights.dossiers import mails, services, transitions
from rights.dossiers.actors import CLOCK, PAYMENT, Actor
from rights.dossiers.audit import CHECKS
from rights.dossiers.exceptions import DossierError, StepRefused
from rights.dossiers.states import AWAITING, CLOSED, Action, ActorKind, State
from rights.dossiers.states import Action as A
from rights.dossiers.states import State as S
from rights.dossiers.transitions import TABLE, Effect, Transition
from rights.models import (
    Dossier,
    DossierEvent,
    Movement,
    Payment,
    PaymentState,
    RightsAccount,
)
from rights.models import ReservationState as R
from tests.factories import StaffFactory
from tests.rights.dossiers.steps import (
    LATE,
    MARKS,
    NEEDS_REMAINDER,
    NOW,
    PROVIDER,
    STARTS_ON,
    at_noon,
    bring_to,
    given_for,
    make_ready,
    pay,
)

# Written apart from the code: state, then who may do what.
ALLOWED = """
draft: titulaire modify delete send
requested: titulaire cancel_request; provider accept propose refuse; clock expire
refused:
proposed: titulaire accept_proposal refuse_proposal; clock expire
to_validate: titulaire confirm cancel_request; clock expire
request_cancelled:
paying: titulaire pay cancel_request; clock expire; payment payment_accepted payment_refused payment_abandoned
payment_refused: titulaire pay cancel_request; clock expire
validated: titulaire withdraw cancel cancel_late claim_force_majeure; provider cancel_by_provider declare_entry declare_absence retract_absence; clock settle_absence; staff recommend_force_majeure accept_force_majeure refuse_force_majeure report_fraud cancel_for_fraud dismiss_fraud
in_training: titulaire abandon claim_force_majeure; provider cancel_by_provider declare_absence retract_absence declare_end; clock settle_absence; staff recommend_force_majeure accept_force_majeure refuse_force_majeure report_fraud cancel_for_fraud dismiss_fraud
finished: titulaire rate; provider declare_service; staff report_fraud cancel_for_fraud dismiss_fraud
settled: titulaire rate
cancelled:
cancelled_by_provider:
"""  # noqa: E501
AFTER = at_noon(STARTS_ON)
# when a step has its moment, if it is not at once
MOMENTS = {
    A.CANCEL_LATE: LATE,
    A.CLAIM_FORCE_MAJEURE: LATE,
    A.DECLARE_ENTRY: AFTER,
    A.DECLARE_ABSENCE: AFTER,
    A.RETRACT_ABSENCE: AFTER,
    A.SETTLE_ABSENCE: at_noon(STARTS_ON + timedelta(days=5)),
    A.EXPIRE: at_noon(NOW.date() + timedelta(days=8)),
}
RESERVATION_AFTER = {
    Effect.RESERVE: R.HELD,
    Effect.RELEASE: R.RELEASED,
    Effect.SPEND: R.SPENT,
    Effect.SPEND_DONE: R.SPENT,
}


@cache
def expected() -> set[tuple[State, Action, ActorKind]]:
    found = set()
    for line in ALLOWED.strip().splitlines():
        state, _, rest = line.partition(":")
        for group in filter(str.strip, rest.split(";")):
            who, *actions = group.split()
            found |= {(State(state), Action(action), ActorKind(who)) for action in actions}
    return found


def test_the_table_holds_these_steps_and_no_other():
    assert {(row.source, row.action, row.who) for row in TABLE} == expected()


def test_a_step_that_is_not_in_the_table_is_refused_with_a_sentence():
    """All the pairs in one test: two thousand of them cost less than as many tests."""
    for state, action, who in product(State, Action, ActorKind):
        dossier = Dossier(state=state)
        if (state, action, who) in expected():
            assert transitions.rows_for(dossier, action, who)
            continue
        with pytest.raises(StepRefused, match=f"«\u00a0{state.label}\u00a0»"):
            transitions.rows_for(dossier, action, who)


def test_rows_of_one_step_differ_only_in_where_they_lead():
    def same(row: Transition):
        return row.condition, row.effect, row.details, row.options, row.spends

    for state, action, who in expected():
        rows = transitions.rows_for(Dossier(state=state), action, who)
        assert len({same(row) for row in rows}) == 1
        assert len({row.when for row in rows}) == len(rows)


def test_states_have_the_end_that_they_should():
    lead = {row.source for row in TABLE if row.action != A.RATE}
    assert set(S) - lead == CLOSED
    assert {row.source for row in TABLE if row.action == A.EXPIRE} == AWAITING


def test_each_mail_of_the_table_has_a_text():
    assert set(mails.TEXTS) == transitions.MAILS


def row_name(row: Transition) -> str:
    return f"{row.source}-{row.action}-{row.target}"


@pytest.mark.django_db
@pytest.mark.parametrize("row", TABLE, ids=row_name)
def test_a_step_of_the_table_does_what_its_row_says(row):
    dossier = ready_for(row)
    at = MOMENTS.get(row.action, AFTER if row.source in {S.IN_TRAINING, S.FINISHED} else NOW)
    before = dossier.events.count()

    if row.who == ActorKind.CLOCK:
        services.apply_deadline(dossier=dossier, at=at)
    else:
        who, given = actor(row, dossier), details(row, dossier)
        services.perform(dossier=dossier, action=row.action, actor=who, at=at, **given)

    if row.target is None:
        assert not Dossier.objects.exists()
        return
    dossier.refresh_from_db()
    assert dossier.state == row.target
    event = dossier.events.latest("pk")
    assert (event.action, event.actor) == (row.action, row.who)
    assert dossier.events.count() == before + 1
    if row.effect in RESERVATION_AFTER:
        assert dossier.reservation.state == RESERVATION_AFTER[row.effect]
    assert [fault for check in CHECKS for fault in check()] == []


def ready_for(row: Transition) -> Dossier:
    needs_remainder = row.target == S.PAYING and row.source not in NEEDS_REMAINDER
    dossier = bring_to(row.source, has_remainder=needs_remainder)
    if row.who == ActorKind.PAYMENT:
        do = services.perform
        do(dossier=dossier, action=A.PAY, actor=Actor.titulaire(dossier.user), at=NOW)
    dossier.refresh_from_db()
    return make_ready(dossier, row.action)


def actor(row: Transition, dossier: Dossier) -> Actor:
    return {
        ActorKind.TITULAIRE: Actor.titulaire(dossier.user),
        ActorKind.PROVIDER: PROVIDER,
        ActorKind.CLOCK: CLOCK,
        ActorKind.PAYMENT: PAYMENT,
    }.get(row.who) or Actor.staff(StaffFactory())


def details(row: Transition, dossier: Dossier) -> dict:
    given = given_for(dossier, row.action, NOW)
    values = {
        "reason": "Un motif.",
        "done_percent": 40,
        "marks": MARKS,
        "payment": dossier.payments.first(),
    }
    return given | {name: values[name] for name in row.details if name not in given}


@pytest.mark.django_db
@pytest.mark.parametrize("state", list(State))
def test_a_refused_step_leaves_nothing(state):
    dossier = bring_to(state)
    staff = Actor.staff(StaffFactory())
    actors = [Actor.titulaire(dossier.user), PROVIDER, CLOCK, PAYMENT, staff]
    before = everything()

    for action, who in product(Action, actors):
        if (state, action, who.kind) in expected():
            continue
        with pytest.raises(DossierError):
            services.perform(dossier=dossier, action=action, actor=who, at=NOW)

    assert everything() == before


def everything() -> list:
    return [
        list(model.objects.order_by("pk").values())
        for model in (Dossier, DossierEvent, Movement, RightsAccount, Payment)
    ]


@pytest.mark.django_db
def test_a_payment_refused_then_accepted_validates():
    dossier = pay(bring_to(S.PAYMENT_REFUSED), PaymentState.ACCEPTED)

    assert dossier.state == S.VALIDATED
    assert dossier.remainder_cents == 50_00
