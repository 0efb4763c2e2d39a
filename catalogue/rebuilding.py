"""The search index built again because a member of the staff asked for it, one at a time."""

import logging
from datetime import datetime, timedelta

from django.contrib.auth.models import AbstractBaseUser
from django.db import IntegrityError, transaction
from django.utils import timezone

from catalogue.models import IndexRebuild, RebuildState
from catalogue.search import indexing
from catalogue.search.generations import IndexBusy

logger = logging.getLogger(__name__)

# A national catalogue takes two minutes: what is not over by then was killed.
LONGEST = timedelta(hours=1)
INTERRUPTED = "interrompue avant la fin"
BUSY = "un autre programme écrit l’index depuis trop longtemps"


def ask_rebuild(*, author: AbstractBaseUser, now: datetime) -> IndexRebuild | None:
    """Write that the index is to be built again, and queue it; None while another one waits or runs."""
    close_interrupted(now)
    try:
        with transaction.atomic():
            rebuild = IndexRebuild.objects.create(author_id=author.pk, asked_at=now)
            transaction.on_commit(lambda: _enqueue(rebuild.pk))
    except IntegrityError:
        return None
    return rebuild


def run(rebuild_pk: int) -> bool:
    """Build the index for a request that waits; tell whether it is published. Two runs build it once."""
    waiting = IndexRebuild.objects.filter(pk=rebuild_pk, state=RebuildState.WAITING)
    if not waiting.update(state=RebuildState.RUNNING, started_at=timezone.now()):
        return False
    try:
        offers = indexing.rebuild()
    except IndexBusy:
        return _close(rebuild_pk, RebuildState.FAILED, error=BUSY)
    except Exception as error:
        # the name of the error alone: its text may repeat what an offer says
        _close(rebuild_pk, RebuildState.FAILED, error=type(error).__name__)
        raise
    return _close(rebuild_pk, RebuildState.DONE, offers=offers)


def close_interrupted(now: datetime) -> int:
    """Say of those that should be over for long that they were interrupted; return how many."""
    lost = IndexRebuild.objects.filter(is_open=True, asked_at__lt=now - LONGEST)
    return lost.update(is_open=False, state=RebuildState.FAILED, finished_at=now, error=INTERRUPTED)


def _close(rebuild_pk: int, state: RebuildState, **values) -> bool:
    rows = IndexRebuild.objects.filter(pk=rebuild_pk)
    rows.update(is_open=False, state=state, finished_at=timezone.now(), **values)
    return state == RebuildState.DONE


def _enqueue(rebuild_pk: int) -> None:
    from catalogue.tasks import rebuild_index  # noqa: PLC0415 the task calls run(), above

    rebuild_index.enqueue(rebuild_pk)
