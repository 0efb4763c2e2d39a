"""Each (order, state) over the API: the table’s are done, the others refused without effect."""

import pytest
from django.utils import timezone

from accounts.services import freeze_spending, unfreeze_spending
from rights.api.names import ACTORS, FIELD_OF, ORDERS, STATES
from rights.api.schemas import BODIES as SCHEMAS
from rights.dossiers.states import ActorKind
from rights.dossiers.states import State as S
from rights.dossiers.transitions import TABLE, allowed
from tests.factories import StaffFactory
from tests.rights.api.software import BODIES, Software, problem
from tests.rights.dossiers.steps import NOW, at_noon, bring_to, make_ready

DURING = {S.VALIDATED, S.IN_TRAINING, S.FINISHED}
PROVIDERS = [row for row in TABLE if row.who == ActorKind.PROVIDER]
PAIRS = list(dict.fromkeys((row.action, row.source, row.target) for row in PROVIDERS))


def moment_of(state, dossier):
    return at_noon(dossier.starts_on) if state in DURING else NOW


def bring(state, time_machine):
    dossier = bring_to(state)
    time_machine.move_to(moment_of(state, dossier), tick=False)
    return dossier


def test_words_of_the_api_say_the_whole_table():
    assert set(STATES) == set(S) - {S.DRAFT}
    assert set(ACTORS) == set(ActorKind)
    assert set(ORDERS) == set(SCHEMAS) == {row.action for row in PROVIDERS}
    for action, schema in SCHEMAS.items():
        rows = [row for row in PROVIDERS if row.action == action]
        expected = {FIELD_OF[name] for row in rows for name in (*row.details, *row.options)}
        assert set(schema.model_fields) == expected, action


@pytest.mark.django_db
@pytest.mark.parametrize("state", [state for state in S if state != S.DRAFT])
def test_order_that_the_state_does_not_allow_has_no_effect(state, time_machine):
    dossier = bring(state, time_machine)
    software = Software(dossier.provider)
    before = (dossier.version, dossier.events.count())
    today = moment_of(state, dossier).date()
    possible = set(allowed(dossier, ActorKind.PROVIDER, today))

    for action in set(ORDERS) - possible:
        response = software.order(dossier, ORDERS[action][0], BODIES.get(action))
        assert problem(response) == "action-impossible", action
        assert response.json()["detail"]

    dossier.refresh_from_db()
    assert (dossier.state, dossier.version, dossier.events.count()) == (state, *before)
    told = software.get(f"dossiers/{dossier.reference}").json()
    assert told["etat"] == STATES[state]
    assert set(told["ordres"]) == {ORDERS[action][0] for action in possible}


@pytest.mark.django_db
@pytest.mark.parametrize(("action", "source", "target"), PAIRS)
def test_order_of_the_table_is_done_and_told(action, source, target, time_machine):
    dossier = make_ready(bring(source, time_machine), action)
    software = Software(dossier.provider)
    body = dict(BODIES.get(action, {}))
    if source == S.VALIDATED:
        body.pop("part_realisee", None)

    response = software.order(dossier, ORDERS[action][0], body)

    dossier.refresh_from_db()
    event = dossier.events.latest("pk")
    assert response.status_code == 200, response.content
    assert dossier.state == target
    assert response.json()["etat"] == STATES[target]
    assert response.headers["ETag"] == f'"{dossier.version}"'
    assert (event.actor, event.actor_name) == ("provider", f"clé {software.key.prefix}")
    assert event.reason == body.get("motif", body.get("note", ""))


@pytest.mark.django_db
def test_draft_is_nobodys_business():
    dossier = bring_to(S.DRAFT)
    software = Software(dossier.provider)

    assert problem(software.get(f"dossiers/{dossier.reference}")) == "dossier-inconnu"
    assert problem(software.order(dossier, "acceptation")) == "dossier-inconnu"
    assert software.get("dossiers").json()["dossiers"] == []


@pytest.mark.django_db
def test_delay_that_has_passed_is_applied_when_it_is_read(time_machine):
    dossier = bring_to(S.REQUESTED)
    software = Software(dossier.provider)
    time_machine.move_to(at_noon(dossier.due_on), tick=False)
    assert software.get(f"dossiers/{dossier.reference}").json()["etat"] == "demande"

    time_machine.shift(24 * 3600)

    assert software.get("dossiers").json()["dossiers"][0]["etat"] == "demande-annulee"
    assert problem(software.order(dossier, "acceptation")) == "action-impossible"
    dossier.refresh_from_db()
    assert dossier.state == S.REQUEST_CANCELLED


@pytest.mark.django_db
def test_provider_is_not_paid_by_frozen_rights_until_the_support_has_looked(time_machine):
    dossier = bring(S.FINISHED, time_machine)
    software = Software(dossier.provider)
    freeze_spending(user=dossier.user, now=timezone.now())

    refused = software.order(dossier, "service-fait")

    assert problem(refused) == "action-impossible"
    assert "attend sa décision" in refused.json()["detail"]
    unfreeze_spending(user=dossier.user, author=StaffFactory(), reason="Vu avec elle.")
    assert software.order(dossier, "service-fait").status_code == 200
