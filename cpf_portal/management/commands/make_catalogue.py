import time
from datetime import date
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from catalogue.exports import write_lheo
from catalogue.imports import Report, load_drafts
from catalogue.search import indexing
from cpf_portal.demo.national import NationalCatalogue

SOURCE = "genere"
PROGRESS = 10_000


class Command(BaseCommand):
    help = (
        "Fabrique un catalogue fictif de taille nationale, pour les mesures : dans la base, ou dans un"
        " fichier LHEO 2.3 avec --file. Les mêmes arguments donnent les mêmes offres."
    )

    def add_arguments(self, parser):
        parser.add_argument("--offers", type=int, default=250_000, metavar="N")
        parser.add_argument("--seed", type=int, default=1, metavar="S")
        parser.add_argument(
            "--today", type=date.fromisoformat, help="le jour d’où partent les sessions"
        )
        parser.add_argument("--file", type=Path, help="écrit ce fichier au lieu de la base")
        parser.add_argument("--without-index", action="store_true")

    def handle(self, *, offers, seed, today, file, without_index, verbosity, **options):
        if settings.PRODUCTION and not file:
            raise CommandError("La production n’accepte aucune offre fictive dans sa base.")
        started = time.monotonic()
        try:
            made = NationalCatalogue(offers, seed, today or timezone.localdate())
        except LookupError as error:
            raise CommandError(str(error)) from None
        if file:
            with file.open("wb") as stream:
                write_lheo(stream, self._shown(made.offers(), verbosity), made.providers())
            done = f"{file.name}\u00a0: {offers} offres"
        else:
            done = self._load(made, verbosity, without_index)
        if verbosity:
            seconds = f"{time.monotonic() - started:.1f}".replace(".", ",")
            self.stdout.write(f"{done} ({seconds} s)")

    def _load(self, made: NationalCatalogue, verbosity: int, without_index: bool) -> str:
        report = Report(format="make_catalogue", source=SOURCE)
        drafts = self._shown(made.offers(), verbosity)
        load_drafts(
            drafts,
            report,
            providers=made.providers(),
            certifications=made.certifications(),
            is_whole_source=True,
            is_confirmed=True,
        )
        if not without_index:
            indexing.rebuild()
        return report.summary()

    def _shown(self, drafts, verbosity):
        for done, draft in enumerate(drafts, start=1):
            if verbosity and done % PROGRESS == 0:
                self.stdout.write(f"  {done} offres")
            yield draft
