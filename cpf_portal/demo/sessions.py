"""Sessions of an offer in the months that follow a day."""

from datetime import date, timedelta
from random import Random

from catalogue.models import Modality, Offer, Session, SessionState

HOURS_A_WEEK = {Modality.ON_SITE: 35, Modality.MIXED: 21, Modality.REMOTE: 10}
# Short accompaniments and driving lessons begin on any day; so do most remote courses.
PERMANENT_FAMILIES = frozenset({"accompagnement", "conduite"})
FIRST_DAYS, LAST_DAYS = 7, 240
CLOSED_SHARE, SUSPENDED_SHARE, PAST_SHARE = 0.12, 0.02, 0.12


def build_sessions(seed: str, offer: Offer, family: str, today: date) -> list[Session]:
    """Return the unsaved sessions of `offer` as seen on `today`; same arguments, same sessions."""
    rng = Random(f"{seed}:{offer.public_id}")  # noqa: S311 repeatable on purpose
    if rng.random() < _permanent_share(offer, family):
        return [Session(offer=offer, number="S00", is_permanent=True, state=_state(rng))]
    starts = {_monday(rng, today) for _ in range(rng.randint(1, 4))}
    if rng.random() < PAST_SHARE:
        starts.add(_next_monday(today - timedelta(days=rng.randint(20, 60))))
    return [
        Session(
            offer=offer,
            number=f"S{rank:02d}",
            starts_on=start,
            ends_on=start + _length(offer),
            state=_state(rng),
        )
        for rank, start in enumerate(sorted(starts), start=1)
    ]


def _permanent_share(offer: Offer, family: str) -> float:
    if offer.modality == Modality.REMOTE:
        return 0.65
    return 0.5 if family in PERMANENT_FAMILIES else 0.05


def _state(rng: Random) -> SessionState:
    draw = rng.random()
    if draw < SUSPENDED_SHARE:
        return SessionState.SUSPENDED
    return SessionState.CLOSED if draw < SUSPENDED_SHARE + CLOSED_SHARE else SessionState.OPEN


def _monday(rng: Random, today: date) -> date:
    start = _next_monday(today + timedelta(days=rng.randint(FIRST_DAYS, LAST_DAYS)))
    # Nobody begins between Christmas and the new year.
    return start + timedelta(days=14) if (start.month, start.day) >= (12, 21) else start


def _next_monday(day: date) -> date:
    return day + timedelta(days=-day.weekday() % 7)


def _length(offer: Offer) -> timedelta:
    """From the first day to the last: whole weeks from Monday to Friday, or a few days of one."""
    hours_a_day = HOURS_A_WEEK[Modality(offer.modality)] / 5
    weeks, days = divmod(-(-(offer.hours or 7) // hours_a_day) - 1, 5)
    return timedelta(weeks=weeks, days=days)
