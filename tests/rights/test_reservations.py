"""Reserve, spend, release: each once, and every balance the sum of its movements."""

from datetime import date

import pytest
from django.db.models import Sum

from rights.exceptions import (
    AccountClosed,
    IdempotencyConflict,
    InsufficientRights,
    ReservationResolved,
)
from rights.models import (
    Abondement,
    ClosingReason,
    Financer,
    Movement,
    MovementKind,
    Pocket,
    Reservation,
    RightsAccount,
)
from rights.services import (
    close_account,
    correct,
    expire_abondements,
    grant_abondement,
    release,
    reserve,
    spend,
)
from tests.factories import CertificationFactory, StaffFactory, TitulaireFactory
from tests.rights.ledger import give, give_abondement, give_dif

pytestmark = pytest.mark.django_db
TODAY = date(2022, 5, 2)


@pytest.fixture
def account():
    """500 € of CPF and 360 € of DIF."""
    titulaire = TitulaireFactory()
    give_dif(titulaire)
    return give(titulaire).account


def hold(account, cents=600_00, reference="D1", **fields):
    return reserve(account=account, amount_cents=cents, reference=reference, today=TODAY, **fields)


def top_up(account, cents=200_00, **fields):
    content = {
        "titulaire": account.titulaire,
        "financer": Financer.REGION,
        "financer_name": "Région Bretagne",
        "amount_cents": cents,
        "today": TODAY,
        "idempotency_key": f"aide:{Abondement.objects.count()}",
    }
    return grant_abondement(**(content | fields))


def balances(account):
    account.refresh_from_db()
    return (
        account.cpf_cents, account.dif_cents, account.abondement_cents,
        account.cpf_reserved_cents, account.dif_reserved_cents, account.abondement_reserved_cents,
    )  # fmt: skip


def assert_ledger_agrees():
    assert not RightsAccount.objects.inconsistent().exists()
    assert not Abondement.objects.inconsistent().exists()


def test_reserve_takes_the_dif_first(account):
    reservation = hold(account)

    assert balances(account) == (260_00, 0, 0, 240_00, 360_00, 0)
    assert list(
        reservation.movements.order_by("pk").values_list("kind", "pocket", "amount_cents")
    ) == [("reservation", "dif", -360_00), ("reservation", "cpf", -240_00)]
    assert_ledger_agrees()


def test_release_gives_each_pocket_its_part_back(account):
    reservation = release(reservation=hold(account), today=TODAY)

    assert reservation.state == "released"
    assert balances(account) == (500_00, 360_00, 0, 0, 0, 0)
    assert_ledger_agrees()


def test_spend_pays_and_gives_the_rest_back_to_the_last_pockets(account):
    reservation = spend(reservation=hold(account), amount_cents=400_00, today=TODAY)

    assert (reservation.state, reservation.spent_cents) == ("spent", 400_00)
    assert balances(account) == (460_00, 0, 0, 0, 0, 0)
    spent = Movement.objects.filter(kind=MovementKind.SPEND).aggregate(sum=Sum("amount_cents"))
    assert spent["sum"] == -400_00
    assert_ledger_agrees()


def test_reservation_beyond_the_rights_changes_nothing(account):
    with pytest.raises(InsufficientRights):
        hold(account, 860_01)

    assert balances(account) == (500_00, 360_00, 0, 0, 0, 0)
    assert not Reservation.objects.exists()
    assert hold(account, 860_00).amount_cents == 860_00


@pytest.mark.parametrize("cents", [0, -1])
def test_reservation_needs_an_amount(account, cents):
    with pytest.raises(ValueError, match="amount"):
        hold(account, cents)


def test_same_reference_reserves_once(account):
    assert hold(account) == hold(account)

    assert balances(account)[:2] == (260_00, 0)
    with pytest.raises(IdempotencyConflict):
        hold(account, 1_00)
    with pytest.raises(IdempotencyConflict):
        hold(give(TitulaireFactory()).account, 600_00)


def test_reservation_is_resolved_once(account):
    reservation = hold(account)
    spend(reservation=reservation, amount_cents=100_00, today=TODAY)

    spend(reservation=reservation, amount_cents=100_00, today=TODAY)
    with pytest.raises(ReservationResolved):
        spend(reservation=reservation, amount_cents=200_00, today=TODAY)
    with pytest.raises(ReservationResolved):
        release(reservation=reservation, today=TODAY)

    assert balances(account) == (500_00, 260_00, 0, 0, 0, 0)


