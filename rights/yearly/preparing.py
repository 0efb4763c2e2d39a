"""What can be worked out before any account is touched: the year of each person, and what it gives.

It goes to temporary tables of the connection: nothing is locked, nobody else sees them, and a run that
starts again makes them again from the activity that is left. The batches only look things up in them.
"""

import json
from datetime import date
from typing import Any

from django.db import connection

from rights.models import Figures, ParameterName, YearlyRun
from rights.rules.yearly import (
    Profile,
    explain,
    too_young_birth_years,
    yearly_amount,
    yearly_hours,
)
from rights.yearly import sql

PROFILES_AT_ONCE = 2000


def prepare(run: YearlyRun, figures: Figures) -> None:
    """Make `credit_ready`, the people after the cursor of `run`, and `credit_entitlement`, their answers."""
    forget()
    sql.execute(sql.PEOPLE, _values(run, figures))
    sql.tell_planner("credit_people")
    sql.execute(sql.PROFILES)
    sql.tell_planner("credit_profile")
    types = sql.TYPES[connection.vendor]
    sql.execute(sql.ENTITLEMENTS.format(**types))
    _answer(figures)
    sql.execute(sql.READY.format(**types))
    sql.execute(sql.FILL_READY)
    sql.tell_planner("credit_ready")
    sql.tell_planner("credit_entitlement")
    sql.execute("DROP TABLE credit_people")


def forget() -> None:
    for table in sql.TABLES:
        sql.execute(f"DROP TABLE IF EXISTS {table}")


def _values(run: YearlyRun, figures: Figures) -> sql.Values:
    """Return what the statements need; the lists of years are constants of two digits."""
    adapt = connection.ops.adapt_datefield_value
    return {
        "run": run.pk,
        "after": run.cursor,
        "first_day": adapt(date(run.year, 1, 1)),
        "last_day": adapt(date(run.year, 12, 31)),
        "under_opening": too_young_birth_years(run.year, figures[ParameterName.OPENING_AGE]),
        "under_apprentice": too_young_birth_years(run.year, figures[ParameterName.APPRENTICE_AGE]),
    }


def _answer(figures: Figures) -> None:
    """Ask the rule about each profile, which many people share."""
    last = 0
    while rows := sql.rows(sql.SOME_PROFILES, {"after": last, "some": PROFILES_AT_ONCE}):
        sql.insert_rows(
            sql.INSERT_ENTITLEMENTS,
            [_entitlement(key, Profile(*map(int, work)), figures) for key, *work in rows],
        )
        last = rows[-1][0]


def _entitlement(key: int, profile: Profile, figures: Figures) -> tuple[Any, ...]:
    amount, hours = yearly_amount(profile, figures), yearly_hours(profile, figures)
    return (
        key,
        amount.cents,
        amount.cap_cents,
        hours.yearly,
        hours.step,
        hours.then,
        hours.cap,
        amount.legal_basis,
        hours.legal_basis,
        json.dumps(explain(profile, amount, figures), ensure_ascii=False),
    )
