from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import timezone

from accounts import limits, services


class Command(BaseCommand):
    help = (
        "Efface les comptes dont l’adresse n’a pas été confirmée en "
        f"{settings.EMAIL_CONFIRMATION_DAYS} jours, avec leurs sessions et leurs courriels, "
        "et les limitations échues : à lancer chaque jour. "
        "L’identité reste si elle porte des droits."
    )

    def add_arguments(self, parser):
        parser.add_argument("--dry-run", action="store_true", help="Compter sans rien effacer.")

    def handle(self, *args, dry_run: bool, **options):
        now = timezone.now()
        erased = services.purge_unconfirmed(now=now, is_dry_run=dry_run)
        if dry_run:
            self.stdout.write(f"Comptes à effacer : {erased.accounts}. Rien n’a été effacé.")
            return
        self.stdout.write(
            f"Comptes effacés : {erased.accounts}, identités : {erased.titulaires}, "
            f"sessions : {erased.sessions}, limitations échues : {limits.purge(now)}."
        )
