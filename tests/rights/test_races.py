"""The ledger under real threads, each with its connection, on both databases."""

from datetime import date
from threading import Barrier, local

import pytest
from django.db.models import F, Sum

from rights.exceptions import IdempotencyConflict, InsufficientRights
from rights.models import Movement, Pocket, RightsAccount
from rights.services import correct, ledger, open_account
from tests.factories import StaffFactory, TitulaireFactory
from tests.parallel import in_parallel
from tests.rights.ledger import give

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.concurrency]
THREADS = 8
TODAY = date(2026, 11, 22)


def take(account, amount_cents, author, key=""):
    return correct(
        account=account,
        pocket=Pocket.CPF,
        amount_cents=-amount_cents,
        reason="Double versement",
        author=author,
        today=TODAY,
        idempotency_key=key,
    )


def test_open_account_at_once_gives_one_account():
    titulaire = TitulaireFactory()

    accounts = in_parallel(lambda _: open_account(titulaire=titulaire), range(THREADS))

    assert accounts == [RightsAccount.objects.get()] * THREADS


def test_credits_at_once_with_one_key_make_one_movement():
    titulaire = TitulaireFactory()

    movements = in_parallel(lambda _: give(titulaire, idempotency_key="dsn"), range(THREADS))

    assert movements == [Movement.objects.get()] * THREADS
    assert RightsAccount.objects.get().available_cents == 500_00


def test_credits_at_once_with_one_key_for_several_people_make_one_movement():
    people = TitulaireFactory.create_batch(THREADS)

    results = in_parallel(lambda person: give(person, idempotency_key="dsn"), people)

    winner = Movement.objects.get()
    assert results.count(winner) == 1
    assert sum(isinstance(result, IdempotencyConflict) for result in results) == THREADS - 1
    assert RightsAccount.objects.get() == winner.account


def test_credits_at_once_with_different_keys_add_up():
    titulaire = TitulaireFactory()
    amounts = [1_00 + n for n in range(THREADS)]

    results = in_parallel(lambda amount: give(titulaire, amount), amounts)

    assert all(isinstance(result, Movement) for result in results)
    assert RightsAccount.objects.get().available_cents == sum(amounts)
    assert not RightsAccount.objects.inconsistent().exists()


def test_corrections_at_once_never_overdraw():
    account = give(TitulaireFactory(), 500_00).account
    author = StaffFactory()

    results = in_parallel(lambda _: take(account, 150_00, author), range(THREADS))

    assert sum(isinstance(result, Movement) for result in results) == 3
    assert sum(isinstance(result, InsufficientRights) for result in results) == THREADS - 3
    assert RightsAccount.objects.get().available_cents == 50_00
    assert Movement.objects.aggregate(sum=Sum("amount_cents"))["sum"] == 50_00


def test_one_correction_posted_many_times_at_once_counts_once():
    account = give(TitulaireFactory(), 500_00).account
    author = StaffFactory()

    results = in_parallel(lambda _: take(account, 400_00, author, "formulaire"), range(THREADS))

    assert len(set(results)) == 1
    assert RightsAccount.objects.get().available_cents == 100_00


def test_credits_beside_corrections_keep_the_account_right():
    titulaire, author = TitulaireFactory(), StaffFactory()
    account = give(titulaire, 100_00).account

    results = in_parallel(
        lambda n: give(titulaire, 100_00) if n % 2 else take(account, 100_00, author),
        range(THREADS),
    )

    given = sum(isinstance(r, Movement) and r.amount_cents > 0 for r in results)
    taken = sum(isinstance(r, Movement) and r.amount_cents < 0 for r in results)
    assert given == THREADS // 2
    assert RightsAccount.objects.get().available_cents == (1 + given - taken) * 100_00
    assert not RightsAccount.objects.inconsistent().exists()


def test_without_the_conditional_update_these_tests_would_see_the_fault(monkeypatch):
    """Each decides on what it read before the other wrote.

    It reads outside its transaction: inside, SQLite lets nobody else in before the first read.
    """
    account = give(TitulaireFactory(), 500_00).account
    author = StaffFactory()
    both_have_read, own = Barrier(2, timeout=30), local()

    def read_then_take(_):
        own.held = RightsAccount.objects.get(pk=account.pk).cpf_cents
        both_have_read.wait()
        return take(account, 500_00, author)

    def unconditional(movement):
        if own.held < -movement.amount_cents:
            raise InsufficientRights
        RightsAccount.objects.filter(pk=movement.account_id).update(
            cpf_cents=own.held + movement.amount_cents
        )

    monkeypatch.setattr(ledger, "_change_balance", unconditional)
    results = in_parallel(read_then_take, range(2))

    assert all(isinstance(result, Movement) for result in results)
    assert Movement.objects.aggregate(sum=Sum("amount_cents"))["sum"] == -500_00
    assert RightsAccount.objects.inconsistent().filter(cpf_sum__lt=F("cpf_cents")).exists()
