"""Files that staff upload: kept in the database, by pieces, until a task of any machine reads them."""

import logging
import tempfile
from collections.abc import Iterable
from functools import partial
from pathlib import Path

from django.db import transaction

from catalogue.imports.importing import import_path
from catalogue.models import ImportPart, ImportReport, ImportState

logger = logging.getLogger(__name__)

MAX_BYTES = 200 * 1024 * 1024
PART_BYTES = 1024 * 1024


@transaction.atomic
def receive_upload(
    *, name: str, chunks: Iterable[bytes], source: str = "", is_dry_run: bool, is_confirmed: bool
) -> ImportReport:
    """Keep an uploaded file and ask for its import; return the report that will tell what became of it.

    `chunks` are the content, MAX_BYTES at most (the form checks it). The task starts after the commit.
    """
    report = ImportReport.objects.create(
        file_name=Path(name).name[:200],
        source=source[:40],
        is_dry_run=is_dry_run,
        is_confirmed=is_confirmed,
    )
    for position, piece in enumerate(_pieces(chunks)):
        ImportPart.objects.create(report=report, position=position, content=piece)
    transaction.on_commit(partial(_ask, report.pk))
    return report


def import_upload(report_pk: int) -> bool:
    """Import the file of a waiting report and forget its content; tell whether it was taken."""
    waiting = ImportReport.objects.filter(pk=report_pk, state=ImportState.WAITING)
    if not waiting.update(state=ImportState.RUNNING):
        return False  # another worker has it
    report = ImportReport.objects.get(pk=report_pk)
    with tempfile.NamedTemporaryFile(prefix="portal-import-") as file:
        for content in report.parts.values_list("content", flat=True).iterator(chunk_size=4):
            file.write(content)
        file.flush()
        import_path(Path(file.name), report)
    report.parts.all().delete()
    return report.state != ImportState.REFUSED


def _pieces(chunks: Iterable[bytes]) -> Iterable[bytes]:
    held = bytearray()
    for chunk in chunks:
        held += chunk
        while len(held) >= PART_BYTES:
            yield bytes(held[:PART_BYTES])
            del held[:PART_BYTES]
    if held:
        yield bytes(held)


def _ask(report_pk: int) -> None:
    from catalogue.tasks import import_upload as task  # noqa: PLC0415 the tasks read this module

    task.enqueue(report_pk)
