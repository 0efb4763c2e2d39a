"""The figures of the rules on chosen days, as domain.md 2 tells them."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from rights import parameters
from rights.exceptions import MissingParameter
from rights.models import Parameter, ParameterName, Unit

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("name", "day", "value"),
    [
        (ParameterName.CREDIT, date(2019, 1, 1), 500_00),
        (ParameterName.CREDIT_CAP, date(2026, 12, 31), 5_000_00),
        (ParameterName.BOETH_EXTRA, date(2019, 6, 9), 300_00),
        (ParameterName.PUBLIC_HOURS, date(2019, 12, 31), 24),
        (ParameterName.PUBLIC_HOURS, date(2020, 1, 1), 25),
        (ParameterName.PARTICIPATION, date(2021, 6, 1), 0),
        (ParameterName.PARTICIPATION, date(2024, 5, 1), 0),
        (ParameterName.PARTICIPATION, date(2024, 5, 2), 100_00),
        (ParameterName.PARTICIPATION, date(2025, 7, 1), 102_23),
        (ParameterName.PARTICIPATION, date(2026, 4, 1), 103_20),
        (ParameterName.PARTICIPATION, date(2026, 4, 2), 150_00),
        (ParameterName.WITHDRAWAL_DAYS, date(2021, 1, 1), 14),
    ],
)
def test_figure_in_force_on_a_day(name, day, value):
    assert Parameter.objects.figures(day)[name] == value


@pytest.mark.parametrize(
    ("name", "day"),
    [
        (ParameterName.CREDIT, date(2018, 12, 31)),
        (ParameterName.BOETH_EXTRA, date(2019, 6, 8)),
        (ParameterName.CREDIT, date(1999, 1, 1)),
    ],
)
def test_figure_before_its_day_is_missing(name, day):
    figures = Parameter.objects.figures(day)

    assert name not in figures
    with pytest.raises(MissingParameter, match=day.strftime("%d/%m/%Y")):
        figures[name]


def test_deadline_is_a_day_that_the_operator_may_leave_open():
    day = date(2026, 11, 22)
    assert Parameter.objects.figures(day).figure(ParameterName.DIF_DEADLINE).day == date(
        2021, 6, 30
    )

    Parameter.objects.create(
        name=ParameterName.DIF_DEADLINE, valid_from=day, legal_basis="Décision de l’exploitant"
    )

    assert Parameter.objects.figures(day).figure(ParameterName.DIF_DEADLINE).day is None


def test_every_figure_has_a_source_and_each_name_a_figure():
    rows = list(Parameter.objects.all())

    assert all(row.legal_basis for row in rows)
    assert {row.name for row in rows} == set(ParameterName.values)
    assert {name.unit for name in ParameterName} == set(Unit)


def test_figures_take_one_query(django_assert_num_queries):
    with django_assert_num_queries(1):
        Parameter.objects.figures(date(2021, 1, 1))


def test_loading_twice_adds_nothing():
    count = Parameter.objects.count()

    parameters.load(Parameter)

    assert Parameter.objects.count() == count == len(parameters.ROWS)


@pytest.mark.parametrize(
    "fields",
    [
        {"value": -1},
        {"value": 1, "day": date(2021, 1, 1)},
        {"name": ParameterName.DIF_DEADLINE, "value": 1},
        {"legal_basis": ""},
        {"valid_from": date(2019, 1, 1)},
    ],
)
def test_database_refuses_a_figure_that_means_nothing(fields):
    content = {
        "name": ParameterName.CREDIT,
        "value": 1,
        "valid_from": date(2030, 1, 1),
        "legal_basis": "Décret",
    }

    with pytest.raises(IntegrityError), transaction.atomic():
        Parameter.objects.create(**(content | fields))
