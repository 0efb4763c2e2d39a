"""manage.py check_ledger: prove that every balance is the sum of its movements, and the rest of LED-1."""

from django.core.management.base import BaseCommand, CommandError

from rights.audit import find_faults
from rights.models import Movement, RightsAccount


class Command(BaseCommand):
    help = (
        "Vérifie le grand livre des droits\u00a0; code de sortie 1 et chaque ligne fautive nommée."
    )

    def handle(self, **options):
        faults = 0
        for faults, fault in enumerate(find_faults(), start=1):  # noqa: B007 counted after the loop
            self.stderr.write(fault)
        if faults:
            raise CommandError(f"Anomalies dans le grand livre des droits\u00a0: {faults}.")
        accounts, movements = RightsAccount.objects.count(), Movement.objects.count()
        self.stdout.write(f"{accounts} comptes, {movements} mouvements\u00a0: tout concorde")
