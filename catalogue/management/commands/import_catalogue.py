"""manage.py import_catalogue FICHIER…: feed the catalogue."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from catalogue.imports import Report, import_path
from catalogue.models import ImportReport, ImportState

SHOWN_REMARKS = 50
BAR = 30


class Command(BaseCommand):
    help = (
        "Importe des catalogues : EDOF et LHEO (XML), catalogue ouvert de Mon Compte Formation et"
        " fiches RNCP/RS (CSV), aussi en .gz ou .zip ; le format est reconnu au contenu. Un fichier est"
        " importé en entier ou pas du tout. Détails : docs/import-catalogue.md."
    )

    def add_arguments(self, parser):
        parser.add_argument("files", nargs="+", metavar="FICHIER", type=Path)
        parser.add_argument(
            "--dry-run", action="store_true", help="ne change rien, dit ce qui changerait"
        )
        parser.add_argument(
            "--source", default="", help="le nom de la source ; sinon celui du format"
        )
        parser.add_argument(
            "--confirm",
            action="store_true",
            help="retirer même plus d’une offre de la source sur cinq",
        )

    def handle(self, *, files, dry_run, source, confirm, verbosity, **options):
        refused = 0
        for path in files:
            row = ImportReport(
                file_name=path.name[:200],
                source=source[:40],
                is_dry_run=dry_run,
                is_confirmed=confirm,
            )
            reports = import_path(path, row, on_progress=self._progress(verbosity))
            if verbosity:
                self._show(row, reports)
            refused += row.state == ImportState.REFUSED
        if refused:
            raise CommandError(f"{refused} fichier(s) refusé(s)\u00a0: rien n’en a été importé.")

    def _progress(self, verbosity: int):
        """Return what draws a bar on a terminal, and nothing elsewhere."""
        if not verbosity or not self.stderr.isatty():
            return lambda done, total: None

        def draw(done: int, total: int) -> None:
            share = min(1.0, done / max(1, total))
            bar = "#" * int(BAR * share)
            self.stderr.write(f"\r  [{bar:<{BAR}}] {share:4.0%}", ending="")

        return draw

    def _show(self, row: ImportReport, reports: list[Report]) -> None:
        self.stdout.write(f"{row.file_name}\u00a0: {row.get_state_display()} ({row})")
        if row.state == ImportState.REFUSED:
            where = f"ligne {row.line}\u00a0: " if row.line else ""
            self.stderr.write(f"  {where}{row.reason}.")
        for report in reports:
            self._show_report(report)

    def _show_report(self, report: Report) -> None:
        if report.format:
            source = f"source «\u00a0{report.source}\u00a0»"
            self.stdout.write(f"  {report.format}, {source}\u00a0: {report.summary()}")
        for remark in report.remarks[:SHOWN_REMARKS]:
            self.stdout.write(f"  {remark}")
        others = sum(report.counts.values()) - SHOWN_REMARKS
        if others > 0:
            self.stdout.write(f"  et {others} autres remarques (voir l’administration).")
