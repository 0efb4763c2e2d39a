"""Each deadline over week-ends, the 11 holidays and both clock changes, to the second, without the database.

The last days are counted here on a list of holidays typed by hand, not by the calendar of the portal.
"""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from rights.dossiers import conditions, deadlines
from rights.dossiers.states import State as S
from rights.models import Dossier
from rights.models.parameter import Figure, Figures
from rights.models.parameter import ParameterName as P
from rights.parameters import ROWS

PARIS = ZoneInfo("Europe/Paris")
DAY, SECOND = timedelta(days=1), timedelta(seconds=1)
# each of the 11 holidays in a year when it is neither a Saturday nor a Sunday
HOLIDAYS = {
    "nouvel an": date(2024, 1, 1),
    "lundi de Pâques": date(2024, 4, 1),
    "fête du Travail": date(2024, 5, 1),
    "8 mai": date(2024, 5, 8),
    "Ascension": date(2024, 5, 9),
    "lundi de Pentecôte": date(2024, 5, 20),
    "14 juillet": date(2023, 7, 14),
    "Assomption": date(2024, 8, 15),
    "Toussaint": date(2024, 11, 1),
    "11 novembre": date(2024, 11, 11),
    "Noël": date(2024, 12, 25),
}
OFF = set(HOLIDAYS.values()) | {date(2023, 8, 15), date(2023, 12, 25), date(2025, 1, 1)}
MOMENTS = HOLIDAYS | {
    "un week-end": date(2024, 6, 15),
    "passage à l’heure d’été": date(2024, 3, 31),
    "passage à l’heure d’hiver": date(2024, 10, 27),
}
FAR = timedelta(days=150)


def counted(day: date, days: int, way: int = 1) -> date:
    """Return the working day that comes `days` of them after `day`, or before it."""
    while days:
        day += way * DAY
        days -= day.weekday() < 5 and day not in OFF
    return day


def figures(day: date) -> Figures:
    rows = sorted((row for row in ROWS if row[2] <= day), key=lambda row: row[2])
    found = {
        name: Figure(name, value if isinstance(value, int) else None, None, since, basis)
        for name, value, since, basis in rows
    }
    return Figures(found, day)


def days_of(name: P, day: date) -> int:
    return figures(day)[name]


def midnight_after(day: date) -> datetime:
    then = day + DAY
    return datetime(then.year, then.month, then.day, tzinfo=PARIS).astimezone(UTC)


def in_paris(moment: datetime) -> date:
    return moment.astimezone(PARIS).date()


def answered(today: date, has_prerequisites: bool) -> date:
    return deadlines.provider_answers_by(
        today, figures(today), starts_on=today + FAR, has_prerequisites=has_prerequisites
    )


# name of the deadline: its days, the last day that the portal finds, and what is refused after it
DELAYS = {
    "organisme": (P.PROVIDER_ANSWER, lambda d: answered(d, False), "due_on", S.REQUESTED),
    "prérequis": (P.PREREQUISITES_ANSWER, lambda d: answered(d, True), "due_on", S.REQUESTED),
    "titulaire": (
        P.TITULAIRE_ANSWER,
        lambda d: deadlines.titulaire_answers_by(d, figures(d), starts_on=d + FAR),
        "due_on",
        S.TO_VALIDATE,
    ),
    "rétractation": (
        P.WITHDRAWAL_DAYS,
        lambda d: deadlines.withdrawal_until(d, figures(d), starts_on=d + FAR),
        "withdrawal_until",
        S.VALIDATED,
    ),
    "force majeure": (
        P.FORCE_MAJEURE,
        lambda d: deadlines.force_majeure_until(d, figures(d)),
        "absence_until",
        S.VALIDATED,
    ),
}
CONDITIONS = {
    "due_on": conditions.in_time,
    "withdrawal_until": conditions.in_withdrawal,
    # it stands once the days to claim are over
    "absence_until": lambda dossier, today: not conditions.absence_stands(dossier, today),
}


@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize("delay", DELAYS)
@pytest.mark.parametrize("before", [3, 1, 0])
def test_delay_ends_at_the_midnight_of_its_last_day(delay, moment, before):
    name, find, field, state = DELAYS[delay]
    asked = MOMENTS[moment] - before * DAY
    last = find(asked)
    assert last == counted(asked, days_of(name, asked))

    dossier = Dossier(state=state, **{field: last})
    over = CONDITIONS[field]
    assert not over(dossier, in_paris(midnight_after(last) - SECOND))
    assert over(dossier, in_paris(midnight_after(last)))


@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize("after", [0, 1, 6, 9])
def test_free_cancellation_ends_more_than_seven_days_before_the_start(moment, after):
    starts_on = MOMENTS[moment] + after * DAY
    last = deadlines.free_cancellation_until(figures(starts_on), starts_on=starts_on)
    assert last == counted(starts_on, 7, -1) - DAY

    dossier = Dossier(state=S.VALIDATED, free_cancellation_until=last)
    assert not conditions.free_of_charge(dossier, in_paris(midnight_after(last) - SECOND))
    assert conditions.free_of_charge(dossier, in_paris(midnight_after(last)))


@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize("before", [12, 3, 1, 0])
def test_training_starts_eleven_days_after_the_request_at_the_earliest(moment, before):
    asked = MOMENTS[moment] - before * DAY
    first = deadlines.first_start(asked, figures(asked))
    assert first == counted(asked, 11)

    last = deadlines.last_request_on(figures(asked), starts_on=first)
    assert deadlines.first_start(in_paris(midnight_after(last) - SECOND), figures(asked)) <= first
    assert deadlines.first_start(in_paris(midnight_after(last)), figures(asked)) > first


@pytest.mark.parametrize("moment", MOMENTS)
def test_provider_declares_within_three_days(moment):
    day = MOMENTS[moment]
    last = deadlines.declared_by(day, figures(day))
    assert last == counted(day, 3)

    is_late = [
        deadlines.undeclared_since(last + late * DAY, figures(day)) >= day for late in (0, 1)
    ]
    assert is_late == [False, True]


@pytest.mark.parametrize(
    ("agreed", "days"), [(date(2021, 12, 31), 14), (date(2022, 1, 1), 11), (date(2024, 3, 4), 11)]
)
def test_withdrawal_takes_fourteen_days_then_eleven(agreed, days):
    assert days_of(P.WITHDRAWAL_DAYS, agreed) == days


def test_every_delay_but_the_eleven_days_stops_at_the_start():
    today, tomorrow = date(2024, 6, 3), date(2024, 6, 5)
    found = deadlines.expected(today, figures(today), starts_on=tomorrow, has_prerequisites=True)

    last = date(2024, 6, 4)
    assert {found.provider_answers_by, found.titulaire_answers_by, found.withdrawal_until} == {last}
