"""The pages of text read the figures of the law from the parameters."""

import re
from datetime import date
from pathlib import Path

import pytest
from django.urls import reverse

from cpf_portal.pages.figures import figures_in_words, in_words, whole_euros
from cpf_portal.pages.topics import TOPICS
from rights.models import Parameter, ParameterName
from rights.models.parameter import Figure

TEMPLATES = Path(__file__).parents[3] / "templates" / "pages" / "topics"
# An example of the account of nobody, and the fines of article L6323-8-1.
FREE_AMOUNTS = {
    "dif": ["1&nbsp;500,00", "600,00", "1&nbsp;500", "2&nbsp;100"],
    "demarchage-et-arnaques": ["75&nbsp;000", "375&nbsp;000"],
}


@pytest.mark.parametrize(
    ("cents", "text"),
    [
        (500_00, "500\u00a0€"),
        (5_000_00, "5\u00a0000\u00a0€"),
        (103_20, "103,20\u00a0€"),
        (0, "0\u00a0€"),
    ],
)
def test_amounts_of_a_text_have_no_needless_cents(cents, text):
    assert whole_euros(cents) == text


@pytest.mark.parametrize(
    ("name", "value", "day", "text"),
    [
        (ParameterName.PUBLIC_HOURS, 25, None, "25\u00a0heures"),
        (ParameterName.FULL_CREDIT_SHARE, 50, None, "50\u00a0%"),
        (ParameterName.LOW_QUALIFIED_BELOW, 3, None, "3"),
        (ParameterName.DIF_DEADLINE, None, date(2021, 6, 30), "30 juin 2021"),
        (ParameterName.RS_CEILING, None, None, "sans limite"),
    ],
)
def test_figures_carry_their_unit(name, value, day, text):
    assert in_words(name, Figure(name, value, day, date(2020, 1, 1), "")) == text


@pytest.mark.parametrize("topic", TOPICS, ids=lambda topic: topic.slug)
def test_no_topic_types_an_amount_of_the_law(topic):
    text = (TEMPLATES / f"{topic.slug}.html").read_text(encoding="utf-8")

    found = re.findall(r"(\d[\d,]*(?:&nbsp;[\d,]+)*)&nbsp;€", text)

    assert found == FREE_AMOUNTS.get(topic.slug, [])


@pytest.mark.django_db
def test_every_figure_that_a_topic_names_exists():
    known = figures_in_words(date(2026, 11, 22))

    named = {
        name
        for topic in TOPICS
        for name in re.findall(
            r"figures\.(\w+)", (TEMPLATES / f"{topic.slug}.html").read_text(encoding="utf-8")
        )
    }

    assert len(named) > 15
    assert named - set(known) == set()


@pytest.mark.django_db
def test_a_new_figure_is_read_from_its_day_on(client, time_machine):
    Parameter.objects.create(
        name=ParameterName.CREDIT,
        value=777_00,
        valid_from=date(2027, 1, 1),
        legal_basis="décret d’essai",
    )
    url = reverse("pages:understand_topic", args=["votre-compte"])
    time_machine.move_to("2026-12-31T12:00:00+00:00")
    before = client.get(url).content.decode()
    time_machine.move_to("2027-01-01T12:00:00+00:00")
    after = client.get(url).content.decode()

    assert "777\u00a0€" not in before
    assert "500\u00a0€" in before
    assert "777\u00a0€" in after
