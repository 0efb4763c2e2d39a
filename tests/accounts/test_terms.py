"""New terms are asked for at the next sign-in, before anything else; the date and the version are kept."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import services
from accounts.models import AccountEvent, EventKind, User
from accounts.sessions import TERMS_DUE
from tests.accounts.account import signed_in
from tests.accounts.pages import text_of
from tests.factories import StaffFactory, UserFactory

TERMS = "/conditions/"
NEW = "2031-04"

pytestmark = pytest.mark.django_db


@pytest.fixture
def late(settings):
    """The browser of somebody who signs in under new terms, and her account."""
    settings.CGU_VERSION = NEW
    user = UserFactory(cgu_version="2026-11")
    client = Client()
    client.force_login(user)
    return user, client


@pytest.mark.parametrize(
    "path", ["/", "/mes-droits/", "/mon-compte/", "/formations/", "/mon-compte/historique/"]
)
def test_nothing_else_is_reached_before_the_terms(late, path):
    _, client = late

    response = client.get(path)

    assert response.status_code == 302
    assert response.headers["Location"].startswith(f"{TERMS}?next=")


@pytest.mark.parametrize("path", [TERMS, "/cgu/", "/donnees-personnelles/", "/contact/", "/aide/"])
def test_what_helps_to_decide_is_reached(late, path):
    _, client = late

    assert client.get(path).status_code == 200


@pytest.mark.parametrize("name", ["mine", "close"])
def test_one_may_take_ones_data_and_close_without_accepting(name):
    _, client = signed_in()
    session = client.session
    session[TERMS_DUE] = True
    session.save()

    assert client.get("/mon-compte/historique/").headers["Location"].startswith(TERMS)
    assert client.get(reverse(f"personal_data:{name}")).status_code == 200


def test_acceptance_is_dated_and_leads_on(late):
    user, client = late
    before = timezone.now()

    response = client.post(TERMS, {"cgu": "on", "next": "/mes-droits/"})

    assert response.headers["Location"] == "/mes-droits/"
    user.refresh_from_db()
    assert user.cgu_version == NEW
    assert before <= user.cgu_accepted_at <= timezone.now()
    event = AccountEvent.objects.get(user=user, kind=EventKind.TERMS_ACCEPTED)
    assert event.detail == f"version {NEW}"
    assert client.get("/mes-droits/").status_code == 200
    assert client.get(TERMS).headers["Location"] == "/"


def test_silence_is_no_acceptance(late):
    user, client = late

    response = client.post(TERMS, {"next": "https://ailleurs.example.org/"})

    assert response.status_code == 422
    assert "Cochez la case" in text_of(response)
    assert User.objects.get(pk=user.pk).cgu_version == "2026-11"
    assert client.get("/mes-droits/").status_code == 302


def test_acceptance_never_leads_to_another_site(late):
    _, client = late

    response = client.post(TERMS, {"cgu": "on", "next": "https://ailleurs.example.org/"})

    assert response.headers["Location"] == "/"


def test_one_may_leave_instead(late):
    _, client = late

    assert client.post("/deconnexion/").status_code == 302
    assert client.get("/").status_code == 200


def test_terms_in_force_ask_nothing(settings):
    _, client = signed_in()

    assert client.get("/mes-droits/").status_code == 200


def test_staff_accept_no_terms(settings, client):
    settings.CGU_VERSION = NEW
    client.force_login(StaffFactory())

    assert client.get("/").status_code == 200


def test_accepting_twice_keeps_the_first_date(settings):
    settings.CGU_VERSION = NEW
    user = UserFactory(cgu_version="2026-11")
    first = timezone.now()
    services.accept_terms(user=user, now=first)

    services.accept_terms(user=user, now=timezone.now())

    user.refresh_from_db()
    assert user.cgu_accepted_at == first
    assert AccountEvent.objects.filter(kind=EventKind.TERMS_ACCEPTED).count() == 1
