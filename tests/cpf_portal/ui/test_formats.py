from datetime import UTC, date, datetime

import pytest
from django.template import Context, Template

from cpf_portal.ui.formats import date_fr, euros


def render(source, **context):
    return Template("{% load portal %}" + source).render(Context(context))


@pytest.mark.parametrize(
    ("cents", "written"),
    [
        (110500, "1105,00\u00a0€"),
        (0, "0,00\u00a0€"),
        (5, "0,05\u00a0€"),
        (99, "0,99\u00a0€"),
        (123456789012, "1234567890,12\u00a0€"),
        (-50000, "\u2212500,00\u00a0€"),
        (-5, "\u22120,05\u00a0€"),
    ],
)
def test_euros_writes_cents_as_the_seed_does(cents, written):
    assert euros(cents) == written


@pytest.mark.parametrize(
    ("day", "written"),
    [
        (date(2026, 11, 1), "1er novembre 2026"),
        (date(2026, 11, 22), "22 novembre 2026"),
        (date(2027, 2, 1), "1er février 2027"),
        (date(2026, 8, 31), "31 août 2026"),
    ],
)
def test_date_fr_writes_the_day_in_full(day, written):
    assert date_fr(day) == written


def test_euros_filter_takes_a_price_and_says_nothing_without_one():
    assert render("{{ price|euros }}", price=4950) == "49,50\u00a0€"
    assert render("{{ price|euros }}", price=None) == ""


def test_date_fr_filter_reads_a_moment_in_paris():
    evening = datetime(2026, 10, 31, 23, 30, tzinfo=UTC)  # already the next day in Paris

    assert render("{{ at|date_fr }}", at=evening) == "1er novembre 2026"
    assert render("{{ on|date_fr }}", on=None) == ""
