"""First step: the lines of the feed go to a table of their own, from which everything is worked out.

Each batch commits with the number of lines read so far, so a killed run goes on where it stopped,
and two at once share the work. With one bad line nobody is credited.
"""

import hashlib
from collections.abc import Callable
from datetime import date, datetime
from itertools import islice
from typing import BinaryIO

from django.db import connection, transaction
from django.db.models import QuerySet

from accounts.models import Titulaire
from rights.imports.activity import ActivityLine, read_activity
from rights.imports.table import BadFile, BadLine
from rights.models import Activity, RunState, YearlyRun
from rights.rules.yearly import FIRST_YEAR_IN_EUROS
from rights.yearly.sql import INSERT_ACTIVITY, insert_rows

BATCH_LINES = 3000
MAX_PROBLEMS = 100
Progress = Callable[[YearlyRun], None]


def open_run(file: BinaryIO, *, year: int, name: str, today: date) -> YearlyRun:
    """Return the run of this feed for `year`: the one that stands, or a new one.

    A file that was refused is read again, for what the register knows may have changed.
    Raises BadFile for a year that cannot be credited.
    """
    if not FIRST_YEAR_IN_EUROS <= year < today.year:
        raise BadFile(
            f"L’année doit aller de {FIRST_YEAR_IN_EUROS} à {today.year - 1}\u00a0: elle s’alimente "
            "quand elle est finie, et les heures d’avant 2019 sont converties."
        )
    digest = _digest(file)
    with transaction.atomic():
        run, _ = YearlyRun.objects.get_or_create(
            year=year, feed_digest=digest, defaults={"feed_name": name[:200], "effective_on": today}
        )
        run = locked_run(run)
        if run.state == RunState.REFUSED:
            _start_again(run)
    return run


def _digest(file: BinaryIO) -> str:
    digest = hashlib.sha256()
    while chunk := file.read(1 << 20):
        digest.update(chunk)
    file.seek(0)
    return digest.hexdigest()


def load_feed(
    run: YearlyRun,
    file: BinaryIO,
    *,
    batch_lines: int = BATCH_LINES,
    on_progress: Progress = lambda run: None,
) -> YearlyRun:
    """Read the whole feed into the table of activity; return the run, READY or REFUSED.

    Raises BadFile when the file has no usable header.
    """
    if run.state != RunState.LOADING:
        return run
    entries, position = read_activity(file, year=run.year), 0
    try:
        while batch := list(islice(entries, batch_lines)):
            run = _load_batch(run, batch, position)
            position += len(batch)
            on_progress(run)
    except BadFile as error:
        _refuse(run, str(error))
        raise
    return _close(run)


def locked_run(run: YearlyRun) -> YearlyRun:
    return YearlyRun.objects.select_for_update().get(pk=run.pk)


@transaction.atomic
def _load_batch(run: YearlyRun, batch: list[ActivityLine | BadLine], position: int) -> YearlyRun:
    """Write what nobody has read yet of `batch`, whose first line comes after `position` others."""
    run = locked_run(run)
    fresh = batch[max(0, run.lines_read - position) :]
    if run.state == RunState.LOADING and fresh:
        bad = [entry for entry in fresh if isinstance(entry, BadLine)]
        run.bad_lines += len(bad)
        run.problems += [str(line) for line in bad[: MAX_PROBLEMS - len(run.problems)]]
        _write(run, [entry for entry in fresh if isinstance(entry, ActivityLine)])
        run.lines_read += len(fresh)
        run.save()
    return run


def _write(run: YearlyRun, lines: list[ActivityLine]) -> None:
    known = dict(
        Titulaire.objects.filter(nir_index__in={line.nir_index for line in lines}).values_list(
            "nir_index", "pk"
        )
    )
    adapt = connection.ops.adapt_datefield_value
    rows = [
        (run.pk, known[line.nir_index], line.status.value, line.employer,
         adapt(line.started_on), adapt(line.ended_on), line.work)
        for line in lines
        if line.nir_index in known
    ]  # fmt: skip
    run.unknown_people += len(lines) - len(rows)
    run.lines_kept += len(rows)
    insert_rows(INSERT_ACTIVITY, rows)


@transaction.atomic
def _close(run: YearlyRun) -> YearlyRun:
    run = locked_run(run)
    if run.state == RunState.LOADING:
        run.state = RunState.REFUSED if run.bad_lines else RunState.READY
        run.duplicate_lines = run.lines_kept - Activity.objects.filter(run=run).count()
        run.save()
        if connection.vendor == "postgresql":  # a table just filled misleads its planner
            with connection.cursor() as cursor:
                cursor.execute("ANALYZE rights_activity")
    return run


@transaction.atomic
def _refuse(run: YearlyRun, reason: str) -> None:
    run = locked_run(run)
    run.state, run.problems = RunState.REFUSED, [reason]
    run.save()


def unfinished(before: datetime) -> QuerySet[Activity]:
    """Return what is left of the feeds begun before: of a dry run, or of a run that was given up."""
    return Activity.objects.filter(run__started_at__lt=before)


def forget_unfinished(before: datetime) -> int:
    """Delete that activity; return how many lines. The same file is then read again from its beginning.

    Its run credits from its cursor on: nobody is credited twice.
    """
    runs = YearlyRun.objects.filter(pk__in=unfinished(before).values("run"))
    return sum(_forget_activity(run) for run in runs)


@transaction.atomic
def _forget_activity(run: YearlyRun) -> int:
    run = locked_run(run)
    count = Activity.objects.filter(run=run).count()
    if run.state in {RunState.DONE, RunState.REFUSED}:  # their report stays
        Activity.objects.filter(run=run).delete()
    else:
        _start_again(run)
    return count


def _start_again(run: YearlyRun) -> None:
    Activity.objects.filter(run=run).delete()
    run.state, run.problems = RunState.LOADING, []
    run.lines_read = run.lines_kept = run.bad_lines = run.unknown_people = run.duplicate_lines = 0
    run.save()
