"""The DIF as a service: credited once, corrected while unused, examined by the staff."""

from datetime import date

import pytest

from accounts.models import OutgoingMail
from rights.exceptions import DifClosed, DifDeclared, DifUsed, DifWorn
from rights.models import DifDeclaration, DifState, Movement, MovementKind, RightsAccount
from rights.models.dif import MAX_REVISIONS
from rights.proofs import dif_proofs
from rights.services import accept_dif, correct_dif, refuse_dif
from tests.factories import StaffFactory, TitulaireFactory, UserFactory
from tests.rights import images
from tests.rights.dif import TODAY, declare, leave_dif_open, proof
from tests.rights.ledger import give, give_dif, spend_dif

pytestmark = pytest.mark.django_db


def account_of(declaration: DifDeclaration) -> RightsAccount:
    return RightsAccount.objects.get(pk=declaration.account_id)


def test_hours_are_credited_at_once_inside_the_total():
    titulaire = TitulaireFactory()
    give(titulaire, 500_00)

    declaration = declare(titulaire, hours=24)

    account = account_of(declaration)
    assert (account.dif_cents, account.available_cents) == (360_00, 860_00)
    assert declaration.state == DifState.TO_EXAMINE
    movement = Movement.objects.get(kind=MovementKind.DIF)
    assert (movement.amount_cents, movement.year, movement.effective_on) == (360_00, 2014, TODAY)
    assert movement.legal_basis == "Décret n° 2018-1153 du 14 décembre 2018"
    assert movement.details == {"hours": 24, "cents_per_hour": 15_00}


@pytest.mark.parametrize("hours", [1, 120])
def test_hours_go_from_one_to_the_ceiling(hours):
    assert declare(TitulaireFactory(), hours=hours).amount_cents == hours * 15_00


@pytest.mark.parametrize("hours", [-1, 0, 121])
def test_impossible_hours_leave_neither_movement_nor_file(hours, var_dir):
    with pytest.raises(ValueError, match="hours"):
        declare(TitulaireFactory(), hours=hours)

    assert not Movement.objects.exists()
    assert not (var_dir / "pieces").exists()


def test_last_day_is_the_one_of_the_parameter():
    assert declare(TitulaireFactory(), today=date(2021, 6, 30))
    with pytest.raises(DifClosed):
        declare(TitulaireFactory(), today=date(2021, 7, 1))


def test_operator_may_leave_it_open():
    leave_dif_open()

    assert declare(TitulaireFactory(), today=date(2026, 11, 22))


def test_second_declaration_is_refused_and_its_file_removed(var_dir):
    titulaire = TitulaireFactory()
    declare(titulaire)

    with pytest.raises(DifDeclared):
        declare(titulaire)

    assert DifDeclaration.objects.count() == 1
    assert len(list((var_dir / "pieces").iterdir())) == 1


def test_dif_of_the_register_is_not_declared_again():
    titulaire = TitulaireFactory()
    give_dif(titulaire)

    with pytest.raises(DifDeclared):
        declare(titulaire)


def test_correction_is_made_of_counter_movements():
    declaration = declare(TitulaireFactory(), hours=24)

    correct_dif(declaration=declaration, hours=20, proof=None, today=TODAY)

    assert account_of(declaration).dif_cents == 300_00
    assert list(Movement.objects.order_by("pk").values_list("kind", "amount_cents")) == [
        (MovementKind.DIF, 360_00),
        (MovementKind.DIF_WITHDRAWAL, -360_00),
        (MovementKind.DIF, 300_00),
    ]


def test_correction_with_a_new_proof_forgets_the_former(
    var_dir, django_capture_on_commit_callbacks
):
    declaration = declare(TitulaireFactory())

    with django_capture_on_commit_callbacks(execute=True):
        corrected = correct_dif(
            declaration=declaration, hours=24, proof=proof(images.jpeg()), today=TODAY
        )

    assert corrected.proof_type == "image/jpeg"
    assert dif_proofs.load(corrected.proof_name)
    assert len(list((var_dir / "pieces").iterdir())) == 1
    assert Movement.objects.count() == 1


