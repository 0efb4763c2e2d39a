"""Dossiers and ledger together against the model: any order of steps, actors and days, checked each time.

A suite plays an eighth of PORTAL_EXAMPLES stories (12 without it), `make test-long` 250.
"""

import os
from datetime import date, timedelta

import pytest
from django.db import transaction
from django.db.models import Sum
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from rights.audit import find_faults
from rights.dossiers import services
from rights.dossiers.actors import Actor
from rights.dossiers.exceptions import DossierError
from rights.dossiers.states import Action as A
from rights.models import Dossier, Payment, PaymentState, RightsAccount
from rights.services import open_account
from tests.factories import StaffFactory, UserFactory
from tests.rights.dossiers.model import File, Refused, Story
from tests.rights.dossiers.steps import at_noon, do, make_session, pay
from tests.rights.ledger import give, give_dif

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
EXAMPLES = int(os.environ.get("PORTAL_EXAMPLES", "100")) // 8
LAST_DAY = date(2021, 12, 1)
CENTS = st.integers(1, 30).map(lambda hundreds: hundreds * 100_00 + 1)
PERCENT = st.sampled_from([0, 1, 33, 50, 100])
# what the provider of payments says is no action of the table
OUTCOMES = {"accepted": PaymentState.ACCEPTED, "refused": PaymentState.REFUSED}
ACTIONS = [
    "accept", "confirm", "propose", "accept_proposal", "declare_entry", "declare_end", "refuse",
    "cancel_request", "refuse_proposal", "withdraw", "cancel", "cancel_late", "cancel_by_provider",
    "declare_absence", "retract_absence", "abandon", "declare_service",
    "claim_force_majeure", "recommend_force_majeure", "accept_force_majeure",
    "refuse_force_majeure", "report_fraud",
    "cancel_for_fraud", "dismiss_fraud", *OUTCOMES,
]  # fmt: skip
# tried more often, so that stories go far
FORTH = {
    "accept", "confirm", "propose", "accept_proposal", "accepted", "declare_entry", "declare_end",
    "declare_service",
}  # fmt: skip
WITH_REASON = {
    "refuse", "cancel_by_provider", "claim_force_majeure", "recommend_force_majeure",
    "accept_force_majeure",
    "refuse_force_majeure", "report_fraud", "cancel_for_fraud", "dismiss_fraud",
}  # fmt: skip

# in training, they say how much of it took place
WITH_SHARE = {"cancel_by_provider", "recommend_force_majeure", "accept_force_majeure"}
BY_STAFF = {
    "recommend_force_majeure", "accept_force_majeure", "refuse_force_majeure", "report_fraud",
    "cancel_for_fraud", "dismiss_fraud",
}  # fmt: skip


