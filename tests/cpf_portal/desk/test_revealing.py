"""A number in full: with a reason, once, counted, and never by a reload."""

import re
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts import limits
from accounts.models import AuditKind, EventKind
from accounts.roles import Role
from tests.cpf_portal.desk.test_desk import file_page, last_line
from tests.desk import open_file, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client, sasha):
    sign_in(client, sasha)
    return client


def test_number_is_shown_once_with_a_reason_and_counted(desk, sasha, camille):
    open_file(desk, camille)
    url = reverse("admin:desk_reveal", args=[camille.titulaire.pk])
    spaced = camille.titulaire.nir.spaced
    reason = {"reason": "rapprochement avec la caisse de retraite"}

    asked = desk.get(url)
    reason["once"] = once_of(asked)
    shown = desk.post(url, reason)

    assert spaced not in asked.content.decode()
    assert spaced in shown.content.decode()
    assert "no-store" in shown.headers["Cache-Control"]
    assert spaced not in str(dict(desk.session))
    assert spaced not in desk.get(file_page(camille.titulaire)).content.decode()
    assert last_line().kind == AuditKind.NIR_REVEALED
    assert camille.events.get(kind=EventKind.NIR_REVEALED).reason == reason["reason"]
    for _ in range(8):
        limits.hit("nir-reveal", person=f"staff:{sasha.pk}")
    assert [desk.post(url, reason | {"once": uuid4()}).status_code for _ in range(2)] == [200, 429]


def once_of(page) -> str:
    return re.search(r'name="once" value="([^"]+)"', page.content.decode())[1]


def test_number_is_not_shown_again_by_a_reload(desk, sasha, camille):
    """The browser posts the same form again: nothing is shown, counted or told; a new click is."""
    open_file(desk, camille)
    url = reverse("admin:desk_reveal", args=[camille.titulaire.pk])
    spaced = camille.titulaire.nir.spaced
    form = {"reason": "rapprochement avec la caisse", "once": once_of(desk.get(url))}

    desk.post(url, form)
    again = desk.post(url, form)
    told = camille.events.filter(kind=EventKind.NIR_REVEALED).count()
    after = desk.post(url, form | {"once": once_of(again)})

    assert (again.status_code, told) == (422, 1)
    assert "déjà été affiché pour cette demande" in again.content.decode()
    assert form["reason"] in again.content.decode()
    assert spaced not in again.content.decode()
    assert spaced in after.content.decode()
    assert camille.events.filter(kind=EventKind.NIR_REVEALED).count() == 2


def test_number_is_not_shown_without_the_key_of_its_page(desk, camille):
    open_file(desk, camille)
    url = reverse("admin:desk_reveal", args=[camille.titulaire.pk])

    page = desk.post(url, {"reason": "rapprochement avec la caisse"})

    assert page.status_code == 422
    assert camille.titulaire.nir.spaced not in page.content.decode()


def test_number_needs_its_permission_and_a_reason(client, colleague, camille):
    url = reverse("admin:desk_reveal", args=[camille.titulaire.pk])
    sign_in(client, colleague(Role.RIGHTS))
    open_file(client, camille)
    assert client.post(url, {"reason": "rapprochement avec la caisse"}).status_code == 403

    sign_in(client, colleague(Role.ADVICE))
    open_file(client, camille)
    assert client.post(url, {"reason": "court"}).status_code == 422


def test_showing_a_number_costs_twelve_queries_at_most(desk, camille):
    open_file(desk, camille)
    url = reverse("admin:desk_reveal", args=[camille.titulaire.pk])

    with CaptureQueriesContext(connection) as counted:
        page = desk.post(url, {"reason": "appel du titulaire", "once": uuid4()})

    assert camille.titulaire.nir.spaced in page.content.decode()
    asked = [query for query in counted if "SAVEPOINT" not in query["sql"]]
    assert len(asked) == 12
