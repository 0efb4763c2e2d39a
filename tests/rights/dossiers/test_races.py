"""What no page sends twice, sent twice at once: a payment is noted once, a draft is one.

Real requests are in test_request_races. Two, four and twenty at a time, for PORTAL_ROUNDS
rounds (one without it, fifty by `make test-long`).
"""

import os

import pytest

from rights.dossiers import services
from rights.dossiers.states import Action as A
from rights.dossiers.states import State as S
from rights.models import (
    Dossier,
    Payment,
    PaymentState,
)
from tests.parallel import in_parallel
from tests.rights.dossiers.steps import (
    NOW,
    bring_to,
    do,
    draft,
    make_session,
    make_user,
)

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.concurrency]
ROUNDS = int(os.environ.get("PORTAL_ROUNDS", "1"))
AT_ONCE = (2, 4, 20)


@pytest.mark.parametrize("times", AT_ONCE)
def test_a_payment_notified_many_times_at_once_pays_once(times):
    for _ in range(ROUNDS):
        dossier = do(bring_to(S.PAYING), A.PAY)
        payment = dossier.payments.get()

        results = in_parallel(
            lambda _: services.notify_payment(
                reference=payment.reference,  # noqa: B023 called within the round
                outcome=PaymentState.ACCEPTED,
                amount_cents=payment.amount_cents,  # noqa: B023
                at=NOW,
            ),
            range(times),
        )

        assert {type(result) for result in results} == {Payment}
        dossier.refresh_from_db()
        assert dossier.state == S.VALIDATED
        assert dossier.events.filter(action=A.PAYMENT_ACCEPTED).count() == 1
        assert dossier.payments.get().refund_cents == 0


def test_a_draft_prepared_many_times_at_once_is_one():
    user, session = make_user(), make_session()

    results = in_parallel(lambda _: draft(user, session), range(8))

    assert set(results) == {Dossier.objects.get()}