@pytest.mark.parametrize("cents", [0, -1, 600_01])
def test_spend_stays_within_the_reservation(account, cents):
    with pytest.raises(ValueError, match="at most"):
        spend(reservation=hold(account), amount_cents=cents, today=TODAY)


def test_abondement_serves_its_certifications_only(account):
    kept, other = CertificationFactory(), CertificationFactory()
    abondement = top_up(account, certifications=[kept])

    with pytest.raises(InsufficientRights):
        hold(account, 1_060_00, certification=other)
    hold(account, 1_060_00, certification=kept)

    abondement.refresh_from_db()
    assert abondement.remaining_cents == 0
    assert_ledger_agrees()


def test_abondement_before_or_after_the_cpf(account):
    top_up(account, is_used_before_cpf=False)
    hold(account, 460_00)
    assert balances(account)[:3] == (400_00, 0, 200_00)

    top_up(account, is_used_before_cpf=True)
    hold(account, 100_00, "D2")
    assert balances(account)[:3] == (400_00, 0, 300_00)


def test_abondement_of_the_register_serves_without_conditions(account):
    give_abondement(account.titulaire, 50_00)
    top_up(account, certifications=[CertificationFactory()])

    hold(account, 910_00)

    assert balances(account) == (0, 0, 200_00, 500_00, 360_00, 50_00)
    with pytest.raises(InsufficientRights):
        hold(account, 1, "D2")


def test_correction_without_a_name_leaves_the_abondements_alone(account):
    top_up(account)
    give_abondement(account.titulaire, 50_00)
    fields = {
        "account": account, "pocket": Pocket.ABONDEMENT, "reason": "Erreur",
        "author": StaffFactory(), "today": TODAY,
    }  # fmt: skip

    with pytest.raises(InsufficientRights):
        correct(amount_cents=-50_01, **fields)
    correct(amount_cents=-50_00, **fields)

    assert balances(account)[2] == 200_00
    assert_ledger_agrees()


def test_abondement_ends_and_goes_back_once(account):
    abondement = top_up(account, expires_on=TODAY)
    assert expire_abondements(today=TODAY) == 0

    assert expire_abondements(today=date(2022, 5, 3)) == 1
    assert expire_abondements(today=date(2022, 5, 3)) == 0

    abondement.refresh_from_db()
    assert (abondement.remaining_cents, abondement.refunded_cents) == (0, 200_00)
    assert balances(account)[2] == 0
    assert_ledger_agrees()


def test_ended_abondement_pays_for_nothing_and_released_goes_back(account):
    top_up(account, expires_on=TODAY)
    reservation = hold(account, 560_00)
    later = date(2022, 5, 3)
    assert expire_abondements(today=later) == 0

    release(reservation=reservation, today=later)
    with pytest.raises(InsufficientRights):
        reserve(account=account, amount_cents=860_01, reference="D2", today=later)
    assert expire_abondements(today=later) == 1

    assert balances(account) == (500_00, 360_00, 0, 0, 0, 0)
    assert_ledger_agrees()


def test_abondement_with_one_key_counts_once(account):
    assert top_up(account, idempotency_key="aide") == top_up(account, idempotency_key="aide")

    assert balances(account)[2] == 200_00
    with pytest.raises(IdempotencyConflict):
        top_up(account, 1_00, idempotency_key="aide")


def test_closed_account_pays_for_nothing_but_the_civic_account_of_a_pensioner(account):
    close_account(account=account, reason=ClosingReason.RETIREMENT, closed_on=TODAY)
    with pytest.raises(AccountClosed):
        hold(account, 1)

    top_up(account, 240_00, financer=Financer.CIVIC)
    with pytest.raises(InsufficientRights):
        hold(account, 240_01)
    hold(account, 240_00)

    assert balances(account)[:3] == (500_00, 360_00, 0)


def test_account_of_a_dead_person_pays_for_nothing(account):
    top_up(account, 240_00, financer=Financer.CIVIC)
    close_account(account=account, reason=ClosingReason.DEATH, closed_on=TODAY)

    with pytest.raises(AccountClosed):
        hold(account, 1)
