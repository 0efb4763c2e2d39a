"""manage.py check_ledger: prove that every balance is the sum of its movements."""

from collections.abc import Iterator

from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from rights import triggers
from rights.models import Movement, Pocket, RightsAccount


class Command(BaseCommand):
    help = (
        "Vérifie le grand livre des droits\u00a0; code de sortie 1 et chaque ligne fautive nommée."
    )

    def handle(self, **options):
        faults = 0
        for faults, fault in enumerate(_find_faults(), start=1):  # noqa: B007 counted after the loop
            self.stderr.write(fault)
        if faults:
            raise CommandError(f"Anomalies dans le grand livre des droits\u00a0: {faults}.")
        accounts, movements = RightsAccount.objects.count(), Movement.objects.count()
        self.stdout.write(f"{accounts} comptes, {movements} mouvements\u00a0: tout concorde")


def _find_faults() -> Iterator[str]:
    for name in triggers.missing(connection):
        yield f"déclencheur {name}\u00a0: absent, les mouvements ne sont pas protégés"
    for pk, account in Movement.objects.orphaned().values_list("pk", "account_id").iterator():
        yield f"mouvement {pk}\u00a0: son compte {account} n’existe pas"
    for pk, holder in RightsAccount.objects.orphaned().values_list("pk", "titulaire_id").iterator():
        yield f"compte {pk}\u00a0: son titulaire {holder} n’existe pas"
    for account in RightsAccount.objects.inconsistent().iterator():
        yield from _compare(account)


def _compare(account: RightsAccount) -> Iterator[str]:
    for pocket in Pocket:
        cached = getattr(account, pocket.balance_field)
        summed = int(getattr(account, f"{pocket}_sum"))
        name = f"compte {account.pk}, poche {pocket}"
        if cached != summed:
            yield f"{name}\u00a0: solde {cached}, somme des mouvements {summed} (centimes)"
        if summed < 0:
            yield f"{name}\u00a0: somme des mouvements négative ({summed} centimes)"
