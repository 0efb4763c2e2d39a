"""The yearly run in a process of its own while people send requests that spend; and the same, unguarded."""

import time
from datetime import timedelta

import pytest
from django.db.models import Max, Min
from django.utils import timezone

from rights.audit import find_faults
from rights.models import Movement, MovementKind, Reservation, RightsAccount, YearlyRun
from rights.services import ledger, reservations
from tests.factories import TitulaireFactory
from tests.html import GuardedClient
from tests.parallel import in_parallel
from tests.processes import database_url
from tests.rights.dossiers.pages import enrol_at, hidden, sign_in
from tests.rights.dossiers.steps import PRICE, make_session, make_user
from tests.rights.feed import line, run_feed
from tests.rights.yearly.killing import start, write_feed

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.concurrency]
SPENDERS, OTHERS = 6, 200
RIGHTS = 2 * PRICE


class Spender:
    """Somebody who has read the review of a training, and is about to press the button."""

    def __init__(self, session):
        self.user, self.session = make_user(RIGHTS), session
        self.client = GuardedClient()
        sign_in(self.client, self.user)
        self.digest = hidden(self.client.get(enrol_at(session)), "reviewed")

    @property
    def titulaire(self):
        return self.user.titulaire

    def press(self) -> int:
        answer = self.client.post(
            enrol_at(self.session), {"action": "send", "reviewed": self.digest}
        )
        return answer.status_code


@pytest.fixture
def session():
    in_time = timezone.localdate() + timedelta(days=90)
    return make_session(starts_on=in_time, ends_on=None)


@pytest.mark.slow  # another process starts
def test_run_in_a_process_beside_requests_that_spend_keeps_every_cent(session, tmp_path):
    first = [Spender(session) for _ in range(SPENDERS // 2)]
    others = TitulaireFactory.create_batch(OTHERS)
    spenders = first + [Spender(session) for _ in range(SPENDERS // 2)]  # met last by the run
    path = tmp_path / "dsn.csv"
    write_feed(path, [person.nir.value for person in [*others, *(s.titulaire for s in spenders)]])

    process = start(database_url(), path, "pauses")
    wait_for_a_credit()
    statuses = in_parallel(Spender.press, spenders)
    process.communicate(timeout=120)

    assert process.returncode == 0
    assert statuses == [302] * SPENDERS
    assert YearlyRun.objects.get().people == OTHERS + SPENDERS
    runs = Movement.objects.filter(year=2021).aggregate(first=Min("pk"), last=Max("pk"))
    held = Movement.objects.filter(kind=MovementKind.RESERVATION)
    assert held.filter(pk__range=(runs["first"], runs["last"])).exists()  # they did meet
    for account in RightsAccount.objects.filter(titulaire__in=[s.titulaire for s in spenders]):
        credited = sum(m.amount_cents for m in account.movements.filter(year=2021))
        assert account.reserved_cents == Reservation.objects.get(account=account).amount_cents
        assert account.available_cents + account.reserved_cents == RIGHTS + credited
    assert list(find_faults()) == []


def wait_for_a_credit() -> None:
    end = time.monotonic() + 60
    while not Movement.objects.filter(year=2021).exists():
        assert time.monotonic() < end, "the run credits nobody"
        time.sleep(0.005)


def test_without_its_guards_a_request_beside_the_run_would_lose_the_credit(monkeypatch, session):
    """What the request read before the run is what it writes from: no lock, no conditional UPDATE.

    SQLite takes its only lock before the first read of a transaction, so that no other process comes
    between on either database: the request is given here what it would have read without that lock.
    """
    spender = Spender(session)
    read = RightsAccount.objects.get(titulaire=spender.titulaire)
    run_feed(line(spender.titulaire))
    assert list(find_faults()) == []

    write = ledger._add

    def unconditional(model, pk, changes):
        if model is not RightsAccount:
            return write(model, pk, changes)
        new = {field: getattr(read, field) + cents for field, cents in changes.items()}
        return model.objects.filter(pk=pk).update(**new)

    monkeypatch.setattr(reservations, "locked", lambda account: read)
    monkeypatch.setattr(ledger, "_add", unconditional)
    status = spender.press()

    assert status == 302
    assert [fault for fault in find_faults() if "solde" in fault]
