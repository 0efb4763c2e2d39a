"""Real requests at once, from tabs, browsers, the software of the provider and the desk of the support.

2, 4 and 20 of them, PORTAL_ROUNDS rounds (one without it, fifty by `make test-long`): as many win as rights
and places allow, each of the others gets a clear page, nobody a 5xx, and the ledger has no fault. The
controls take the guards away: the same harness then sees rights spent, and a place given, twice.
"""

import os
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection, connections, transaction
from django.db.models import Sum
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.roles import Role
from catalogue.models import Session
from catalogue.models.offers import SessionQuerySet
from rights import services as rights_services
from rights.audit import find_faults
from rights.dossiers import services
from rights.dossiers.states import Action as A
from rights.dossiers.states import State as S
from rights.models import Dossier, Movement, Reservation, RightsAccount
from rights.services import ledger, reservations
from tests.desk import open_file
from tests.factories import StaffFactory
from tests.html import GuardedClient
from tests.parallel import in_parallel
from tests.rights.api.software import Software
from tests.rights.dossiers.pages import enrol_at, page_of, sign_in, step_of
from tests.rights.dossiers.steps import NOW, PRICE, draft, make_session, make_user, send

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.concurrency]
ROUNDS = int(os.environ.get("PORTAL_ROUNDS", "1"))
AT_ONCE = (2, 4, 20)
SECONDS = 60
CLEAR = ("Rien n’a changé", "Relisez-le, puis confirmez de nouveau", "ne peuvent rien payer")


@pytest.fixture(autouse=True)
def _clock(time_machine):
    time_machine.move_to(NOW, tick=True)


@pytest.fixture(autouse=True)
def _patience(monkeypatch):
    """Wait for SQLite's one writer as long as for a lock of PostgreSQL: the machine may be busy elsewhere."""
    if connection.vendor == "sqlite":
        monkeypatch.setitem(connections.settings["default"]["OPTIONS"], "timeout", SECONDS)


@pytest.fixture
def _sound(time_machine, transactional_db):
    """No fault in the ledger nor in the dossiers at the end; seen later, as rights come in the year."""
    yield
    time_machine.move_to(NOW + timedelta(days=300), tick=False)
    assert list(find_faults()) == []


def browser_of(user: User) -> Client:
    client = GuardedClient()
    sign_in(client, user)
    return client


def tab_of(browser: Client) -> Client:
    """Another tab: the same cookies, a connection of its own."""
    tab = GuardedClient()
    tab.cookies = browser.cookies
    return tab


def sending(browser: Client, dossier: Dossier):
    """Return what presses the button of the review that was read."""
    digest = services.review(dossier=dossier, at=timezone.now()).digest
    tab, address = tab_of(browser), step_of(dossier, A.SEND)
    return lambda: tab.post(address, {"reviewed": digest})


def at_once(calls) -> list:
    answers = in_parallel(lambda call: call(), calls)
    assert not [a for a in answers if isinstance(a, Exception)], answers
    return answers


def winners(answers, dossiers) -> int:
    """Count who was led to her dossier; all the others read a page that says what happened."""
    places = {page_of(dossier) for dossier in dossiers}
    won = [a for a in answers if a.status_code == 302 and a["Location"] in places]
    lost = [a for a in answers if a not in won]
    assert {a.status_code for a in lost} <= {409}
    assert all(any(words in a.content.decode() for words in CLEAR) for a in lost)
    return len(won)


@pytest.mark.usefixtures("_sound")
@pytest.mark.parametrize("tabs", AT_ONCE)
def test_tabs_of_one_person_spend_what_her_rights_allow(tabs):
    for _ in range(ROUNDS):
        paid = 1 if tabs == 2 else 2
        user = make_user(paid * PRICE)
        browser = browser_of(user)
        dossiers = [draft(user) for _ in range(tabs)]

        answers = at_once([sending(browser, dossier) for dossier in dossiers])

        assert winners(answers, dossiers) == paid
        account = RightsAccount.objects.get(titulaire=user.titulaire)
        assert (account.available_cents, account.reserved_cents) == (0, paid * PRICE)
        assert Dossier.objects.of(user).running().count() == paid


