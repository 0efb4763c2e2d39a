"""Working days: neither week-ends nor the 11 public holidays, wherever Easter falls."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rights.dossiers.calendar import add_working_days, is_working_day, subtract_working_days
from rights.dossiers.deadlines import DAY, free_cancellation_until, last_request_on
from rights.models import ParameterName as P

FIGURES = {P.START_AFTER: 11, P.FREE_CANCELLATION: 7}
DAYS = st.dates(date(2019, 11, 21), date(2035, 12, 31))
# the 11 of 2021, of which two fall on a Saturday or a Sunday
HOLIDAYS_2021 = [
    date(2021, 1, 1), date(2021, 4, 5), date(2021, 5, 1), date(2021, 5, 8), date(2021, 5, 13),
    date(2021, 5, 24), date(2021, 7, 14), date(2021, 8, 15), date(2021, 11, 1), date(2021, 11, 11),
    date(2021, 12, 25),
]  # fmt: skip


@pytest.mark.parametrize("day", HOLIDAYS_2021)
def test_a_public_holiday_is_not_worked(day):
    assert not is_working_day(day)
    before = subtract_working_days(day, 1)
    assert is_working_day(before)
    assert add_working_days(before, 1) > day


def test_a_year_has_these_days_off_and_no_other():
    first = date(2021, 1, 1)
    off = [d for n in range(365) if not is_working_day(d := first + n * DAY)]

    assert [d for d in off if d.weekday() < 5] == [d for d in HOLIDAYS_2021 if d.weekday() < 5]


@pytest.mark.parametrize(
    ("day", "days", "then"),
    [
        (date(2021, 3, 3), 2, date(2021, 3, 5)),  # within a week
        (date(2021, 3, 5), 2, date(2021, 3, 9)),  # a Friday: over the week-end
        (date(2021, 3, 6), 1, date(2021, 3, 8)),  # a Saturday counts from Monday
        (date(2021, 4, 2), 1, date(2021, 4, 6)),  # over Easter Monday
        (date(2021, 5, 12), 2, date(2021, 5, 17)),  # over Ascension, then a worked Friday
        (date(2020, 12, 24), 4, date(2020, 12, 31)),  # over Christmas
        (date(2020, 12, 31), 1, date(2021, 1, 4)),  # over the year
        (date(2024, 2, 28), 2, date(2024, 3, 1)),  # a leap year
    ],
)
def test_days_are_counted_over_those_off(day, days, then):
    assert add_working_days(day, days) == then


@settings(deadline=None, max_examples=100)
@given(day=DAYS, days=st.integers(1, 40))
def test_counted_days_are_worked_days(day, days):
    then = add_working_days(day, days)

    between = ((day + n * DAY) for n in range(1, (then - day).days + 1))
    assert sum(map(is_working_day, between)) == days
    assert is_working_day(then)


@settings(deadline=None, max_examples=100)
@given(start=DAYS)
def test_the_last_day_to_ask_is_the_last_that_leaves_enough(start):
    last = last_request_on(FIGURES, starts_on=start)

    assert add_working_days(last, 11) <= start < add_working_days(last + DAY, 11)


@settings(deadline=None, max_examples=100)
@given(start=DAYS)
def test_free_cancellation_ends_more_than_seven_days_before(start):
    last = free_cancellation_until(FIGURES, starts_on=start)

    def worked(day):
        return sum(is_working_day(day + n * DAY) for n in range((start - day).days))

    assert worked(last + DAY) == 7
    assert start - last > timedelta(days=7)