class Dossiers(RuleBasedStateMachine):
    def __init__(self):
        super().__init__()
        self.transaction = transaction.atomic()
        self.transaction.__enter__()
        self.story, self.dossiers = Story(today=date(2021, 3, 1)), []
        self.user = UserFactory()
        self.agents = [StaffFactory(), StaffFactory()]
        open_account(titulaire=self.user.titulaire)

    def teardown(self):
        faults = list(find_faults())
        transaction.set_rollback(True)
        self.transaction.__exit__(None, None, None)
        assert faults == []

    def both(self, model, ours) -> None:
        """Do the same on the portal and on the model: both take the step or both refuse it."""
        try:
            model()
        except Refused:
            with pytest.raises(DossierError):
                ours()
        else:
            ours()

    @property
    def now(self):
        return at_noon(self.story.today)

    @initialize(cents=CENTS, hours=st.integers(0, 40))
    def rights(self, cents, hours):
        self.credit(cents)
        if hours:
            give_dif(self.user.titulaire, hours * 15_00)
            self.story.dif += hours * 15_00

    @rule(data=st.data())
    def live(self, data):
        """One rule that draws what happens: hypothesis would leave some rules out of most stories."""
        events = [self.go_on] * 6 + [self.enrol] * 2 + [self.earn, self.expire, self.rest]
        data.draw(st.sampled_from(events if self.dossiers else [self.enrol]))(data)

    def credit(self, cents):
        give(self.user.titulaire, cents, year=None)
        self.story.cpf += cents

    def earn(self, data):
        self.credit(data.draw(CENTS))

    def rest(self, data):
        days = data.draw(st.sampled_from([2, 5, 12]))
        self.story.today = min(self.story.today + timedelta(days=days), LAST_DAY)

    def expire(self, data):
        services.expire_due(at=self.now)
        for file in self.story.files:
            self.story.expire(file)

    def enrol(self, data):
        price, days = data.draw(CENTS), data.draw(st.sampled_from([10, 17, 25, 40, 60]))
        file = File(price, self.story.today + timedelta(days=days))
        session = make_session(starts_on=file.start, ends_on=None, offer__price_cents=price)
        dossier = services.prepare(user=self.user, session=session, at=self.now)
        self.story.files.append(file)
        self.dossiers.append(dossier)
        review = services.review(dossier=dossier, at=self.now)
        self.both(
            lambda: self.story.take(file, "send"),
            lambda: do(dossier, A.SEND, self.now, reviewed=review.digest),
        )

    def go_on(self, data):
        """Several steps of one dossier, mostly such as its state knows, with days in between."""
        living = [n for n, file in enumerate(self.story.files) if self.story.steps(file)]
        number = data.draw(st.sampled_from(living * 8 + list(range(len(self.dossiers)))))
        file, dossier = self.story.files[number], self.dossiers[number]
        for _ in range(data.draw(st.integers(1, 5))):
            self.wait(file, data)
            known = self.story.steps(file)
            names = [name for name in known if name in FORTH] * 12 + known * 3 + ACTIONS
            self.step(file, dossier, data.draw(st.sampled_from(names)), data)
            self.portal_is_the_model()

    def wait(self, file, data):
        """Let a day or two pass, or come to what matters before a start."""
        if file.state == "validated":
            early = data.draw(st.sampled_from([0, 0, 0, 5, 11, 12, 30]))
            day = file.start - timedelta(days=early)
        else:
            day = self.story.today + timedelta(
                days=data.draw(st.sampled_from([0, 0, 0, 0, 0, 1, 4]))
            )
        self.story.today = min(max(self.story.today, day), LAST_DAY)

    def step(self, file, dossier, action, data):
        value = data.draw(CENTS if action == "propose" else PERCENT)
        if action in OUTCOMES:
            self.both(
                lambda: self.story.take(file, action),
                lambda: pay(dossier, OUTCOMES[action], self.now),
            )
            return
        agent = data.draw(st.sampled_from([0, 1])) if action in BY_STAFF else None
        who = None if agent is None else Actor.staff(self.agents[agent])
        self.both(
            lambda: self.story.take(file, action, value, agent or 0),
            lambda: do(dossier, A(action), self.now, who, **self.details(dossier, action, value)),
        )

    def details(self, dossier, action, value) -> dict:
        dossier.refresh_from_db()
        given = {"reason": "Un motif."} if action in WITH_REASON else {}
        if action == "propose":
            given["price_cents"] = value
        if action == "declare_service" or (action in WITH_SHARE and dossier.state == "in_training"):
            given["done_percent"] = value
        if action == "accept_proposal":
            given["reviewed"] = services.review(dossier=dossier, at=self.now).digest
        return given

    @invariant()
    def portal_is_the_model(self):
        account = RightsAccount.objects.get(titulaire=self.user.titulaire)
        story = self.story
        assert (account.cpf_cents, account.dif_cents) == (story.cpf, story.dif)
        assert account.reserved_cents == story.reserved
        rows = Dossier.objects.order_by("pk").values_list("state", "due_on", "price_cents")
        assert list(rows) == [(f.state, f.due, f.price) for f in story.files]
        owed = Payment.objects.aggregate(sum=Sum("refund_cents", default=0))["sum"]
        assert owed == sum(f.refunded for f in story.files)


def test_dossiers_follow_the_model():
    run_state_machine_as_test(
        Dossiers,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=12,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            print_blob=True,
        ),
    )
