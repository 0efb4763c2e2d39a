from django.core.management.base import BaseCommand
from django.utils import timezone

from cpf_portal.retention import RULES


class Command(BaseCommand):
    help = (
        "Efface ce dont la durée de conservation est passée (docs/retention.md) et prévient les "
        "titulaires inactifs : à lancer chaque jour. Deux fois de suite, rien de plus n’arrive."
    )

    def add_arguments(self, parser):
        parser.add_argument("--dry-run", action="store_true", help="Compter sans rien effacer.")

    def handle(self, *args, dry_run: bool, **options):
        now = timezone.now()
        for rule in RULES:
            count = rule.apply(now, dry_run)
            self.stdout.write(f"{rule.what} ({rule.delay}) : {count}")
        if dry_run:
            self.stdout.write("Rien n’a été effacé ni envoyé.")
