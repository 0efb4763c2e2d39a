"""manage.py export_catalogue --format lheo: the published offers, for others to read."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from catalogue.exports import drafts_of, providers_of, write_lheo
from catalogue.models import Offer


class Command(BaseCommand):
    help = "Écrit les offres publiées dans un fichier LHEO 2.3."

    def add_arguments(self, parser):
        parser.add_argument("file", metavar="FICHIER", type=Path)
        parser.add_argument("--format", choices=["lheo"], default="lheo")
        parser.add_argument("--source", default="", help="les offres de cette source seulement")

    def handle(self, *, file, source, verbosity, **options):
        offers = Offer.objects.published()
        if source:
            offers = offers.from_source(source)
        part = file.with_name(f"{file.name}.part")
        try:
            with part.open("wb") as stream:
                count = write_lheo(stream, drafts_of(offers), providers_of())
            part.replace(file)  # whole, or not there
        except OSError as error:
            raise CommandError(f"Le fichier ne s’écrit pas\u00a0: {error.strerror}.") from None
        if verbosity:
            self.stdout.write(f"{count} offres écrites dans {file.name}.")
