"""The staff acts for the provider: each (step, state), stale pages, permissions, and what is shown."""

from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from rights.dossiers import services
from rights.dossiers.actors import Actor
from rights.dossiers.states import Action as A
from rights.dossiers.states import ActorKind
from rights.dossiers.states import State as S
from rights.dossiers.transitions import TABLE
from tests.factories import StaffFactory
from tests.rights.dossiers.steps import (
    FIRST,
    NOW,
    STARTS_ON,
    at_noon,
    bring_to,
    do,
    make_ready,
    make_session,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("open_files")]

HATS = {ActorKind.PROVIDER, ActorKind.STAFF}
ROWS = [row for row in TABLE if row.who in HATS]
DURING = {S.VALIDATED, S.IN_TRAINING, S.FINISHED}
LIST = reverse("admin:rights_dossier_changelist")
TYPED = {
    "reason": "Le groupe est complet.",
    "note": "À lundi.",
    "starts_on": (STARTS_ON + timedelta(days=7)).strftime("%d/%m/%Y"),
    "price_cents": "900,00",
    "done_percent": "40",
}


@pytest.fixture(autouse=True)
def _clock(time_machine):
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def desk(client, sasha):
    client.force_login(sasha)
    return client


@pytest.fixture
def wander(desk, sasha, time_machine):
    """Go to the moment when a dossier is dealt with, with a session that is not too old for it."""

    def go(dossier):
        moment = at_noon(dossier.starts_on) if dossier.state in DURING else NOW
        time_machine.move_to(moment, tick=False)
        desk.force_login(sasha)

    return go


def address(dossier, action):
    return reverse("admin:rights_dossier_step", args=[dossier.pk, action])


def take(desk, dossier, action, **typed):
    dossier.refresh_from_db()
    return desk.post(address(dossier, action), {"version": dossier.version, **typed})


def ready(row):
    """Return a dossier for which the condition of `row` holds, once `wander` is there."""
    return make_ready(bring_to(row.source), row.action)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.source}-{row.action}")
def test_step_of_the_table_is_shown_then_taken(desk, wander, sasha, row):
    dossier = ready(row)
    wander(dossier)
    typed = {name: TYPED[name] for name in (*row.details, *row.options) if name in TYPED}

    page = desk.get(address(dossier, row.action))
    response = take(desk, dossier, row.action, **typed)

    dossier.refresh_from_db()
    event = dossier.events.latest("pk")
    assert page.status_code == 200
    assert S(row.target).label in page.content.decode()
    assert response.status_code == 302, response.content.decode()
    assert dossier.state == row.target
    assert (event.action, event.actor, event.author) == (row.action, row.who, sasha)
    assert event.happened_at == timezone.now()
    assert event.reason == typed.get("reason", typed.get("note", ""))
    assert LogEntry.objects.filter(user=sasha, change_message=row.action.label).count() == 1


@pytest.mark.parametrize("state", [state for state in S if state != S.DRAFT])
def test_step_that_the_state_does_not_allow_is_refused_and_explained(desk, wander, state):
    dossier = bring_to(state)
    wander(dossier)
    before = (dossier.state, dossier.version, dossier.events.count())
    possible = {row.action for row in ROWS if row.source == state and row.action not in FIRST}

    # what the person alone may do is refused as well
    for action in {A.CONFIRM, A.RATE, *(row.action for row in ROWS)} - possible:
        response = take(desk, dossier, action, **TYPED)
        assert response.status_code == 409, action
        assert "Étape refusée" in response.content.decode()

    dossier.refresh_from_db()
    assert (dossier.state, dossier.version, dossier.events.count()) == before
    shown = desk.get(reverse("admin:rights_dossier_change", args=[dossier.pk])).content.decode()
    links = {action for action in A if address(dossier, action) in shown}
    assert links == possible


def test_step_that_is_none_is_unknown(desk):
    assert desk.get(address(bring_to(S.REQUESTED), "voler")).status_code == 404


def test_draft_is_nobodys_business(desk):
    dossier = bring_to(S.DRAFT)

    assert desk.get(address(dossier, A.ACCEPT)).status_code == 404
    assert take(desk, dossier, A.SEND).status_code == 404
    assert dossier.reference not in desk.get(LIST).content.decode()


def test_page_read_before_a_change_is_refused(desk):
    dossier = bring_to(S.REQUESTED)
    old = dossier.version
    do(dossier, A.PROPOSE, starts_on=STARTS_ON + timedelta(days=7))

    response = desk.post(address(dossier, A.ACCEPT), {"version": old})

    assert response.status_code == 409
    page = response.content.decode()
    assert "n’est plus possible" in page
    assert "Proposition de l’organisme" in page


def test_version_of_an_old_page_is_refused_even_if_the_step_still_exists(desk, wander):
    dossier = bring_to(S.VALIDATED)
    old = dossier.version
    at = at_noon(dossier.starts_on) - timedelta(days=1)
    do(dossier, A.CLAIM_FORCE_MAJEURE, at, reason="Un accident.")
    wander(dossier)

    response = desk.post(
        address(dossier, A.CANCEL_BY_PROVIDER), {"version": old, "reason": "Le groupe est vide."}
    )

    dossier.refresh_from_db()
    assert response.status_code == 409
    assert "a changé depuis que vous l’avez lu" in response.content.decode()
    assert dossier.state == S.VALIDATED


