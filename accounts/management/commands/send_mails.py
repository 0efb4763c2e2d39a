from django.core.management.base import BaseCommand
from django.utils import timezone

from accounts import emails


class Command(BaseCommand):
    help = (
        "Envoie les courriels en attente dont l’heure est venue, et les seuls : à lancer chaque "
        "minute. Deux lancements en même temps n’envoient chaque courriel qu’une fois."
    )

    def handle(self, *args, **options):
        waiting = emails.due(timezone.now())
        sent = sum(emails.deliver(pk) for pk in waiting)
        self.stdout.write(f"Courriels envoyés : {sent}, à réessayer : {len(waiting) - sent}.")
