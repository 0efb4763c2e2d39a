"""A large abondement is proposed by one member of the staff and decided by another."""

from datetime import date
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts.models import AuditEvent
from accounts.roles import Role
from rights.audit import find_faults
from rights.exceptions import IdempotencyConflict, NeedsSecondPerson, ProposalDecided, SamePerson
from rights.models import Abondement, CorrectionProposal, Financer, Movement, RightsAccount
from rights.services import (
    approve_correction,
    correct,
    grant_abondement,
    propose_abondement,
    refuse_correction,
)
from tests.desk import open_file
from tests.factories import CertificationFactory, StaffFactory, TitulaireFactory
from tests.rights.ledger import give

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 22)
TERMS = {
    "financer": Financer.EMPLOYER,
    "financer_name": "Imprimerie du Pont",
    "legal_basis": "Code du travail, art. L6323-4, II",
    "expires_on": date(2027, 12, 31),
    "is_used_before_cpf": False,
    "conditions": "Sur accord",
}


@pytest.fixture
def account():
    return give(TitulaireFactory(), 500_00).account


def propose(account, cents=3_000_00, **fields):
    content = {"reason": "Lettre du 3 mai", "author": StaffFactory(), "idempotency_key": "staff:1"}
    return propose_abondement(
        account=account, amount_cents=cents, today=TODAY, **(TERMS | content | fields)
    )


def grant(account, author, cents):
    return grant_abondement(
        titulaire=account.titulaire, author=author, amount_cents=cents, today=TODAY,
        financer="region", financer_name="Région", idempotency_key=str(uuid4()),
    )  # fmt: skip


def test_approved_proposal_becomes_the_abondement_with_its_terms(account):
    kept = CertificationFactory(code="RNCP35584")
    proposal = propose(account, certifications=[kept])

    decided = approve_correction(proposal=proposal, author=StaffFactory(), today=TODAY)

    abondement = Abondement.objects.get()
    assert {name: getattr(abondement, name) for name in TERMS} == TERMS
    assert list(abondement.certifications.all()) == [kept]
    assert (abondement.remaining_cents, abondement.author) == (3_000_00, proposal.proposed_by)
    assert decided.movement == abondement.movements.get()
    assert [event.facts["step"] for event in AuditEvent.objects.order_by("position")] == [
        "proposed", "approved",
    ]  # fmt: skip
    assert list(find_faults()) == []


def test_nobody_decides_her_own_proposal_and_nothing_is_added_before(account):
    proposal = propose(account)

    for decide in (refuse_correction, lambda **who: approve_correction(today=TODAY, **who)):
        with pytest.raises(SamePerson):
            decide(proposal=proposal, author=proposal.proposed_by)

    assert not Abondement.objects.exists()
    assert list(CorrectionProposal.objects.pending()) == [proposal]


def test_proposal_is_decided_once(account):
    approved, refused = propose(account), propose(account, idempotency_key="staff:2")
    approve_correction(proposal=approved, author=StaffFactory(), today=TODAY)
    refuse_correction(proposal=refused, author=StaffFactory())

    for proposal in (approved, refused):
        with pytest.raises(ProposalDecided):
            approve_correction(proposal=proposal, author=StaffFactory(), today=TODAY)

    assert Abondement.objects.count() == 1


def test_what_two_people_granted_is_not_counted_as_done_alone(account):
    proposal = propose(account)
    approve_correction(proposal=proposal, author=StaffFactory(), today=TODAY)

    assert grant(account, proposal.proposed_by, 1_000_00).pk
    with pytest.raises(NeedsSecondPerson):
        grant(account, proposal.proposed_by, 1)
    with pytest.raises(NeedsSecondPerson):
        correct(
            account=account, pocket="cpf", amount_cents=-1, reason="Erreur", today=TODAY,
            author=proposal.proposed_by,
        )  # fmt: skip


def test_abondement_that_ended_before_its_approval_still_waits(account):
    proposal = propose(account)

    with pytest.raises(ValidationError, match="La date de fin vient après"):
        approve_correction(proposal=proposal, author=StaffFactory(), today=date(2028, 1, 1))

    assert list(CorrectionProposal.objects.pending()) == [proposal]


