from datetime import date, timedelta

import pytest

from catalogue.models import Modality, Offer, SessionState
from cpf_portal.demo.sessions import build_sessions

TODAY = date(2026, 11, 22)
SEED = "graine"


def sessions_of_many(modality=Modality.ON_SITE, family="gestion", hours=70, today=TODAY):
    offers = [Offer(public_id=f"1_{n}", modality=modality, hours=hours) for n in range(300)]
    return [build_sessions(SEED, offer, family, today) for offer in offers]


def dated(sessions_by_offer):
    return [s for sessions in sessions_by_offer for s in sessions if not s.is_permanent]


def described(sessions_by_offer):
    return [(s.number, s.starts_on, s.ends_on, s.state) for s in dated(sessions_by_offer)]


def test_sessions_are_the_same_for_the_same_day():
    assert described(sessions_of_many()) == described(sessions_of_many())


def test_sessions_move_with_the_day():
    later = sessions_of_many(today=TODAY + timedelta(days=365))

    assert min(s.starts_on for s in dated(later)) > TODAY + timedelta(days=300)


def test_every_offer_has_a_session_and_most_start_in_the_coming_months():
    sessions = sessions_of_many()

    starts = [s.starts_on for s in dated(sessions)]
    assert all(sessions)
    assert sum(start > TODAY for start in starts) > 0.8 * len(starts)
    assert max(starts) < TODAY + timedelta(days=270)
    assert {start.weekday() for start in starts} == {0}


def test_some_sessions_are_closed_or_suspended():
    states = [session.state for session in dated(sessions_of_many())]

    assert set(states) == set(SessionState)
    assert states.count(SessionState.OPEN) > 0.75 * len(states)


@pytest.mark.parametrize(
    ("modality", "hours", "days"),
    [
        (Modality.ON_SITE, 7, 0),
        (Modality.ON_SITE, 35, 4),
        (Modality.ON_SITE, 70, 11),
        (Modality.REMOTE, 20, 11),
    ],
)
def test_session_lasts_as_long_as_its_hours(modality, hours, days):
    lengths = {s.ends_on - s.starts_on for s in dated(sessions_of_many(modality, hours=hours))}

    assert lengths == {timedelta(days=days)}


@pytest.mark.parametrize(
    ("modality", "family", "least", "most"),
    [
        (Modality.REMOTE, "langues", 0.55, 0.75),
        (Modality.ON_SITE, "conduite", 0.4, 0.6),
        (Modality.ON_SITE, "gestion", 0.01, 0.12),
    ],
)
def test_permanent_entries_are_where_one_expects_them(modality, family, least, most):
    sessions = sessions_of_many(modality, family)

    assert least < sum(first[0].is_permanent for first in sessions) / len(sessions) < most


def test_nothing_starts_between_christmas_and_the_new_year():
    starts = [s.starts_on for s in dated(sessions_of_many(today=date(2026, 12, 10)))]

    assert not [start for start in starts if (start.month, start.day) >= (12, 21)]
