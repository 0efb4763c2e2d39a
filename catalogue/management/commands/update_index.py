from django.core.management.base import BaseCommand, CommandError

from catalogue.imports import close_interrupted
from catalogue.search import indexing
from catalogue.search.generations import IndexBusy


class Command(BaseCommand):
    help = "Porte à l’index de recherche les offres modifiées ; à lancer chaque minute (cron)."

    def handle(self, *args, verbosity, **options):
        close_interrupted()
        try:
            written = indexing.update()
        except IndexBusy as error:
            raise CommandError("Un autre programme écrit l’index.") from error
        if verbosity:
            self.stdout.write(f"{written} offres mises à jour dans l’index.")
