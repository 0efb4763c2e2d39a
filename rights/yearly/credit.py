"""Second step: everybody named by the feed is credited, a batch of people at a time.

What does not depend on the accounts is prepared before (`rights.yearly.preparing`). A batch is one
transaction: it takes the lock of the run, which says where to begin, then the locks of its accounts,
writes movements and balances, and moves the cursor. Killed anywhere, nothing of a batch stays; run
again, or twice at once, each batch is done once.
"""

from django.db import connection, transaction
from django.utils import timezone

from rights.models import Parameter, RunState, YearlyRun
from rights.rules.yearly import figures_day
from rights.yearly import preparing, sql
from rights.yearly.feed import Progress, locked_run
from rights.yearly.pace import Pace

SOURCE = "Déclarations d’activité"
TO_DO = (RunState.READY, RunState.CREDITING)


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
    pace = Pace(batch_people)
    _prepare(run)
    while run.state in TO_DO:
        pace.start()
        run = _credit_batch(run, pace.people)
        pace.rest()
        on_progress(run)
    _forget(run, pace)
    return run


def forecast(run: YearlyRun, *, batch_people: int | None = None) -> YearlyRun:
    """Return the run as it would be at its end, unsaved: nobody is credited."""
    pace = Pace(batch_people)
    _prepare(run)
    while run.state in TO_DO:
        pace.start()
        with transaction.atomic():
            _advance(run, pace.people)
            transaction.set_rollback(True)
        pace.rest()
    preparing.forget()
    return run


def _prepare(run: YearlyRun) -> None:
    if run.state in TO_DO:
        preparing.prepare(run, Parameter.objects.figures(figures_day(run.year)))


@transaction.atomic
def _credit_batch(run: YearlyRun, people: int) -> YearlyRun:
    run = locked_run(run)
    if run.state in TO_DO:
        _advance(run, people)
        run.save()
    return run


def _advance(run: YearlyRun, people: int) -> None:
    """Write one batch and what it changes in `run`, which the caller saves or not."""
    upto, found = sql.row(sql.UPPER_BOUND, {"after": run.cursor, "people": people})
    if upto is None:
        run.state, run.finished_at = RunState.DONE, timezone.now()
        return
    values = _values(run, upto)
    _lock_accounts(values, found)
    _write(values)
    _count(run, upto)


def _values(run: YearlyRun, upto: int) -> sql.Values:
    adapt = connection.ops
    return {
        "after": run.cursor,
        "upto": upto,
        "year": run.year,
        "source": f"{SOURCE} {run.year}",
        "key": f"year:{run.year}:",
        "effective_on": adapt.adapt_datefield_value(run.effective_on),
        "now": adapt.adapt_datetimefield_value(timezone.now()),
    }


def _lock_accounts(values: sql.Values, people: int) -> None:
    """Keep the accounts of the batch as they are; open those that are missing."""
    if sql.row(sql.LOCK_ACCOUNTS[connection.vendor], values)[0] < people:
        sql.execute(sql.OPEN_ACCOUNTS, values)
        sql.row(sql.LOCK_ACCOUNTS[connection.vendor], values)  # what another opened meanwhile


def _write(values: sql.Values) -> None:
    sql.execute("DROP TABLE IF EXISTS credit_batch")
    sql.check_keys_at_once()
    sql.execute(sql.BATCH, values)
    sql.tell_planner("credit_batch (titulaire_id)")
    sql.execute(sql.INSERT_MOVEMENTS.replace("{json}", sql.JSON[connection.vendor]), values)
    sql.execute(sql.INSERT_HOURS, values)
    sql.execute(sql.UPDATE_ACCOUNTS, values)


def _count(run: YearlyRun, upto: int) -> None:
    people, credited, cents, hours, already, capped = sql.row(sql.TOTALS)
    run.people += people
    run.credited += credited
    run.credited_cents += int(cents)
    run.hours_credited += int(hours)
    run.already_credited += already
    run.at_cap += capped
    run.cursor, run.state = upto, RunState.CREDITING


def _forget(run: YearlyRun, pace: Pace) -> None:
    """Remove the activity that was credited, a batch at a time: the movements tell what it gave."""
    preparing.forget()
    after = 0
    bound = {"run": run.pk, "people": pace.people}
    while upto := sql.row(sql.LAST_OF_ACTIVITY, bound | {"after": after})[0]:
        pace.start()
        sql.execute(sql.FORGET_ACTIVITY, {"run": run.pk, "after": after, "upto": upto})
        pace.rest()
        after = upto
