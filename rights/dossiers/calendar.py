"""Working days (« jours ouvrés »): neither a Saturday, a Sunday, nor one of the 11 public holidays.

Days are those of Paris. The two more holidays of Alsace-Moselle are not counted: the rules of the portal
are the same for everybody.
"""

from datetime import date, timedelta

from holidays.countries import France

DAY = timedelta(days=1)
SATURDAY = 5


def all_holidays() -> France:
    """Return the holidays of all the years at once.

    Those added as they are asked for are announced before they are filled, and another thread would
    take a holiday for a working day.
    """
    return France(language="fr", years=range(2015, 2101))


_HOLIDAYS = all_holidays()


def is_working_day(day: date) -> bool:
    return day.weekday() < SATURDAY and day not in _HOLIDAYS


def add_working_days(day: date, days: int) -> date:
    """Return the working day which comes `days` working days after `day`, not counted itself."""
    return _step(day, days, DAY)


def subtract_working_days(day: date, days: int) -> date:
    """Return the working day which comes `days` working days before `day`, not counted itself."""
    return _step(day, days, -DAY)


def _step(day: date, days: int, step: timedelta) -> date:
    while days > 0:
        day += step
        days -= is_working_day(day)
    return day
