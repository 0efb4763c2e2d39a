"""The days by which each party must act: computed from the parameters in force on the day of the request.

Every deadline is a last day: what is done before its midnight, in Paris, is in time.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from rights.dossiers.calendar import add_working_days, is_working_day, subtract_working_days
from rights.dossiers.states import State
from rights.models.dossier import Dossier
from rights.models.parameter import Figures
from rights.models.parameter import ParameterName as P

DAY = timedelta(days=1)
# a permanent entry is chosen within the year that comes
FARTHEST_START_DAYS = 366


@dataclass(frozen=True, slots=True)
class Dates:
    """What the review page shows; the later ones suppose that each party waits for its last day.

    Answers that come sooner bring the days after them nearer: these are told by their number too.
    """

    provider_answers_by: date
    titulaire_answers_by: date
    withdrawal_until: date
    free_cancellation_until: date
    starts_on: date
    titulaire_days: int
    withdrawal_days: int


def provider_answers_by(
    today: date, figures: Figures, *, starts_on: date, has_prerequisites: bool
) -> date:
    """Return the last day of the provider to answer a request of `today`, before the training starts."""
    name = P.PREREQUISITES_ANSWER if has_prerequisites else P.PROVIDER_ANSWER
    return min(add_working_days(today, figures[name]), starts_on - DAY)


def titulaire_answers_by(today: date, figures: Figures, *, starts_on: date) -> date:
    """Return the last day of the titulaire to answer the provider, who has answered `today`."""
    return min(add_working_days(today, figures[P.TITULAIRE_ANSWER]), starts_on - DAY)


def first_start(today: date, figures: Figures) -> date:
    """Return the first day on which a training asked for `today` may start."""
    return add_working_days(today, figures[P.START_AFTER])


def last_request_on(figures: Figures, *, starts_on: date) -> date:
    """Return the last day on which a training that starts on this day may be asked for."""
    arrival = starts_on if is_working_day(starts_on) else subtract_working_days(starts_on, 1)
    # a request on a day off counts from the next working day: the days off before it are in time too
    return subtract_working_days(arrival, figures[P.START_AFTER] - 1) - DAY


def withdrawal_until(today: date, figures: Figures, *, starts_on: date) -> date:
    """Return the last day to withdraw from an agreement of `today`: never once the training starts."""
    return min(add_working_days(today, figures[P.WITHDRAWAL_DAYS]), starts_on - DAY)


def free_cancellation_until(figures: Figures, *, starts_on: date) -> date:
    """Return the last day to cancel without losing anything: more than 7 working days before the start."""
    return subtract_working_days(starts_on, figures[P.FREE_CANCELLATION]) - DAY


def force_majeure_until(today: date, figures: Figures) -> date:
    """Return the last day to claim force majeure against an absence declared `today`."""
    return add_working_days(today, figures[P.FORCE_MAJEURE])


def declared_by(day: date, figures: Figures) -> date:
    """Return the last day of the provider to declare an entry, an end or a service done of `day`."""
    return add_working_days(day, figures[P.DECLARATION])


def declaration_awaited(dossier: Dossier, figures: Figures) -> date | None:
    """Return the last day of the provider to declare what has happened, None when nothing has.

    `figures` are those of today.
    """
    day = {
        State.VALIDATED: dossier.starts_on,
        State.IN_TRAINING: dossier.ends_on,
        State.FINISHED: dossier.ended_on,
    }.get(State(dossier.state))
    if dossier.absence_until or day is None or day > figures.on:
        return None
    return declared_by(day, figures)


def undeclared_since(today: date, figures: Figures) -> date:
    """Return the latest day whose declaration was due before `today`."""
    day = today
    while declared_by(day, figures) >= today:
        day -= DAY
    return day


def expected(today: date, figures: Figures, *, starts_on: date, has_prerequisites: bool) -> Dates:
    """Return all the dates of a request sent `today`."""
    answered = provider_answers_by(
        today, figures, starts_on=starts_on, has_prerequisites=has_prerequisites
    )
    agreed = titulaire_answers_by(answered, figures, starts_on=starts_on)
    return Dates(
        provider_answers_by=answered,
        titulaire_answers_by=agreed,
        withdrawal_until=withdrawal_until(agreed, figures, starts_on=starts_on),
        free_cancellation_until=free_cancellation_until(figures, starts_on=starts_on),
        starts_on=starts_on,
        titulaire_days=figures[P.TITULAIRE_ANSWER],
        withdrawal_days=figures[P.WITHDRAWAL_DAYS],
    )