@pytest.mark.usefixtures("_sound")
@pytest.mark.parametrize("people", AT_ONCE)
def test_browsers_of_many_people_take_the_places_that_there_are(people):
    # the same people each round: the factories have 999 numbers
    users = [make_user(ROUNDS * PRICE) for _ in range(people)]
    browsers = [browser_of(user) for user in users]
    for _ in range(ROUNDS):
        session = make_session(places=people // 2)
        dossiers = [draft(user, session) for user in users]

        answers = at_once(map(sending, browsers, dossiers))

        session.refresh_from_db()
        assert winners(answers, dossiers) == session.places_taken == people // 2
        lost = Dossier.objects.filter(session=session, state=S.DRAFT)
        assert lost.count() == people - people // 2
        lost.delete()


@pytest.mark.usefixtures("_sound")
@pytest.mark.parametrize("clicks", AT_ONCE)
def test_button_of_the_offer_pressed_many_times_counts_once(clicks):
    for _ in range(ROUNDS):
        user, session = make_user(2 * PRICE), make_session()
        sketch = services.sketch(user=user, session=session, at=timezone.now())
        digest = services.review(dossier=sketch, at=timezone.now()).digest
        tabs = [tab_of(browser) for browser in [browser_of(user)] for _ in range(clicks)]
        fields = {"action": "send", "reviewed": digest}

        answers = in_parallel(lambda tab, s=session, f=fields: tab.post(enrol_at(s), f), tabs)

        dossier = Dossier.objects.get(user=user)
        assert {(a.status_code, a.get("Location")) for a in answers} == {(302, page_of(dossier))}
        assert Reservation.objects.get(account__titulaire=user.titulaire).amount_cents == PRICE


@pytest.mark.usefixtures("_sound")
@pytest.mark.parametrize("requests", AT_ONCE)
def test_software_desk_and_person_at_once_answer_a_request_once(requests):
    desk = GuardedClient()
    desk.force_login(StaffFactory(roles=Role))
    for _ in range(ROUNDS):
        dossier = send(draft())
        open_file(desk, dossier.user)
        software = Software(dossier.provider)
        person = browser_of(dossier.user)
        calls = [
            ordering(software, dossier, "acceptation"),
            at_desk(desk, dossier, A.REFUSE, reason="Complet."),
            ordering(software, dossier, "refus", motif="Complet."),
            at_desk(desk, dossier, A.ACCEPT),
            cancelling(person, dossier),
        ]

        answers = at_once([calls[number % len(calls)] for number in range(requests)])

        dossier.refresh_from_db()
        steps = dossier.events.exclude(action__in=("prepare", A.SEND))
        # a request that was accepted can still be cancelled, and nothing more
        taken = [a for a in answers if a.status_code in {200, 302}]
        assert len(taken) == steps.count() <= 2
        assert steps.filter(state_before=S.REQUESTED).count() == 1
        assert {a.status_code for a in answers} <= {200, 302, 409, 412}


def ordering(software: Software, dossier: Dossier, order: str, **body):
    # a client of its own for each: two threads share none
    def call():
        caller = Client()
        path = f"/api/organismes/v1/dossiers/{dossier.reference}/{order}"
        headers = {"Authorization": f"Bearer {software.text}", "If-Match": f'"{dossier.version}"'}
        return caller.post(path, body, content_type="application/json", headers=headers)

    return call


def at_desk(desk: Client, dossier: Dossier, action: A, **typed):
    address = reverse("admin:rights_dossier_step", args=[dossier.pk, action])

    def call():
        tab = Client()
        tab.cookies = desk.cookies
        return tab.post(address, {"version": dossier.version, **typed})

    return call


def cancelling(person: Client, dossier: Dossier):
    return lambda: tab_of(person).post(step_of(dossier, A.CANCEL_REQUEST))


# --- Controls: without the guards the same requests overspend ----------------------------------


@pytest.fixture
def unguarded(monkeypatch):
    """Take away what keeps two requests apart.

    PostgreSQL: the locks of the rows. SQLite, which has one writer at a time from the first statement
    of a transaction (BEGIN IMMEDIATE): the transactions themselves.
    """
    if connection.vendor == "sqlite":
        monkeypatch.setattr(transaction.Atomic, "__enter__", lambda self: None)
        monkeypatch.setattr(transaction.Atomic, "__exit__", lambda self, *error: None)
        return
    monkeypatch.setattr(services, "_held", lambda user: User.objects.get(pk=user.pk))
    for module in (rights_services, reservations):
        monkeypatch.setattr(
            module, "locked", lambda account: RightsAccount.objects.get(pk=account.pk)
        )


def test_without_the_guards_the_rights_are_spent_twice(unguarded, monkeypatch):
    user = make_user(PRICE)
    browser = browser_of(user)
    dossiers = [draft(user) for _ in range(2)]
    calls = [sending(browser, dossier) for dossier in dossiers]
    both_have_read, add = Barrier(2, timeout=30), ledger._add

    def read_then_write(model, pk, changes):
        if model is not RightsAccount:
            return add(model, pk, changes)
        row = model.objects.values(*changes).get(pk=pk)
        both_have_read.wait()
        model.objects.filter(pk=pk).update(**{k: row[k] + cents for k, cents in changes.items()})

    monkeypatch.setattr(ledger, "_add", read_then_write)
    answers = at_once(calls)

    assert winners(answers, dossiers) == 2
    assert Movement.objects.aggregate(sum=Sum("amount_cents"))["sum"] == -PRICE
    assert any("somme des mouvements négative" in fault for fault in find_faults())


def test_without_the_guard_a_place_is_given_twice(unguarded, monkeypatch):
    session = make_session(places=1)
    dossiers = [draft(session=session) for _ in range(2)]
    calls = [sending(browser_of(dossier.user), dossier) for dossier in dossiers]
    both_have_read = Barrier(2, timeout=30)

    def read_then_write(self, pk):
        taken = Session.objects.get(pk=pk).places_taken
        both_have_read.wait()
        return bool(Session.objects.filter(pk=pk).update(places_taken=taken + 1))

    monkeypatch.setattr(SessionQuerySet, "take_place", read_then_write)

    assert winners(at_once(calls), dossiers) == 2
    assert any("places prises" in fault for fault in find_faults())
