import json
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from accounts.franceconnect import steps
from accounts.models import FranceConnectStep
from accounts.session_store import SessionStore
from tests.parallel import in_parallel

pytestmark = pytest.mark.django_db
Kind = steps.Kind


@pytest.fixture
def session():
    session = SessionStore()
    session.create()
    return session


def test_step_is_given_back_once(session):
    handle = steps.put(session, Kind.REQUEST, {"nonce": "n"})

    assert steps.take(session, Kind.REQUEST, handle) == {"nonce": "n"}
    assert steps.take(session, Kind.REQUEST, handle) is None


def test_step_belongs_to_one_browser(session):
    other = SessionStore()
    steps.put(other, Kind.REQUEST, {})
    handle = steps.put(session, Kind.REQUEST, {"nonce": "n"})

    assert steps.take(other, Kind.REQUEST, handle) is None
    assert steps.take(SessionStore(), Kind.REQUEST, handle) is None
    assert steps.take(session, Kind.REQUEST, handle) == {"nonce": "n"}


def test_step_of_one_kind_is_not_another(session):
    handle = steps.put(session, Kind.REQUEST, {})

    session[steps.HANDLE] = handle

    assert steps.look_at_identity(session) is None
    assert steps.take_identity(session) is None


@pytest.mark.parametrize("handle", ["", "x", "é" * 10, "\x00"])
def test_forged_handle_finds_nothing(session, handle):
    steps.put(session, Kind.REQUEST, {})

    assert steps.take(session, Kind.REQUEST, handle) is None


def test_step_lives_ten_minutes(session, time_machine):
    start = timezone.now()
    time_machine.move_to(start, tick=False)
    handle = steps.put(session, Kind.REQUEST, {"nonce": "n"})

    time_machine.move_to(start + timedelta(minutes=10), tick=False)

    assert steps.take(session, Kind.REQUEST, handle) is None


def test_expired_steps_are_erased_by_the_next_one(session, time_machine):
    start = timezone.now()
    time_machine.move_to(start, tick=False)
    steps.put(session, Kind.REQUEST, {})
    time_machine.move_to(start + timedelta(minutes=11), tick=False)

    steps.put(session, Kind.REQUEST, {})

    assert FranceConnectStep.objects.count() == 1


def test_identity_replaces_the_one_before(session):
    steps.put_identity(session, {"identity": 1})
    steps.put_identity(session, {"identity": 2})

    assert steps.look_at_identity(session) == {"identity": 2}
    assert FranceConnectStep.objects.count() == 1


def test_nothing_of_the_identity_is_readable_in_the_session_or_the_table(session):
    steps.put_identity(session, {"identity": {"birth_name": "Zzcanari", "email": "zz@example.org"}})

    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM accounts_franceconnectstep")
        row = str(cursor.fetchall())
    for text in (row, json.dumps(dict(session.items()))):
        assert "Zzcanari" not in text
        assert "zz@example.org" not in text
    assert session[steps.HANDLE] not in row


@pytest.mark.concurrency
@pytest.mark.django_db(transaction=True)
def test_twenty_takers_at_once_and_one_wins(session):
    handle = steps.put(session, Kind.REQUEST, {"nonce": "n"})

    taken = in_parallel(lambda _: steps.take(session, Kind.REQUEST, handle), range(20))

    assert [found for found in taken if found] == [{"nonce": "n"}]
