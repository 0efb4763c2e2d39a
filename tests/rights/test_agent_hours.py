"""What a public employer decides: hours against unfitness, a training, an advance (domain.md 2.3)."""

from datetime import date
from uuid import uuid4

import pytest
from django.urls import reverse

from rights.audit import find_faults
from rights.exceptions import AboveCap, AccountClosed, IdempotencyConflict, InsufficientRights
from rights.models import ClosingReason, HoursMovement
from rights.services import (
    close_account,
    convertible_hours,
    credit_hours,
    grant_unfitness_hours,
    use_hours,
)
from tests.desk import open_file
from tests.factories import StaffFactory, TitulaireFactory
from tests.rights.feed import line, run_feed

pytestmark = pytest.mark.django_db
TODAY = date(2022, 5, 2)


@pytest.fixture
def account():
    return credit_hours(
        titulaire=TitulaireFactory(), hours=140, year=2020, effective_on=TODAY,
        source="Employeur public", legal_basis="Décret n° 2019-1392", idempotency_key="agent:2020",
    ).account  # fmt: skip


def grant(account, hours, key="avis"):
    return grant_unfitness_hours(
        account=account, hours=hours, today=TODAY, reason="Reconversion", author=StaffFactory(),
        idempotency_key=key,
    )  # fmt: skip


def use(account, hours, key="formation", yearly=0):
    return use_hours(
        account=account, hours=hours, today=TODAY, reason="Excel", author=StaffFactory(),
        idempotency_key=key, years_in_advance_at=yearly,
    )  # fmt: skip


def counters(account) -> tuple[int, int]:
    account.refresh_from_db()
    return account.public_hours, account.unfitness_hours


def test_unfitness_hours_go_beyond_the_cap_up_to_150(account):
    grant(account, 100)
    grant(account, 50, key="second avis")

    assert counters(account) == (140, 150)
    with pytest.raises(AboveCap):
        grant(account, 1, key="troisième avis")
    assert convertible_hours(account, today=TODAY) == 140
    assert list(find_faults()) == []


def test_unfitness_hours_do_not_count_in_the_cap_of_the_yearly_run(account):
    grant(account, 150)

    run_feed(line(account.titulaire, "agent_public"))

    assert counters(account) == (150, 150)


def test_training_takes_the_unfitness_hours_first(account):
    grant(account, 30)

    movements = use(account, 50)

    assert [(m.kind, m.hours) for m in movements] == [("use", -20), ("unfitness_use", -30)]
    assert counters(account) == (120, 0)
    assert list(find_faults()) == []


def test_advance_stops_at_two_years_and_the_next_credits_pay_it_back(account):
    with pytest.raises(InsufficientRights):
        use(account, 141)
    with pytest.raises(InsufficientRights):
        use(account, 191, yearly=25)
    use(account, 190, yearly=25)

    assert counters(account) == (-50, 0)
    assert account.advance_hours == 50
    assert convertible_hours(account, today=TODAY) == 0
    run_feed(line(account.titulaire, "agent_public"))
    assert counters(account) == (-25, 0)
    assert list(find_faults()) == []


def test_decision_recorded_twice_counts_once(account):
    grant(account, 30)
    grant(account, 30)
    assert use(account, 50) == use(account, 50)

    assert counters(account) == (120, 0)
    with pytest.raises(IdempotencyConflict):
        use(account, 51)
    with pytest.raises(IdempotencyConflict):
        grant(account, 31)


def test_closed_account_is_refused(account):
    close_account(account=account, reason=ClosingReason.DEATH, closed_on=TODAY)

    with pytest.raises(AccountClosed):
        grant(account, 1)
    with pytest.raises(AccountClosed):
        use(account, 1)


def test_staff_record_what_the_employer_decided(client, sasha, account):
    client.force_login(sasha)
    open_file(client, account.titulaire)
    page = reverse("admin:rights_rightsaccount_hours", args=[account.pk])
    entry = {"decision": "use", "hours": "150", "reason": "Excel", "idempotency_key": uuid4()}

    refused = client.post(page, entry)
    done = client.post(page, entry | {"is_in_advance": "on"})

    assert refused.status_code == 422
    assert "avance comprise" in refused.content.decode()
    assert done.status_code == 302
    assert counters(account) == (-10, 0)
    assert HoursMovement.objects.latest("pk").author == sasha


def test_person_reads_her_hours_and_her_advance(client, camille):
    account = credit_hours(
        titulaire=camille.titulaire, hours=25, year=2021, effective_on=TODAY,
        source="Employeur public", legal_basis="Décret n° 2019-1392", idempotency_key="agent:2021",
    ).account  # fmt: skip
    use(account, 30, yearly=25)
    client.force_login(camille)

    page = client.get("/mes-droits/").content.decode()

    assert "5&nbsp;heures d’avance" in page
    assert "−30&nbsp;h" in page
    assert "Formation suivie avec l’employeur" in page
    assert "Excel" in page
