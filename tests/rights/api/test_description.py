"""The OpenAPI description is true: schemathesis asks all that it allows, and what it does not."""

import os

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from django.test import Client
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import positive_data_acceptance

from accounts import limits
from rights.api.names import ORDERS
from rights.dossiers.states import State as S
from tests.rights.api.software import ROOT, Software
from tests.rights.dossiers.steps import bring_to

EXAMPLES = min(int(os.environ.get("PORTAL_EXAMPLES", "5")), 200)  # each is a request
ORDERED = [name for name, _ in ORDERS.values()]


@pytest.fixture
def description(db):
    """The description as it is served, asked of the portal itself, without a network."""
    for signal in (request_started, request_finished):  # the test keeps its connection
        signal.disconnect(close_old_connections)
    # a request that the schema allows may come over a change: 412
    fine = {"expected-statuses": ["2xx", "404", "409", "412"]}
    yield schemathesis.openapi.from_wsgi(
        f"{ROOT}openapi.json",
        get_wsgi_application(),
        config=schemathesis.Config.from_dict({"checks": {"positive_data_acceptance": fine}}),
    )
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.mark.parametrize("name", ["lister", "lire", *ORDERED])
def test_answers_are_those_of_the_description(description, name, monkeypatch):
    monkeypatch.setitem(limits.POLICIES, "provider-api", ())
    dossier = bring_to(S.REQUESTED)
    software = Software(dossier.provider)
    # the answers are read as they are, not unpacked
    headers = {"Authorization": f"Bearer {software.text}", "Accept-Encoding": "identity"}
    operation = description.find_operation_by_id(name)
    known = {"path_parameters": {"reference": dossier.reference}} if name != "lister" else {}
    # which days may be proposed, no schema says
    excluded = [positive_data_acceptance] if name == "proposition" else []
    if name in ORDERED:
        headers["If-Match"] = f'"{dossier.version}"'

    for mode in GenerationMode:  # what the description allows, then what it does not

        @settings(
            max_examples=EXAMPLES, deadline=None, database=None, derandomize=True,
            suppress_health_check=list(HealthCheck),
        )  # fmt: skip
        @given(case=operation.as_strategy(generation_mode=mode, **known))
        def ask(case):
            case.call_and_validate(headers=headers, excluded_checks=excluded)

        ask()


def test_description_is_of_openapi_3_1_and_open_to_all():
    answer = Client().get(f"{ROOT}openapi.json")

    assert answer.status_code == 200
    assert answer.json()["openapi"].startswith("3.1")
    assert {path.rpartition("/")[2] for path in answer.json()["paths"]} == {
        "dossiers", "{reference}", *ORDERED,
    }  # fmt: skip
