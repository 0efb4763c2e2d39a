"""manage.py import_rights FICHIER.csv: feed the rights register."""

from argparse import RawDescriptionHelpFormatter
from datetime import datetime
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError, DjangoHelpFormatter
from django.db import IntegrityError, OperationalError, transaction
from django.utils import timezone
from django.utils.text import capfirst

from accounts import audit
from accounts.audit import AuditKind
from accounts.models import KeyCheck
from rights.imports import BadFile, Report, import_rights
from rights.models import ImportOutcome, RegisterImport

PROGRESS_LINES = 90_000  # a hundred batches


class HelpFormatter(DjangoHelpFormatter, RawDescriptionHelpFormatter):
    """Django's, which leaves the lines of the description as they are."""


class Command(BaseCommand):
    help = """Alimente le registre des droits à partir d’un fichier CSV, en entier ou pas du tout.

La première ligne nomme les colonnes, dans n’importe quel ordre :
  nir            numéro de sécurité sociale, 13 ou 15 caractères
  nom_naissance  nom de naissance
  annee          année au titre de laquelle le droit est acquis
  nature         alimentation, conversion, dif ou abondement
  montant        en euros : 1105,00 ou 1 105,00 ou 1105.00
  origine        qui déclare ou verse, par exemple : DSN
  date           (facultative) date d’effet, 31/12/2020 ; le jour de l’import sinon
  financeur      (facultative, abondement) employeur, région, France Travail…
  fin            (facultative, abondement) dernier jour d’utilisation
  certifications (facultative, abondement) codes séparés par une espace : RNCP35584 RS5146

Séparateur ; ou , et texte en UTF-8, avec ou sans BOM. Une ligne déjà importée ne change rien.
Détails : docs/import-rights.md."""

    def create_parser(self, prog_name, subcommand, **kwargs):
        return super().create_parser(prog_name, subcommand, formatter_class=HelpFormatter, **kwargs)

    def add_arguments(self, parser):
        parser.add_argument("file", metavar="FICHIER.csv", type=Path)

    def handle(self, *, file: Path, verbosity: int, **options):
        on_progress = self._show_progress if verbosity > 0 else lambda report: None
        started_at = timezone.now()
        try:
            KeyCheck.objects.verify()  # under another key everybody would be unknown, and made twice
            with file.open("rb") as stream:
                report = import_rights(stream, today=timezone.localdate(), on_progress=on_progress)
        except OSError as error:
            raise CommandError(f"Le fichier ne s’ouvre pas\u00a0: {error.strerror}.") from None
        except (BadFile, ImproperlyConfigured) as error:
            raise CommandError(f"Rien n’a été importé. {error}") from None
        except (IntegrityError, OperationalError) as error:
            # its text may quote a row
            raise CommandError(
                "Rien n’a été importé\u00a0: la base de données a changé ou n’a pas répondu pendant"
                f" l’import ({type(error).__name__}). Relancez la commande."
            ) from None
        _keep(report, file.name, started_at)
        self._show(report)

    def _show_progress(self, report: Report) -> None:
        if report.lines % PROGRESS_LINES == 0:
            self.stdout.write(f"{report.lines} lignes lues…")

    def _show(self, report: Report) -> None:
        self._show_aside(report)
        if not report.bad_count:
            self.stdout.write(
                f"Lignes lues\u00a0: {report.lines}. "
                f"Mouvements créés\u00a0: {report.movements_created}. "
                f"Déjà connus\u00a0: {report.already_known}. "
                f"Personnes créées\u00a0: {report.persons_created}."
            )
            return
        for bad in report.bad_lines:
            self.stderr.write(capfirst(str(bad)))
        if others := report.bad_count - len(report.bad_lines):
            self.stderr.write(f"Autres lignes en erreur, non montrées\u00a0: {others}.")
        raise CommandError(
            f"Rien n’a été importé. Lignes en erreur\u00a0: {report.bad_count} sur {report.lines}."
        )

    def _show_aside(self, report: Report) -> None:
        if not report.aside_count:
            return
        for line in report.aside_lines:
            self.stderr.write(capfirst(str(line)))
        self.stderr.write(
            f"Lignes mises de côté\u00a0: {report.aside_count}. Quand l’assistance aura tranché, "
            "importez de nouveau le même fichier."
        )


@transaction.atomic
def _keep(report: Report, name: str, started_at: datetime) -> None:
    """Keep what the import did, or why it did nothing, for the administration."""
    is_refused = bool(report.bad_count)
    kept = RegisterImport.objects.create(
        file_name=name[:200],
        outcome=ImportOutcome.REFUSED if is_refused else ImportOutcome.DONE,
        lines=report.lines,
        movements_created=0 if is_refused else report.movements_created,
        already_known=report.already_known,
        persons_created=0 if is_refused else report.persons_created,
        bad_lines=report.bad_count,
        problems=[str(line) for line in (*report.bad_lines, *report.aside_lines)],
        started_at=started_at,
    )
    audit.record(
        kind=AuditKind.IMPORT_RUN,
        actor=None,
        target=kept,
        outcome=kept.outcome,
        lines=kept.lines,
        movements=kept.movements_created,
    )
