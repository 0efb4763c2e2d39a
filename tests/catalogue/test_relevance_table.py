"""Judged queries over the demonstration catalogue, measured by nDCG@10.

An answer is right when it leads to one of the certifications of its row (`relevant`); those of
`forbidden` must stay out of the first ten. Lower a floor only with a reason in the commit.
"""

import pytest
from django.core.management import call_command

from catalogue.search import snapshot
from tests.catalogue.judgments import (
    FIRST,
    HELD,
    TUNED,
    add_register,
    judged,
    ours,
    possible_answers,
    rows,
)

# The queries that the search was tuned with, then those that nobody tuned it with.
FLOORS = {TUNED: 0.97, HELD: 0.89}
AIM = 0.95


@pytest.fixture
def catalogue(db, monkeypatch):
    monkeypatch.setattr(snapshot, "LOOK_EVERY_SECONDS", 0)  # the second table finds what was added
    call_command("load_demo", without_people=True, verbosity=0)


def test_table_holds_enough_queries():
    tuned, held = ([(row["query"], row["place"]) for row in rows(table)] for table in FLOORS)

    assert len(tuned) >= 120
    assert len(held) >= 40
    assert len({*tuned, *held}) == len(tuned) + len(held)
    assert all(row["relevant"] for table in FLOORS for row in rows(table))


@pytest.mark.slow
def test_first_answers_are_the_right_ones(catalogue, capsys):
    means = {TUNED: measured(TUNED, capsys)}
    add_register()
    means[HELD] = measured(HELD, capsys)

    assert {table.name for table, floor in FLOORS.items() if means[table] < floor} == set()


def measured(table, capsys):
    """Return the mean of a table; no row may show what it forbids."""
    possible = possible_answers()
    scores = {(row["query"], row["place"]): judged(row, ours(row), possible) for row in rows(table)}
    mean = sum(score for score, _ in scores.values()) / len(scores)
    with capsys.disabled():
        print(f"\n{table.name}, nDCG@{FIRST} de {len(scores)} recherches : {mean:.4f}")  # noqa: T201
        for (query, place), (score, shown) in sorted(scores.items(), key=lambda item: item[1][0]):
            if score < AIM or shown:
                print(f"  {score:.2f}  {query} {place} {' '.join(shown)}")  # noqa: T201
    assert {query: shown for query, (_, shown) in scores.items() if shown} == {}
    return mean
