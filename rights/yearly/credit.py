"""Second step: everybody named by the feed is credited, a batch of people at a time.

A batch is one transaction: it takes the lock of the run, which says where to begin, then the locks of
its accounts, writes movements and balances, and moves the cursor. Killed anywhere, nothing of a batch
stays; run again, or twice at once, each batch is done once.
"""

import json
from datetime import date
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from rights.models import (
    Entitlement,
    Figures,
    Parameter,
    ParameterName,
    RunState,
    YearlyRun,
)
from rights.rules.yearly import (
    Profile,
    explain,
    figures_day,
    too_young_birth_years,
    yearly_amount,
    yearly_hours,
)
from rights.yearly import sql
from rights.yearly.feed import Progress, locked_run
from rights.yearly.pace import Pace

SOURCE = "Déclarations d’activité"
Values = dict[str, Any]


def credit_everybody(
    run: YearlyRun,
    *,
    batch_people: int | None = None,
    on_progress: Progress = lambda run: None,
) -> YearlyRun:
    """Credit the year of `run` to all those whom its feed names; return the run, DONE.

    A batch has `batch_people` people, without it as many as the pace allows. Amount, cap and hours:
    `rights.rules.yearly`. Who has a yearly credit for this year already, by whatever way, gets no
    other one (Code du travail, art. L6323-11).
    """
    figures = Parameter.objects.figures(figures_day(run.year))
    pace = Pace(batch_people)
    while run.state in (RunState.READY, RunState.CREDITING):
        pace.start()
        run = _credit_batch(run, figures, pace.people)
        pace.rest()
        on_progress(run)
    _forget(run, pace)
    return run


def forecast(run: YearlyRun, *, batch_people: int | None = None) -> YearlyRun:
    """Return the run as it would be at its end, unsaved: nobody is credited."""
    figures, pace = Parameter.objects.figures(figures_day(run.year)), Pace(batch_people)
    while run.state in (RunState.READY, RunState.CREDITING):
        pace.start()
        with transaction.atomic():
            _advance(run, figures, pace.people)
            transaction.set_rollback(True)
        pace.rest()
    return run


@transaction.atomic
def _credit_batch(run: YearlyRun, figures: Figures, people: int) -> YearlyRun:
    run = locked_run(run)
    if run.state in (RunState.READY, RunState.CREDITING):
        _advance(run, figures, people)
        run.save()
    return run


def _advance(run: YearlyRun, figures: Figures, people: int) -> None:
    """Write one batch and what it changes in `run`, which the caller saves or not."""
    upto = _one(sql.UPPER_BOUND, {"run": run.pk, "after": run.cursor, "people": people})[0]
    if upto is None:
        run.state, run.finished_at = RunState.DONE, timezone.now()
        return
    values = _values(run, upto, figures)
    for statement in (*sql.FORGET_BATCH, sql.PEOPLE):
        _execute(statement, values)
    _tell_planner("credit_people", "titulaire_id")
    _answer_new_profiles(run, figures, values)
    _lock_accounts(values)
    _write(values)
    _count(run, upto)


def _values(run: YearlyRun, upto: int, figures: Figures) -> Values:
    """Return what the statements of a batch need; the lists of years are constants of two digits."""
    adapt = connection.ops
    return {
        "run": run.pk,
        "after": run.cursor,
        "upto": upto,
        "year": run.year,
        "source": f"{SOURCE} {run.year}",
        "key": f"year:{run.year}:",
        "first_day": adapt.adapt_datefield_value(date(run.year, 1, 1)),
        "last_day": adapt.adapt_datefield_value(date(run.year, 12, 31)),
        "effective_on": adapt.adapt_datefield_value(run.effective_on),
        "now": adapt.adapt_datetimefield_value(timezone.now()),
        "under_opening": too_young_birth_years(run.year, figures[ParameterName.OPENING_AGE]),
        "under_apprentice": too_young_birth_years(run.year, figures[ParameterName.APPRENTICE_AGE]),
    }


def _answer_new_profiles(run: YearlyRun, figures: Figures, values: Values) -> None:
    """Ask the rule about the profiles of the batch that no other batch had."""
    profiles = [Profile(*map(int, row)) for row in _all(sql.NEW_PROFILES, values)]
    sql.insert_rows(
        sql.INSERT_ENTITLEMENTS, [_entitlement(run, profile, figures) for profile in profiles]
    )
    if profiles:
        _tell_planner("rights_entitlement", "salarie_work, independant_work, run_id")


def _entitlement(run: YearlyRun, profile: Profile, figures: Figures) -> tuple[Any, ...]:
    amount, hours = yearly_amount(profile, figures), yearly_hours(profile, figures)
    return (
        run.pk,
        *(getattr(profile, name) for name in sql.PROFILE),
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


def _lock_accounts(values: Values) -> None:
    """Keep the accounts of the batch as they are; open those that are missing."""
    people = _one(sql.COUNT_PEOPLE, {})[0]
    if _one(sql.LOCK_ACCOUNTS[connection.vendor], values)[0] < people:
        _execute(sql.OPEN_ACCOUNTS, values)
        _one(sql.LOCK_ACCOUNTS[connection.vendor], values)  # what another opened meanwhile


def _write(values: Values) -> None:
    _execute(sql.BATCH, values)
    _tell_planner("credit_batch", "titulaire_id")
    details = sql.DETAILS[connection.vendor]
    _execute(sql.INSERT_MOVEMENTS.replace("{details}", details), values)
    _execute(sql.INSERT_HOURS, values)
    _execute(sql.UPDATE_ACCOUNTS, values)


def _tell_planner(table: str, columns: str) -> None:
    """Let PostgreSQL know how small a table just made is: it would read whole tables to join it."""
    if connection.vendor == "postgresql":
        _execute(f"ANALYZE {table} ({columns})", {})


def _count(run: YearlyRun, upto: int) -> None:
    people, credited, cents, hours, already, capped = _one(sql.TOTALS, {})
    run.people += people
    run.credited += credited
    run.credited_cents += int(cents)
    run.hours_credited += int(hours)
    run.already_credited += already
    run.at_cap += capped
    run.cursor, run.state = upto, RunState.CREDITING


def _forget(run: YearlyRun, pace: Pace) -> None:
    """Remove the activity that was credited, a batch at a time: the movements tell what it gave."""
    after = 0
    while upto := _one(sql.UPPER_BOUND, {"run": run.pk, "after": after, "people": pace.people})[0]:
        pace.start()
        _execute(sql.FORGET_ACTIVITY, {"run": run.pk, "after": after, "upto": upto})
        pace.rest()
        after = upto
    Entitlement.objects.filter(run=run).delete()


def _execute(statement: str, values: Values) -> None:
    with connection.cursor() as cursor:
        cursor.execute(*_bound(statement, values))


def _one(statement: str, values: Values) -> tuple[Any, ...]:
    return _all(statement, values)[0]


def _all(statement: str, values: Values) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(*_bound(statement, values))
        return cursor.fetchall()


def _bound(statement: str, values: Values) -> tuple[str, Values]:
    """Write the lists of years in the statement, leave the other values to the driver."""
    lists = {name: value for name, value in values.items() if isinstance(value, list)}
    for name, numbers in lists.items():
        statement = statement.replace(f"%({name})s", ", ".join(str(int(n)) for n in numbers))
    return statement, {name: value for name, value in values.items() if name not in lists}
