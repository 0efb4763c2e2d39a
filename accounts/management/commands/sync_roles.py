from django.core.management.base import BaseCommand, CommandError

from accounts import roles


class Command(BaseCommand):
    help = (
        "Écrit les rôles du personnel et leurs permissions tels que accounts/roles.py les dit "
        "(fait aussi après chaque migration)."
    )

    def handle(self, *args, **options):
        try:
            told = roles.sync()
        except roles.UnknownPermission as error:
            raise CommandError(f"Permissions inconnues, lancez migrate\u00a0: {error}") from None
        for sentence in told or ["rien à changer"]:
            self.stdout.write(f"Rôles\u00a0: {sentence}.")
