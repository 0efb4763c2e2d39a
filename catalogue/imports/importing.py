"""One file to the catalogue: recognised, read, switched in; what became of it is kept."""

import logging
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path

from django.db import DatabaseError, transaction
from django.utils import timezone

from catalogue.imports import references
from catalogue.imports.files import SourceFile, source_files
from catalogue.imports.formations import FormationReader
from catalogue.imports.loading import load_drafts
from catalogue.imports.opendata import OpenDataReader
from catalogue.imports.recognition import Format, Recognised, UnknownFormat, recognise
from catalogue.imports.registers import read_jobs, read_sheets
from catalogue.imports.report import FileRefused, Report
from catalogue.imports.running import close_interrupted, rare_collections, running
from catalogue.imports.tables import rows
from catalogue.imports.xml import FormationStream
from catalogue.models import ImportLevel, ImportLine, ImportReport, ImportState
from catalogue.observing import tell

logger = logging.getLogger(__name__)

# The source of a file when nobody names it.
SOURCES = {
    Format.EDOF: "edof",
    Format.LHEO_22: "lheo",
    Format.LHEO_23: "lheo",
    Format.OPEN_DATA: "mcf",
    Format.REGISTER: "france-competences",
    Format.REGISTER_ROME: "france-competences",
}
REGISTERS = {Format.REGISTER: read_sheets, Format.REGISTER_ROME: read_jobs}
REFUSED_BY_DATABASE = "la base de données n’a pas pris le fichier\u00a0: l’erreur est au journal"

Progress = Callable[[int, int], None]


def import_path(
    path: Path, row: ImportReport, *, on_progress: Progress = lambda done, total: None
) -> list[Report]:
    """Import the file at `path` as `row` asks, and keep in `row` and its lines what happened.

    `row` gives `file_name`, `source` (empty for the format's own), `is_dry_run` and `is_confirmed`.
    An archive is imported as a whole or not at all. A refusal is told by the state and the reason of
    `row`: nothing is raised for it. `on_progress` receives bytes (done, total). Returns the report of
    each file that was read.
    """
    close_interrupted()
    row.state = ImportState.RUNNING
    row.save()
    reports: list[Report] = []
    with running(row), rare_collections():
        _try_all(path, row, reports, on_progress)
        _keep(row, reports)
    return reports


def _try_all(path: Path, row: ImportReport, reports: list[Report], on_progress) -> None:
    """Import the files at `path` and tell by the state of `row` how that ended."""
    try:
        _import_all(source_files(path, row.file_name), row, reports, on_progress)
    except FileRefused as error:
        row.state, row.reason, row.line = ImportState.REFUSED, error.reason, error.line
    except OSError:
        row.state, row.reason = ImportState.REFUSED, "le fichier ne s’ouvre pas"
    except DatabaseError:
        logger.exception("import %s", row.pk)
        row.state, row.reason = ImportState.REFUSED, REFUSED_BY_DATABASE
    else:
        row.state = ImportState.TRIED if row.is_dry_run else ImportState.DONE


def _import_all(sources: list[SourceFile], row, reports: list[Report], on_progress) -> None:
    # Several files stand or fall together; one alone locks nobody while it is read.
    with transaction.atomic() if len(sources) > 1 else nullcontext():
        for source in sources:
            report = Report()
            reports.append(report)
            try:
                recognised = recognise(source)
            except UnknownFormat:
                if len(sources) == 1:
                    raise
                report.warn(
                    f"«\u00a0{source.name[:100]}\u00a0» n’est pas un catalogue\u00a0: laissé de côté"
                )
                continue
            _import_one(source, recognised, report, row, on_progress)
        if not any(report.format for report in reports):
            raise UnknownFormat


def _import_one(
    source: SourceFile, recognised: Recognised, report: Report, row: ImportReport, on_progress
) -> None:
    form = recognised.format
    report.format, report.source = form.value, row.source or SOURCES[form]
    if recognised.is_misdeclared:
        report.correct(
            "le prologue dit ISO-8859-1, le fichier est en UTF-8\u00a0: lu en UTF-8", line=1
        )

    def progress(done: int) -> None:
        on_progress(done, source.size)

    if form in REGISTERS:
        found = REGISTERS[form](rows(source, recognised, report, progress), report)
        _write_register(found, report, row.is_dry_run)
        return
    reader: FormationReader | OpenDataReader
    if form is Format.OPEN_DATA:
        reader = OpenDataReader(rows(source, recognised, report, progress), report)
    else:
        reader = FormationReader(FormationStream(source, recognised, progress), form, report)
    load_drafts(
        reader,
        report,
        providers=reader.providers,
        certifications=reader.certifications,
        # the State's file holds all the providers: one that it no longer names has gone
        is_whole_source=form is Format.OPEN_DATA,
        is_confirmed=row.is_confirmed,
        is_dry_run=row.is_dry_run,
    )


def _write_register(found, report: Report, is_dry_run: bool) -> None:
    if not found:
        raise FileRefused("le fichier n’a aucune fiche lisible")
    with transaction.atomic():
        report.added, report.changed = references.write_certifications(found)
        report.unchanged = len(found) - report.added - report.changed
        if is_dry_run:
            transaction.set_rollback(True)


@transaction.atomic
def _keep(row: ImportReport, reports: list[Report]) -> None:
    for name in ("read", "added", "changed", "unchanged", "removed"):
        setattr(row, f"{name}_count", sum(getattr(report, name) for report in reports))
    for level in ImportLevel:
        setattr(row, f"{level.value}_count", sum(report.counts[level] for report in reports))
    row.format = ", ".join(dict.fromkeys(r.format for r in reports if r.format))[:40]
    row.source = next((r.source for r in reports if r.source), row.source)[:40]
    row.finished_at = timezone.now()
    row.save()
    lines = [
        ImportLine(report=row, **remark._asdict())
        for report in reports
        for remark in report.remarks
    ]
    ImportLine.objects.bulk_create(lines, batch_size=500)
    changed = row.added_count + row.changed_count + row.removed_count
    tell("import_run", target=row, outcome=row.state, changed=changed)
