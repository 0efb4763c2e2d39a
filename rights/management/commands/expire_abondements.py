"""manage.py expire_abondements: give back to their financers what is left of the abondements that ended."""

from django.core.management.base import BaseCommand
from django.utils import timezone

from rights.services import expire_abondements


class Command(BaseCommand):
    help = (
        "Rend aux financeurs le reste des abondements arrivés à leur terme\u00a0; à lancer chaque"
        " nuit. Deux fois, ou deux à la fois, ne change rien de plus."
    )

    def handle(self, **options):
        count = expire_abondements(today=timezone.localdate())
        self.stdout.write(f"Abondements rendus\u00a0: {count}.")
