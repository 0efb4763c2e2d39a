"""A large correction needs two people."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from rights.exceptions import (
    IdempotencyConflict,
    InsufficientRights,
    NeedsSecondPerson,
    ProposalDecided,
    SamePerson,
)
from rights.models import CorrectionProposal, Movement, Parameter, ParameterName, Pocket
from rights.services import (
    approve_correction,
    correct,
    propose_correction,
    refuse_correction,
)
from tests.factories import StaffFactory, TitulaireFactory
from tests.rights.ledger import give

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 22)


@pytest.fixture
def account():
    return give(TitulaireFactory(), 2_000_00).account


def propose(account, cents=-1_500_00, **fields):
    content = {
        "pocket": Pocket.CPF, "reason": " Compte confondu ", "author": StaffFactory(),
        "idempotency_key": "formulaire",
    }  # fmt: skip
    return propose_correction(account=account, amount_cents=cents, **(content | fields))


def correct_by(account, cents):
    return correct(
        account=account,
        pocket=Pocket.CPF,
        amount_cents=cents,
        reason="Erreur",
        author=StaffFactory(),
        today=TODAY,
    )


@pytest.mark.parametrize("cents", [1_000_01, -1_000_01])
def test_correction_above_the_threshold_needs_a_second_person(account, cents):
    with pytest.raises(NeedsSecondPerson):
        correct_by(account, cents)

    assert Movement.objects.count() == 1
    assert correct_by(account, 1_000_00).pk


def test_threshold_is_the_operators(account):
    Parameter.objects.create(
        name=ParameterName.SECOND_PERSON_ABOVE,
        value=10_00,
        valid_from=TODAY,
        legal_basis="Règle interne",
    )

    with pytest.raises(NeedsSecondPerson):
        correct_by(account, 10_01)


def test_second_person_records_the_correction(account):
    proposal = propose(account)

    decided = approve_correction(proposal=proposal, author=StaffFactory(), today=TODAY)

    assert decided.state == "approved"
    assert decided.movement.author == proposal.proposed_by
    assert decided.movement.reason == "Compte confondu"
    account.refresh_from_db()
    assert account.available_cents == 500_00


def test_nobody_decides_her_own_proposal(account):
    proposal = propose(account)

    with pytest.raises(SamePerson):
        approve_correction(proposal=proposal, author=proposal.proposed_by, today=TODAY)
    with pytest.raises(IntegrityError), transaction.atomic():
        CorrectionProposal.objects.filter(pk=proposal.pk).update(decided_by=proposal.proposed_by)


def test_proposal_is_decided_once(account):
    proposal, second = propose(account), StaffFactory()
    refuse_correction(proposal=proposal, author=second)

    with pytest.raises(ProposalDecided):
        approve_correction(proposal=proposal, author=second, today=TODAY)

    assert Movement.objects.count() == 1


def test_proposal_that_the_pocket_cannot_bear_still_waits(account):
    proposal = propose(account, -2_000_01)

    with pytest.raises(InsufficientRights):
        approve_correction(proposal=proposal, author=StaffFactory(), today=TODAY)

    assert list(CorrectionProposal.objects.pending()) == [proposal]


def test_proposal_posted_twice_is_one(account):
    author = StaffFactory()

    assert propose(account, author=author) == propose(account, author=author)
    with pytest.raises(IdempotencyConflict):
        propose(account, -1, author=author)


@pytest.mark.parametrize("fields", [{"reason": " "}, {"cents": 0}, {"pocket": "or"}])
def test_proposal_needs_a_reason_a_pocket_and_an_amount(account, fields):
    with pytest.raises(ValidationError):
        propose(account, **fields)