@pytest.mark.parametrize(
    ("action", "typed", "sentence"),
    [
        (A.REFUSE, {}, "Indiquez le motif"),
        (A.REFUSE, {"reason": "   "}, "Indiquez le motif"),
        (A.REFUSE, {"reason": "a" * 1001}, "1000"),
        (A.PROPOSE, {}, "Indiquez ce qui change"),
        (A.PROPOSE, {"starts_on": "31/02/2021"}, "date valide"),
        (A.PROPOSE, {"starts_on": "04/03/2021"}, "ou un jour suivant"),
        (A.PROPOSE, {"hours": "0"}, "supérieure ou égale à 1"),
        (A.PROPOSE, {"price_cents": "-5"}, "supérieure ou égale"),
        (A.PROPOSE, {"price_cents": "1000000"}, "inférieure ou égale"),
        (A.ACCEPT, {"version": "x"}, "version"),
    ],
)
def test_wrong_entry_is_told_and_kept(desk, action, typed, sentence):
    dossier = bring_to(S.REQUESTED)

    response = take(desk, dossier, action, **typed)

    dossier.refresh_from_db()
    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert dossier.state == S.REQUESTED


def test_price_in_euros_is_kept_in_cents(desk):
    dossier = bring_to(S.REQUESTED)

    take(desk, dossier, A.PROPOSE, price_cents="999,99")

    dossier.refresh_from_db()
    assert dossier.proposal == {"price_cents": 999_99}


def test_delay_that_has_passed_is_applied_before_the_page_is_shown(desk, sasha, time_machine):
    dossier = bring_to(S.REQUESTED)
    time_machine.move_to(at_noon(dossier.due_on + timedelta(days=1)), tick=False)
    desk.force_login(sasha)

    page = desk.get(reverse("admin:rights_dossier_change", args=[dossier.pk])).content.decode()

    assert "Demande d’inscription annulée" in page
    assert take(desk, dossier, A.ACCEPT).status_code == 409


@pytest.mark.parametrize("method", ["get", "post"])
def test_steps_need_the_permission(client, method):
    dossier = bring_to(S.REQUESTED)
    client.force_login(StaffFactory())

    assert getattr(client, method)(address(dossier, A.ACCEPT)).status_code == 403
    dossier.refresh_from_db()
    assert dossier.state == S.REQUESTED


def test_visitor_and_citizen_are_kept_out(client, camille):
    dossier = bring_to(S.REQUESTED)
    assert client.post(address(dossier, A.ACCEPT)).status_code == 302

    client.force_login(camille)
    assert client.post(address(dossier, A.ACCEPT)).status_code == 302
    dossier.refresh_from_db()
    assert dossier.state == S.REQUESTED


def test_forged_post_without_its_token_does_nothing(sasha):
    dossier = bring_to(S.REQUESTED)
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(sasha)

    response = browser.post(address(dossier, A.ACCEPT), {"version": dossier.version})

    dossier.refresh_from_db()
    assert response.status_code == 403
    assert dossier.state == S.REQUESTED


def test_dossier_is_written_by_no_form_of_the_administration(desk):
    dossier = bring_to(S.REQUESTED)
    change = reverse("admin:rights_dossier_change", args=[dossier.pk])
    fields = {"state": S.SETTLED, "price_cents": 1, "titulaire": 1}

    assert desk.post(change, fields).status_code == 403
    assert desk.post(reverse("admin:rights_dossier_add"), fields).status_code == 403
    delete = reverse("admin:rights_dossier_delete", args=[dossier.pk])
    assert desk.post(delete, {"post": "yes"}).status_code == 403
    dossier.refresh_from_db()
    assert dossier.state == S.REQUESTED


def test_dossier_shows_its_time_line_and_no_number(desk, sasha):
    dossier = bring_to(S.REQUESTED)
    services.perform(
        dossier=dossier, action=A.ACCEPT, actor=Actor.provider(staff=sasha), at=timezone.now()
    )

    page = desk.get(reverse("admin:rights_dossier_change", args=[dossier.pk])).content.decode()

    assert "Accepter la demande" in page
    assert f"l’organisme ({sasha})" in page
    assert dossier.reference in page
    nir = dossier.titulaire.nir.value
    assert nir not in page
    assert nir[:13] not in page


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("a_faire=repondre", {S.REQUESTED}),
        ("a_faire=majeure", set()),
        ("a_faire=retard", set()),
        ("a_faire=rembourser", set()),
        ("state__exact=to_validate", {S.TO_VALIDATE}),
        ("q=Comptabilité", {S.REQUESTED, S.TO_VALIDATE, S.REFUSED}),
    ],
)
def test_list_is_narrowed(desk, query, expected):
    dossiers = [bring_to(state) for state in (S.REQUESTED, S.TO_VALIDATE, S.REFUSED)]

    page = desk.get(f"{LIST}?{query}").content.decode()

    assert {dossier.state for dossier in dossiers if dossier.reference in page} == expected


@pytest.mark.parametrize("count", [1, 4])
def test_pages_cost_the_same_statements_for_any_number(desk, count, django_assert_max_num_queries):
    session = make_session()
    dossiers = [bring_to(S.VALIDATED, session=session) for _ in range(count)]
    change = reverse("admin:rights_dossier_change", args=[dossiers[0].pk])
    desk.get(change)

    for page in (LIST, change):
        with django_assert_max_num_queries(12):
            assert desk.get(page).status_code == 200
