"""Which imports are running: each holds a file lock that dies with its process.

var/imports/12.lock               held while the import n° 12 is read and written
"""

import fcntl
import gc
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from catalogue.models import ImportReport, ImportState

# Of an import on another machine, whose lock is not here, only the time tells; none lasts a day.
LONGEST_IMPORT = timedelta(days=1)
COLLECT_EVERY = 50_000  # objects; it is a twelfth of the time otherwise
INTERRUPTED = (
    "l’import a été interrompu avant la fin. Donnez le fichier à nouveau\u00a0:"
    " ce qui en serait déjà importé ne changera pas"
)


@contextmanager
def running(report: ImportReport) -> Iterator[None]:
    """Hold the lock of an import for as long as the block lasts."""
    path = _path(report)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        try:
            yield
        finally:
            path.unlink(missing_ok=True)


@contextmanager
def rare_collections() -> Iterator[None]:
    """Look for reference cycles less often: an import makes millions of objects and no cycle of its own."""
    held = gc.get_threshold()
    gc.set_threshold(COLLECT_EVERY, *held[1:])
    try:
        yield
    finally:
        gc.set_threshold(*held)


def close_interrupted() -> int:
    """Say of the imports whose process has died that they were interrupted; return how many."""
    count = 0
    for report in ImportReport.objects.filter(state=ImportState.RUNNING):
        if not _is_dead(report):
            continue
        still = ImportReport.objects.filter(pk=report.pk, state=ImportState.RUNNING)
        count += still.update(
            state=ImportState.REFUSED, reason=INTERRUPTED, finished_at=timezone.now()
        )
        report.parts.all().delete()
        _path(report).unlink(missing_ok=True)
    return count


def _is_dead(report: ImportReport) -> bool:
    try:
        with _path(report).open() as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except FileNotFoundError:
        return report.created_at < timezone.now() - LONGEST_IMPORT
    return True


def _path(report: ImportReport) -> Path:
    return Path(settings.VAR_DIR) / "imports" / f"{report.pk}.lock"
