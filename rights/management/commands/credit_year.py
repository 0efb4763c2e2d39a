"""manage.py credit_year ANNÉE FICHIER.csv: credit a year of work to everybody in the feed."""

import sys
from argparse import RawDescriptionHelpFormatter
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, DjangoHelpFormatter
from django.utils import timezone

from cpf_portal.ui.formats import euros
from rights import yearly
from rights.imports import BadFile
from rights.models import Activity, RunState, YearlyRun

SHOWN_PROBLEMS = 20


class HelpFormatter(DjangoHelpFormatter, RawDescriptionHelpFormatter):
    """Django's, which leaves the lines of the description as they are."""


class Command(BaseCommand):
    help = """Alimente les droits au titre d’une année, à partir des déclarations d’activité (CSV).

La première ligne nomme les colonnes, dans n’importe quel ordre :
  nir        numéro de sécurité sociale, 13 ou 15 caractères
  statut     salarie, apprenti, esat, independant, agent_public, agent_public_c
  quotite    part de temps plein, de 0,01 à 100
  du, au     premier et dernier jour, 01/01/2021 ou 2021-01-01
  employeur  (facultative) SIRET

Plusieurs lignes par personne s’additionnent. Une ligne en erreur arrête tout avant le premier crédit.
La commande interrompue reprend où elle en était ; lancée deux fois, elle crédite une fois.
Détails : docs/yearly-credit.md."""

    def create_parser(self, prog_name, subcommand, **kwargs):
        return super().create_parser(prog_name, subcommand, formatter_class=HelpFormatter, **kwargs)

    def add_arguments(self, parser):
        parser.add_argument("year", metavar="ANNÉE", type=int)
        parser.add_argument("file", metavar="FICHIER.csv", type=Path)
        parser.add_argument(
            "--dry-run", action="store_true", help="dit ce qui serait crédité, sans rien créditer"
        )
        parser.add_argument(
            "--batch",
            type=int,
            help="personnes par transaction (par défaut, ce qui tient en un dixième de seconde)",
        )

    def handle(self, *, year: int, file: Path, dry_run: bool, batch: int | None, **options):
        try:
            with file.open("rb") as stream:
                run = yearly.open_run(stream, year=year, name=file.name, today=timezone.localdate())
                run = yearly.load_feed(run, stream, on_progress=self._show_lines)
        except OSError as error:
            raise CommandError(f"Le fichier ne s’ouvre pas\u00a0: {error.strerror}.") from None
        except BadFile as error:
            raise CommandError(f"Personne n’a été crédité. {error}") from None
        if run.state == RunState.REFUSED:
            self._refuse(run)
        self._credit(run, dry_run, batch)

    def _credit(self, run: YearlyRun, dry_run: bool, batch: int | None) -> None:
        was_done = run.state == RunState.DONE
        if dry_run:
            run = yearly.forecast(run, batch_people=batch)
        else:
            self._total = Activity.objects.filter(run=run).values("titulaire").distinct().count()
            run = yearly.credit_everybody(run, batch_people=batch, on_progress=self._show_people)
        self._report(run, dry_run=dry_run, was_done=was_done)

    def _show_lines(self, run: YearlyRun) -> None:
        self._show(f"Lecture\u00a0: {run.lines_read} lignes")

    def _show_people(self, run: YearlyRun) -> None:
        share = run.people * 100 // max(self._total, 1)
        bar = "#" * (share // 5)
        self._show(f"[{bar:<20}] {share} %, {run.people} personnes")

    def _show(self, text: str) -> None:
        """One line that rewrites itself on a terminal, one line each time in a log."""
        self.stderr.write(text, ending="\r" if sys.stderr.isatty() else "\n")
        self.stderr.flush()

    def _refuse(self, run: YearlyRun) -> None:
        for problem in run.problems[:SHOWN_PROBLEMS]:
            self.stderr.write(problem[0].upper() + problem[1:])
        raise CommandError(
            f"Personne n’a été crédité. Lignes en erreur\u00a0: {run.bad_lines}"
            f" sur {run.lines_read}."
        )

    def _report(self, run: YearlyRun, *, dry_run: bool, was_done: bool) -> None:
        if was_done:
            self.stdout.write("Ce fichier a déjà été traité\u00a0: rien n’a changé.")
        elif dry_run:
            self.stdout.write("Essai\u00a0: rien n’a été crédité.")
        self.stdout.write(
            f"Année {run.year}. Lignes lues\u00a0: {run.lines_read}"
            f" (en double\u00a0: {run.duplicate_lines},"
            f" personnes inconnues\u00a0: {run.unknown_people})."
        )
        self.stdout.write(
            f"Personnes examinées\u00a0: {run.people}. Créditées\u00a0: {run.credited},"
            f" pour {euros(run.credited_cents)} et {run.hours_credited} heures."
        )
        self.stdout.write(
            f"Déjà créditées\u00a0: {run.already_credited}."
            f" Limitées par le plafond\u00a0: {run.at_cap}."
        )
