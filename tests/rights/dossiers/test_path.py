"""From a draft to the end of the training, and what becomes of the rights at each end."""

import pytest

from rights.audit import find_faults
from rights.dossiers.states import State as S
from rights.models import PaymentState, ReservationState
from tests.rights.dossiers.steps import (
    PRICE,
    bring_to,
    pay,
)

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("state", list(S))
def test_each_state_is_reached(state):
    dossier = bring_to(state)

    assert dossier.state == state
    assert dossier.events.count() >= 1
    assert list(find_faults()) == []


def test_a_remainder_is_paid_by_card():
    dossier = bring_to(S.PAYMENT_REFUSED)

    pay(dossier, PaymentState.ACCEPTED)

    assert dossier.state == S.VALIDATED
    assert (dossier.cpf_cents, dossier.remainder_cents) == (PRICE - 50_00, 50_00)
    assert dossier.reservation.state == ReservationState.HELD
