"""The grid of the 106 criteria is whole, its proofs exist, and the statement says what it says."""

import re
from collections import Counter
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from django.urls import reverse

from cpf_portal.pages.accessibility import GRID, Criterion, Statement, Status, parse, statement
from tests.cpf_portal.pages.reading import read

ROOT = Path(__file__).parents[3]
# How many criteria each of the thirteen themes of RGAA 4.1 has.
CRITERIA = (9, 2, 3, 13, 8, 2, 5, 10, 4, 14, 13, 11, 12)
MET = Criterion(1, 1, "x", Status.MET, "y", date(2026, 1, 1))
FAILED, UNCHECKED = replace(MET, status=Status.FAILED), replace(MET, status=Status.UNCHECKED)
ABSENT = replace(MET, status=Status.NOT_APPLICABLE)


def test_grid_has_the_106_criteria_in_order():
    expected = [
        (theme, rank)
        for theme, count in enumerate(CRITERIA, start=1)
        for rank in range(1, count + 1)
    ]

    assert [(c.theme, c.rank) for c in statement().criteria] == expected
    assert len(expected) == 106


def test_grid_holds_no_line_that_the_page_would_miss():
    lines = re.findall(r"^\| *\d+\.\d+", GRID.read_text(encoding="utf-8"), re.MULTILINE)

    assert len(lines) == len(statement().criteria)


def test_proofs_of_the_grid_exist():
    named = {
        path
        for criterion in statement().criteria
        for path in re.findall(r"`((?:tests|accounts|cpf_portal)/[\w/]+\.py)`", criterion.evidence)
    }

    assert len(named) > 8
    assert [path for path in named if not (ROOT / path).is_file()] == []


def test_grid_refuses_an_unknown_status():
    with pytest.raises(ValueError, match="presque"):
        parse("| 1.1 | demande | presque | preuve | 2026-11-22 |")


@pytest.mark.parametrize(
    ("criteria", "level", "rate"),
    [
        ([MET, MET, ABSENT], "totalement conforme", 100),
        ([MET, MET, FAILED], "partiellement conforme", 66),
        ([MET, FAILED, FAILED], "non conforme", 33),
        ([MET, MET, MET, UNCHECKED], "non conforme", 75),
    ],
)
def test_level_follows_from_the_criteria(criteria, level, rate):
    judged = Statement(tuple(criteria))

    assert (judged.level, judged.rate) == (level, rate)


@pytest.mark.django_db
def test_page_and_foot_say_what_the_grid_says(client):
    answer = client.get(reverse("pages:accessibility")).content.decode()
    text = " ".join(read(answer).text.split())  # which makes plain spaces of all
    judged, counts = statement(), Counter(c.status for c in statement().criteria)

    assert f"Accessibilité : {judged.level} au référentiel" in text
    assert f"{judged.rate} % des critères" in text
    for status, count in counts.items():
        assert f"{status.value[:1].upper()}{status.value[1:]} {count}" in text
    for criterion in [*judged.failed, *judged.unchecked]:
        assert f"critère {criterion.number} ({criterion.text})" in text
    assert f"Accessibilité&nbsp;: {judged.level}</a>" in answer
