"""Dossiers and ledger together against the model: any order of steps, actors and days, checked each time.

A suite plays an eighth of PORTAL_EXAMPLES stories (25 without it), `make test-long` 250.
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
    precondition,
    rule,
    run_state_machine_as_test,
)

from rights.audit import find_faults
from rights.dossiers import services
from rights.dossiers.exceptions import DossierError
from rights.dossiers.states import Action as A
from rights.models import Dossier, Payment, PaymentState, RightsAccount
from rights.services import open_account
from tests.factories import UserFactory
from tests.rights.dossiers.model import File, Refused, Story
from tests.rights.dossiers.steps import at_noon, do, make_session, pay
from tests.rights.ledger import give, give_dif

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
EXAMPLES = int(os.environ.get("PORTAL_EXAMPLES", "200")) // 8
CENTS = st.integers(1, 30).map(lambda hundreds: hundreds * 100_00 + 1)
PERCENT = st.sampled_from([0, 1, 33, 50, 100])
# the steps by what they lead to; the first ones more often, so that stories go far
FORTH = ["accept", "confirm", "propose", "accept_proposal", "declare_entry", "declare_end"]
BACK = [
    "refuse", "cancel_request", "refuse_proposal", "withdraw", "cancel", "cancel_late",
    "cancel_by_provider", "declare_absence", "abandon",
]  # fmt: skip
WITH_REASON = {"refuse", "cancel_by_provider"}


class Dossiers(RuleBasedStateMachine):
    def __init__(self):
        super().__init__()
        self.transaction = transaction.atomic()
        self.transaction.__enter__()
        self.story, self.dossiers = Story(today=date(2021, 3, 1)), []
        self.user = UserFactory()
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

    @rule(cents=CENTS)
    def credit(self, cents):
        give(self.user.titulaire, cents, year=None)
        self.story.cpf += cents

    @rule(days=st.sampled_from([1, 2, 5, 9, 20]))
    def clock(self, days):
        self.story.today = min(self.story.today + timedelta(days=days), date(2021, 12, 1))

    @rule()
    def expire(self):
        services.expire_due(at=self.now)
        for file in self.story.files:
            self.story.expire(file)

    @rule(price=CENTS, days=st.sampled_from([10, 17, 25, 40]))
    def enrol(self, price, days):
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

    @precondition(lambda self: self.dossiers)
    @rule(data=st.data(), action=st.sampled_from([*FORTH, *FORTH, *BACK]), cents=CENTS)
    def step(self, data, action, cents):
        file, dossier = self.pick(data)
        share = data.draw(PERCENT) if action == "cancel_by_provider" else 0
        value = cents if action == "propose" else share
        self.both(
            lambda: self.story.take(file, action, value),
            lambda: do(dossier, A(action), self.now, **self.details(dossier, action, value)),
        )

    @precondition(lambda self: self.dossiers)
    @rule(data=st.data(), percent=PERCENT)
    def service(self, data, percent):
        file, dossier = self.pick(data)
        self.both(
            lambda: self.story.take(file, "declare_service", percent),
            lambda: do(dossier, A.DECLARE_SERVICE, self.now, done_percent=percent),
        )

    @precondition(lambda self: self.dossiers)
    @rule(data=st.data(), outcome=st.sampled_from(["accepted", "accepted", "refused"]))
    def payment(self, data, outcome):
        file, dossier = self.pick(data)
        self.both(
            lambda: self.story.take(file, outcome),
            lambda: pay(dossier, PaymentState(outcome), self.now),
        )

    def pick(self, data):
        return data.draw(st.sampled_from(list(zip(self.story.files, self.dossiers, strict=True))))

    def details(self, dossier, action, value) -> dict:
        given = {"reason": "Un motif."} if action in WITH_REASON else {}
        if action == "propose":
            given["price_cents"] = value
        if action == "cancel_by_provider":
            dossier.refresh_from_db()
            if dossier.state == "in_training":
                given["done_percent"] = value
        if action == "accept_proposal":
            dossier.refresh_from_db()
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
            stateful_step_count=20,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            print_blob=True,
        ),
    )
