"""The bench of the desk: its portal of few rows serves every task, and its verdict can be bad."""

import json

import pytest
from django.urls import reverse

from rights.dossiers.states import State
from tests.bench.desk import filling
from tests.bench.desk.cases import Cases
from tests.bench.desk.report import MOST_QUERIES, Answer, Report
from tests.desk import sign_in
from tests.factories import StaffFactory

PEOPLE = 100


@pytest.mark.django_db
def test_filled_portal_has_somebody_for_every_task():
    filling.main(str(PEOPLE))
    filling.main(str(PEOPLE))  # one that is kept serves again
    cases = Cases()

    given = [
        cases.dossier(State.REQUESTED).titulaire,
        cases.person(),
        cases.person(is_confirmed=False),
        cases.person(is_frozen=True),
        cases.person(dossiers__state=State.SETTLED),
        cases.dossier(State.VALIDATED, fraud_reported_at=None, absence_until=None).titulaire,
    ]

    assert len({person.pk for person in given}) == len(given)
    assert filling.accounts.Titulaire.objects.count() == PEOPLE
    assert cases.provider().offers.count() == 1


@pytest.mark.django_db
def test_answer_is_noted_with_its_statements(client, settings, tmp_path, monkeypatch):
    log = tmp_path / "answers.jsonl"
    monkeypatch.setenv("DESK_LOG", str(log))
    settings.MIDDLEWARE = [
        "tests.bench.desk.measuring.MeasuringMiddleware",
        *settings.MIDDLEWARE,
    ]
    sign_in(client, StaffFactory())

    answer = client.get(reverse("admin:index"))

    line = json.loads(log.read_text())
    assert line.pop("answer") == answer.headers["X-Desk-Answer"]
    assert (line["page"], line["status"]) == ("GET admin:index", 200)
    assert 3 <= line["queries"] <= MOST_QUERIES
    assert 0 <= line["milliseconds"] <= line["waited"]


@pytest.mark.parametrize(
    ("status", "queries", "verdict"),
    [
        (200, MOST_QUERIES, 0),
        (200, MOST_QUERIES + 1, 1),
        (302, MOST_QUERIES + 1, 0),  # a write, which is told and shows nothing
    ],
)
def test_verdict_is_about_the_pages_that_are_shown(status, queries, verdict, capsys):
    report = Report()
    report.add(Answer("chercher", "GET admin:index", status, queries, 10, 12, None))

    assert report.show() == verdict
    assert ("chercher (GET admin:index)" in capsys.readouterr().out) == (queries > MOST_QUERIES)


def test_answer_that_fails_ends_the_walk():
    with pytest.raises(RuntimeError, match="chercher"):
        Report().add(Answer("chercher", "GET admin:index", 500, 1, 10, 12, None))
