from datetime import timedelta

import pytest
from django.contrib.auth import SESSION_KEY
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import StoredSession
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db

PROFILE = "/mon-compte/"


@pytest.fixture
def clock(time_machine):
    time_machine.move_to("2026-11-22T10:00:00Z", tick=False)
    return time_machine


@pytest.fixture
def signed_in(client, clock):
    client.force_login(UserFactory())
    assert client.get(PROFILE).status_code == 200
    return client


def test_session_lasts_30_minutes_without_a_page(signed_in, clock):
    clock.shift(timedelta(minutes=29))

    assert signed_in.get(PROFILE).status_code == 200


def test_session_ends_after_30_minutes_without_a_page(signed_in, clock):
    clock.shift(timedelta(minutes=30, seconds=1))

    assert signed_in.get(PROFILE).headers["Location"] == f"/connexion/?next={PROFILE}"
    assert SESSION_KEY not in signed_in.session


def test_session_ends_after_12_hours_of_use(signed_in, clock):
    for _ in range(12 * 3):
        assert signed_in.get(PROFILE).status_code == 200
        clock.shift(timedelta(minutes=20))
    clock.shift(1)

    assert signed_in.get(PROFILE).status_code == 302


def test_session_of_12_hours_is_deleted(signed_in, clock):
    key = signed_in.session.session_key
    for _ in range(12 * 3 + 1):
        signed_in.get(PROFILE)
        clock.shift(timedelta(minutes=20))

    signed_in.get(PROFILE)

    assert not StoredSession.objects.filter(pk=key).exists()


def test_session_is_written_at_most_once_a_minute(signed_in, clock):
    def writes():
        with CaptureQueriesContext(connection) as captured:
            signed_in.get("/aide/")
        return [query for query in captured if query["sql"].startswith(("UPDATE", "INSERT"))]

    clock.shift(59)
    assert writes() == []

    clock.shift(2)
    assert len(writes()) == 2  # the session, its row in « Mes connexions ouvertes »


def test_session_of_a_visitor_is_left_alone(client, clock):
    client.get("/inscription/")
    key = client.session.session_key
    clock.shift(timedelta(minutes=10))

    client.get("/inscription/")

    assert client.session.session_key == key