def test_correction_sends_an_accepted_proof_back_to_the_queue():
    declaration = declare(TitulaireFactory())
    accept_dif(declaration=declaration, author=StaffFactory())

    corrected = correct_dif(declaration=declaration, hours=30, proof=None, today=TODAY)

    assert corrected.state == DifState.TO_EXAMINE
    assert corrected.decided_by is None


def test_used_dif_is_corrected_no_more():
    declaration = declare(TitulaireFactory())
    spend_dif(declaration.account, 1)

    with pytest.raises(DifUsed):
        correct_dif(declaration=declaration, hours=20, proof=None, today=TODAY)

    assert account_of(declaration).dif_cents == 359_99


def test_corrections_are_bounded():
    declaration = declare(TitulaireFactory(), hours=1)
    for hours in range(2, MAX_REVISIONS + 1):
        correct_dif(declaration=declaration, hours=hours, proof=None, today=TODAY)

    with pytest.raises(DifWorn):
        correct_dif(declaration=declaration, hours=50, proof=None, today=TODAY)


def test_accepted_proof_leaves_the_queue():
    declaration, author = declare(TitulaireFactory()), StaffFactory()

    accept_dif(declaration=declaration, author=author)

    declaration.refresh_from_db()
    assert (declaration.state, declaration.decided_by) == (DifState.ACCEPTED, author)
    assert not DifDeclaration.objects.to_examine().exists()
    with pytest.raises(DifDeclared):
        accept_dif(declaration=declaration, author=author)


def test_refusal_takes_everything_back_when_nothing_is_used():
    declaration = declare(TitulaireFactory())

    refused = refuse_dif(
        declaration=declaration, author=StaffFactory(), reason="Illisible", today=TODAY
    )

    assert (refused.taken_back_cents, refused.spent_cents) == (360_00, 0)
    assert account_of(declaration).dif_cents == 0
    assert Movement.objects.latest("pk").reason == "Justificatif refusé\u00a0: Illisible"


def test_refusal_says_what_was_spent():
    declaration = declare(TitulaireFactory())
    spend_dif(declaration.account, 100_00)

    refused = refuse_dif(
        declaration=declaration, author=StaffFactory(), reason="Illisible", today=TODAY
    )

    assert (refused.taken_back_cents, refused.spent_cents) == (260_00, 100_00)
    assert account_of(declaration).dif_cents == 0


def test_decisions_are_mailed_with_the_reason(mailoutbox, django_capture_on_commit_callbacks):
    user, author = UserFactory(), StaffFactory()
    declaration = declare(user.titulaire)

    with django_capture_on_commit_callbacks(execute=True):
        accept_dif(declaration=declaration, author=author)
        refuse_dif(declaration=declaration, author=author, reason="Page <2> coupée", today=TODAY)

    accepted, refused = mailoutbox
    assert accepted.to == refused.to == [user.email]
    assert "accepté" in accepted.subject
    assert "Motif\u00a0: Page <2> coupée" in refused.body
    assert "Page &lt;2&gt; coupée" in refused.alternatives[0][0]
    assert not OutgoingMail.objects.exclude(facts={}).exists()


def test_decision_on_somebody_without_an_account_mails_nobody():
    accept_dif(declaration=declare(TitulaireFactory()), author=StaffFactory())

    assert not OutgoingMail.objects.exists()


@pytest.mark.parametrize("reason", ["", "   "])
def test_refusal_needs_a_reason(reason):
    declaration = declare(TitulaireFactory())

    with pytest.raises(ValueError, match="reason"):
        refuse_dif(declaration=declaration, author=StaffFactory(), reason=reason, today=TODAY)

    assert account_of(declaration).dif_cents == 360_00


def test_refused_person_declares_again_with_another_proof():
    titulaire = TitulaireFactory()
    refuse_dif(
        declaration=declare(titulaire), author=StaffFactory(), reason="Illisible", today=TODAY
    )

    again = declare(titulaire, hours=30)

    assert account_of(again).dif_cents == 450_00


def test_refused_and_spent_dif_is_not_declared_again():
    titulaire = TitulaireFactory()
    declaration = declare(titulaire)
    spend_dif(declaration.account, 100_00)
    refuse_dif(declaration=declaration, author=StaffFactory(), reason="Illisible", today=TODAY)

    with pytest.raises(DifDeclared):
        declare(titulaire)
