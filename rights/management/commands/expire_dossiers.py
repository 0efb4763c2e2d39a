"""manage.py expire_dossiers: what falls because a delay has passed, and the refunds that are owed."""

from django.core.management.base import BaseCommand
from django.utils import timezone

from rights.dossiers import payments, services


class Command(BaseCommand):
    help = (
        "Annule les demandes d’inscription restées sans réponse dans le délai et rend leurs droits,"
        " établit les absences dont le délai de force majeure est passé, et demande les"
        " remboursements par carte qui sont dus\u00a0; à lancer chaque nuit, peu après minuit."
        " Deux fois, ou deux à la fois, ne change rien de plus."
    )

    def handle(self, **options):
        expired = services.expire_due(at=timezone.now())
        refunded = payments.refund_owed()
        self.stdout.write(f"Demandes annulées\u00a0: {expired}. Remboursements\u00a0: {refunded}.")
