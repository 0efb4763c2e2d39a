import time

from django.core.management.base import BaseCommand, CommandError

from catalogue.search import indexing
from catalogue.search.generations import IndexBusy


class Command(BaseCommand):
    help = "Reconstruit l’index de recherche ; l’ancien sert jusqu’à ce que le nouveau soit prêt."

    def handle(self, *args, verbosity, **options):
        started = time.monotonic()
        try:
            count = indexing.rebuild(progress=self.show if verbosity else None)
        except IndexBusy as error:
            raise CommandError(
                "Un autre programme écrit l’index. Réessayez quand il aura fini."
            ) from error
        if verbosity:
            seconds = f"{time.monotonic() - started:.1f}".replace(".", ",")
            self.stdout.write(f"{count} offres indexées en {seconds} s.")

    def show(self, done: int, total: int) -> None:
        self.stdout.write(f"  {done} / {total} offres")