def test_proposal_posted_twice_is_one(account):
    author = StaffFactory()

    assert propose(account, author=author) == propose(account, author=author)
    with pytest.raises(IdempotencyConflict):
        propose(account, author=author, financer_name="Autre")


@pytest.mark.parametrize(
    "wrong",
    [
        {"reason": " "}, {"cents": -1}, {"financer_name": ""}, {"financer": "or"},
        {"expires_on": date(2026, 11, 21)}, {"financer": Financer.CIVIC, "cents": 720_01},
    ],
    ids=["reason", "amount", "name", "financer", "ended", "civic"],
)  # fmt: skip
def test_proposal_that_makes_no_sense_is_refused(account, wrong):
    with pytest.raises(ValidationError):
        propose(account, **wrong)

    assert not CorrectionProposal.objects.exists()


def test_database_refuses_an_abondement_that_takes_away(account):
    with pytest.raises(IntegrityError), transaction.atomic():
        CorrectionProposal.objects.filter(pk=propose(account).pk).update(amount_cents=-1)


# --- The pages ---------------------------------------------------------------------------------


def fields(**changes) -> dict:
    return {
        "financer": "employer", "financer_name": "Imprimerie du Pont", "amount_cents": "1 000,01",
        "expires_on": "31/12/2099", "certifications": "", "is_used_before_cpf": "on", "conditions": "",
        "legal_basis": "Code du travail, art. L6323-4, II", "reason": "", "idempotency_key": str(uuid4()),
    } | changes  # fmt: skip


@pytest.fixture
def desk(client, sasha, open_files):
    client.force_login(sasha)
    return client


@pytest.fixture
def held(camille):
    return RightsAccount.objects.get(titulaire=camille.titulaire)


def top_up(desk, account, **changes):
    open_file(desk, account.titulaire.user)
    address = reverse("admin:rights_rightsaccount_top_up", args=[account.pk])
    return desk.post(address, fields(**changes))


def decision(proposal) -> str:
    return reverse("admin:rights_correctionproposal_decide", args=[proposal.pk])


def test_top_up_above_the_threshold_asks_why_then_waits(desk, held):
    first = top_up(desk, held, amount_cents="600")
    asked = top_up(desk, held, amount_cents="400,01")
    proposed = top_up(desk, held, amount_cents="400,01", reason="Lettre du financeur")

    held.refresh_from_db()
    said = desk.get(proposed.headers["Location"]).content.decode()
    assert [answer.status_code for answer in (first, asked, proposed)] == [302, 422, 302]
    assert "écrivez-lui ce qui prouve cet abondement" in asked.content.decode()
    assert "une autre personne doit le valider" in said
    assert "correction ou abondement à valider" in said
    assert held.abondement_cents == 600_00
    assert CorrectionProposal.objects.get().amount_cents == 400_01


def test_second_person_reads_the_terms_and_approves(desk, held):
    CertificationFactory(code="RNCP35584")
    top_up(desk, held, reason="Lettre", certifications="RNCP35584", conditions="Sur accord")
    page = decision(CorrectionProposal.objects.get())

    own = desk.post(page, {"decision": "approve"})
    desk.force_login(StaffFactory(roles=Role))
    read = desk.get(page).content.decode()
    done = desk.post(page, {"decision": "approve"})

    held.refresh_from_db()
    assert own.status_code == 422
    assert "Une autre personne que vous" in own.content.decode()
    for words in ("Imprimerie du Pont", "RNCP35584", "31 décembre 2099", "Sur accord", "Lettre"):
        assert words in read
    assert "Valider l’abondement" in read
    assert done.status_code == 302
    assert held.abondement_cents == 1_000_01


def test_refused_abondement_adds_nothing_and_leaves_the_queue(desk, held):
    top_up(desk, held, reason="Lettre")
    proposal = CorrectionProposal.objects.get()
    desk.force_login(StaffFactory(roles=Role))

    desk.post(decision(proposal), {"decision": "refuse"})

    page = reverse("admin:rights_correctionproposal_changelist")
    listed = desk.get(page, {"nature": "abondement", "state__exact": "refused"}).content.decode()
    assert f"abondement à valider n° {proposal.pk}" in listed
    assert f"n° {proposal.pk}" not in desk.get(page, {"nature": "correction"}).content.decode()
    assert not Movement.objects.filter(pocket="abondement").exists()
