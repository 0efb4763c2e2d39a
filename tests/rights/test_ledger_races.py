"""Reservations, credits and runs under real threads; and what these tests would see unguarded."""

from datetime import date
from threading import Barrier, local

import pytest

from rights.audit import find_faults
from rights.exceptions import InsufficientRights, ReservationResolved
from rights.models import Abondement, CorrectionProposal, Movement, Reservation, RightsAccount
from rights.services import (
    approve_correction,
    expire_abondements,
    grant_abondement,
    ledger,
    propose_abondement,
    propose_correction,
    release,
    reservations,
    reserve,
    spend,
)
from tests.factories import StaffFactory, TitulaireFactory
from tests.parallel import in_parallel
from tests.rights.feed import line, run_feed
from tests.rights.ledger import give, give_dif

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.concurrency]
THREADS = 8
TODAY = date(2022, 5, 2)


def hold(account, cents, reference):
    return reserve(account=account, amount_cents=cents, reference=reference, today=TODAY)


def total(account) -> int:
    account.refresh_from_db()
    return account.available_cents


def won(results) -> list:
    """The results that are no refusal; an unexpected error fails the test."""
    refusals = (InsufficientRights, ReservationResolved)
    errors = [r for r in results if isinstance(r, Exception) and not isinstance(r, refusals)]
    assert errors == []
    return [result for result in results if not isinstance(result, Exception)]


def test_reservations_at_once_never_hold_more_than_the_rights():
    account = give(TitulaireFactory(), 500_00).account
    give_dif(account.titulaire, 100_00)

    results = in_parallel(lambda n: hold(account, 150_00, f"D{n}"), range(THREADS))

    assert len(won(results)) == 4
    assert total(account) == 0
    assert account.reserved_cents == 600_00
    assert list(find_faults()) == []


def test_one_reservation_asked_many_times_at_once_is_one():
    account = give(TitulaireFactory(), 500_00).account

    results = in_parallel(lambda _: hold(account, 400_00, "D1"), range(THREADS))

    assert set(won(results)) == {Reservation.objects.get()}
    assert total(account) == 100_00


def test_spending_and_releasing_at_once_resolve_once():
    account = give(TitulaireFactory(), 500_00).account
    reservation = hold(account, 500_00, "D1")

    def resolve(n):
        fresh = Reservation.objects.get(pk=reservation.pk)
        if n % 2:
            return spend(reservation=fresh, amount_cents=300_00, today=TODAY)
        return release(reservation=fresh, today=TODAY)

    results = in_parallel(resolve, range(THREADS))

    assert len(won(results)) == THREADS // 2  # the winner and its twins
    state = Reservation.objects.get().state
    assert total(account) == (200_00 if state == "spent" else 500_00)
    assert list(find_faults()) == []


def test_credits_beside_spending_keep_the_ledger_right():
    account = give(TitulaireFactory(), 400_00).account

    def act(n):
        if n % 2:
            return give(account.titulaire, 100_00)
        return spend(reservation=hold(account, 100_00, f"D{n}"), amount_cents=60_00, today=TODAY)

    assert len(won(in_parallel(act, range(THREADS)))) == THREADS
    assert total(account) == 400_00 + 4 * 100_00 - 4 * 60_00
    assert list(find_faults()) == []


def test_yearly_run_beside_spending_keeps_the_ledger_right():
    account = give(TitulaireFactory(), 4_700_00, year=2019).account

    def act(n):
        if n:
            reservation = hold(account, 100_00, f"D{n}")
            return spend(reservation=reservation, amount_cents=100_00, today=TODAY)
        return run_feed(line(account.titulaire))

    assert len(won(in_parallel(act, range(4)))) == 4
    credited = Movement.objects.get(year=2021)
    assert credited.amount_cents == min(500_00, 5_000_00 - credited.details["held_cents"])
    assert total(account) == 4_700_00 - 300_00 + credited.amount_cents
    assert list(find_faults()) == []


def test_runs_of_one_year_at_once_credit_once():
    people = TitulaireFactory.create_batch(6)

    # two files that name the same people
    feeds = [[line(person) for person in people], [line(person) for person in reversed(people)]]
    results = in_parallel(lambda lines: run_feed(*lines, batch_people=2), feeds)

    assert len(won(results)) == 2
    assert Movement.objects.count() == 6
    assert list(find_faults()) == []


def test_expiry_at_once_beside_a_reservation_takes_once():
    account = give(TitulaireFactory(), 100_00).account
    for n in range(3):
        grant_abondement(
            titulaire=account.titulaire, financer="region", financer_name="Région",
            amount_cents=50_00, today=TODAY, expires_on=TODAY, idempotency_key=f"aide:{n}",
        )  # fmt: skip

    def act(n):
        return hold(account, 120_00, "D1") if n == 0 else expire_abondements(today=date(2022, 5, 3))

    results = in_parallel(act, range(4))

    won(results)
    refunded = sum(Abondement.objects.values_list("refunded_cents", flat=True))
    assert total(account) + account.reserved_cents + refunded == 250_00
    assert not Abondement.objects.expired(date(2022, 5, 3)).exists()
    assert list(find_faults()) == []


def proposed(account, **abondement):
    fields = {
        "account": account, "reason": "Erreur", "author": StaffFactory(), "idempotency_key": "formulaire",
    }  # fmt: skip
    if abondement:
        return propose_abondement(amount_cents=2_000_00, today=TODAY, **abondement, **fields)
    return propose_correction(pocket="cpf", amount_cents=-2_000_00, **fields)


@pytest.mark.parametrize(
    ("abondement", "cents"),
    [
        ({}, 3_000_00),
        ({"financer": "region", "financer_name": "Région", "legal_basis": "Loi"}, 7_000_00),
    ],
    ids=["correction", "abondement"],
)
def test_approvals_at_once_count_once(abondement, cents):
    account = give(TitulaireFactory(), 5_000_00).account
    proposal = proposed(account, **abondement)
    staff = StaffFactory.create_batch(4)

    in_parallel(
        lambda agent: approve_correction(proposal=proposal, author=agent, today=TODAY), staff
    )

    assert CorrectionProposal.objects.get().state == "approved"
    assert total(account) == cents
    assert list(find_faults()) == []


def test_without_its_guards_a_double_reservation_would_be_seen(monkeypatch):
    """Each reserves from what it read before the other wrote: outside its transaction, for in it SQLite
    lets nobody else in before the first read."""
    account = give(TitulaireFactory(), 500_00).account
    both_have_read, own = Barrier(2, timeout=30), local()

    def read_then_hold(n):
        own.read = RightsAccount.objects.get(pk=account.pk)
        both_have_read.wait()
        return hold(account, 500_00, f"D{n}")

    def unconditional(model, pk, changes):
        new = {field: getattr(own.read, field) + cents for field, cents in changes.items()}
        model.objects.filter(pk=pk).update(**new)

    monkeypatch.setattr(reservations, "locked", lambda account: own.read)
    monkeypatch.setattr(ledger, "_add", unconditional)
    results = in_parallel(read_then_hold, range(2))

    assert len(won(results)) == 2
    assert Reservation.objects.count() == 2
    assert any("solde" in fault for fault in find_faults())
