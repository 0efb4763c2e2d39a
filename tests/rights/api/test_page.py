"""docs/api-organismes.md says what the code says."""

import re
from pathlib import Path

from rights.api.names import ORDERS, STATES
from rights.api.problems import PROBLEMS
from rights.api.schemas import BODIES
from rights.models import Scope

PAGE = (Path(__file__).parents[3] / "docs" / "api-organismes.md").read_text(encoding="utf-8")
ROWS = [[cell.strip() for cell in line.strip("|").split("|")] for line in PAGE.splitlines()]
WORDS = {Scope.ANSWER: "to answer", Scope.DECLARE: "to declare"}


def test_states_are_told():
    told = {row[0].strip("`"): row[1] for row in ROWS if len(row) == 2}

    assert {name: told.get(name) for name in STATES.values()} == {
        name: state.label for state, name in STATES.items()
    }


def test_orders_and_their_data_are_told():
    told = {row[0].strip("`"): row[1:] for row in ROWS if len(row) == 3}

    for action, (name, scope) in ORDERS.items():
        data, allowed = told[name]
        assert set(re.findall(r"`(\w+)`", data)) == set(BODIES[action].model_fields), name
        assert allowed == WORDS[scope]


def test_refusals_are_told():
    told = [(row[0], row[1].strip("`")) for row in ROWS if len(row) == 3 and row[0].isdigit()]

    assert told == [(str(status.value), name) for name, (status, _) in PROBLEMS.items()]
