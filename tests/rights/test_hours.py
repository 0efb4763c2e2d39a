"""The hours of a public agent, and their conversion into euros."""

from datetime import date

import pytest

from rights.exceptions import AboveCap, AccountClosed, IdempotencyConflict, InsufficientRights
from rights.models import ClosingReason, Declaration, HoursMovement, Movement
from rights.services import close_account, convert_hours, convertible_hours, credit_hours
from tests.factories import TitulaireFactory
from tests.rights.feed import line, run_feed
from tests.rights.ledger import give

pytestmark = pytest.mark.django_db
TODAY = date(2022, 5, 2)


def account_with(hours: int):
    return credit_hours(
        titulaire=TitulaireFactory(),
        hours=hours,
        year=2021,
        effective_on=TODAY,
        source="Employeur public",
        legal_basis="Décret n° 2019-1392",
        idempotency_key="agent:2021",
    ).account


def convert(account, hours, key="demande"):
    convert_hours(account=account, hours=hours, today=TODAY, idempotency_key=key)
    account.refresh_from_db()
    return account.public_hours, account.cpf_cents


def test_hours_become_fifteen_euros_each_on_demand():
    account = account_with(100)

    assert convert(account, 40) == (60, 600_00)

    movement = Movement.objects.get()
    assert movement.kind == "hours_conversion"
    assert movement.details == {"hours": 40, "cents_per_hour": 15_00}


def test_conversion_asked_twice_counts_once():
    account = account_with(100)

    convert(account, 40)
    assert convert(account, 40) == (60, 600_00)
    with pytest.raises(IdempotencyConflict):
        convert(account, 41)


def test_conversion_stops_at_the_hours_held():
    account = account_with(10)

    with pytest.raises(InsufficientRights):
        convert(account, 11)

    assert convert(account, 10) == (0, 150_00)


def test_conversion_stops_at_the_cap():
    account = account_with(100)
    give(account.titulaire, 4_800_00)
    account.refresh_from_db()

    assert convertible_hours(account, today=TODAY) == 13
    with pytest.raises(AboveCap):
        convert(account, 14)
    assert convert(account, 13) == (87, 4_995_00)


@pytest.mark.parametrize(
    ("kind", "declared_on", "withdrawn_on", "hours"),
    [
        ("low_qualified", TODAY, None, 100),
        ("low_qualified", TODAY, TODAY, 100),
        ("low_qualified", date(2021, 1, 1), date(2021, 12, 31), 13),
        ("boeth", TODAY, None, 13),
    ],
    ids=["declared", "withdrawn this year", "withdrawn last year", "other"],
)
def test_who_declared_no_diploma_converts_up_to_her_own_cap(kind, declared_on, withdrawn_on, hours):
    account = account_with(100)
    give(account.titulaire, 4_800_00)
    Declaration.objects.create(
        titulaire=account.titulaire, kind=kind, declared_on=declared_on, withdrawn_on=withdrawn_on
    )
    account.refresh_from_db()

    assert convertible_hours(account, today=TODAY) == hours


def test_who_was_credited_last_in_an_esat_converts_up_to_its_cap():
    account = account_with(100)
    give(account.titulaire, 4_100_00)
    run_feed(line(account.titulaire, "esat", "100"), year=2021, today=TODAY)
    account.refresh_from_db()

    assert account.cpf_cents == 4_900_00
    assert convertible_hours(account, today=TODAY) == 100
    run_feed(line(account.titulaire, "salarie", "1", year=2022), year=2022, today=date(2023, 4, 15))
    account.refresh_from_db()
    assert convertible_hours(account, today=TODAY) == 6


def test_closed_account_converts_nothing():
    account = account_with(100)
    close_account(account=account, reason=ClosingReason.RETIREMENT, closed_on=TODAY)

    with pytest.raises(AccountClosed):
        convert(account, 1)

    assert HoursMovement.objects.count() == 1


@pytest.mark.parametrize("hours", [0, -5])
def test_conversion_has_hours(hours):
    with pytest.raises(ValueError, match="hours"):
        convert(account_with(100), hours)
