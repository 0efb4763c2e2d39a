"""Close an account in every room of the portal: the only place that may know them all."""

from datetime import datetime
from functools import partial

from django.db import transaction

from accounts import services
from accounts.models import User
from rights.models import Declaration, DifDeclaration
from rights.proofs import dif_proofs


@transaction.atomic
def close(*, user: User, now: datetime) -> None:
    """Erase the account of a citizen; the ledger of her rights stays, under a pseudonym.

    What she declared of her diploma and her disability goes, and so do the proofs of her DIF.
    """
    titulaire = user.titulaire
    Declaration.objects.for_titulaire(titulaire).delete()
    proofs = DifDeclaration.objects.filter(account__titulaire=titulaire)
    for name in proofs.values_list("proof_name", flat=True):
        # a file cannot be rolled back: it goes once the rest is gone
        transaction.on_commit(partial(dif_proofs.remove, name))
    services.close_account(user=user, now=now)


def close_inactive(*, now: datetime, is_dry_run: bool = False) -> int:
    """Close the accounts idle for 24 months whose holder was told; return how many."""
    idle = services.inactive_to_close(now=now)
    if not is_dry_run:
        for user in idle:
            close(user=user, now=now)
    return len(idle)
