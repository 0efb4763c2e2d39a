"""Close an account in every room of the portal: the only place that may know them all."""

from datetime import datetime
from functools import partial

from django.db import transaction

from accounts import services
from accounts.exceptions import AccountHeld
from accounts.models import User
from rights.models import Declaration, DifDeclaration, Dossier, DossierEvent, RightsAccount
from rights.proofs import dif_proofs
from rights.services import locked


class DossiersRunning(AccountHeld):
    """Rights are reserved for a training: the dossiers are ended first, by whom they concern."""


class SpendingFrozen(AccountHeld):
    """Somebody said « Ce n’est pas moi »: until the support has looked, nothing of it may be erased."""


@transaction.atomic
def close(*, user: User, now: datetime, author: User | None = None, reason: str = "") -> None:
    """Erase the account of a citizen; the ledger of her rights stays, under a pseudonym.

    `author` and `reason` are those of the trail, when the support does it. What goes, and when nothing
    does: see `clear`.
    """
    clear(user=user)
    services.close_account(user=user, now=now, author=author, reason=reason)


@transaction.atomic
def clear(*, user: User) -> None:
    """Erase what the rooms of the portal hold of a citizen but the ledger of her rights.

    What she declared of her diploma and her disability goes, and so do the proofs of her DIF, her drafts
    and the words that she wrote in her dossiers. Raises DossiersRunning as long as one is under way,
    SpendingFrozen as long as the support has not answered « Ce n’est pas moi ».
    """
    titulaire = user.titulaire
    # in the order of a step of a dossier: the dossiers, their holder, her rights
    list(Dossier.objects.for_titulaire(titulaire).open().select_for_update(of=("self",)))
    holder = User.objects.select_for_update(of=("self",)).get(pk=user.pk)
    if holder.spending_frozen_at:
        raise SpendingFrozen
    # her account of rights is what every confirmation locks: none comes in between
    if account := RightsAccount.objects.for_titulaire(titulaire).first():
        locked(account)
    dossiers = Dossier.objects.for_titulaire(titulaire)
    if dossiers.running().exists():
        raise DossiersRunning
    dossiers.open().delete()
    DossierEvent.objects.forget_words_of(titulaire)
    Declaration.objects.for_titulaire(titulaire).delete()
    proofs = DifDeclaration.objects.filter(account__titulaire=titulaire)
    for name in proofs.values_list("proof_name", flat=True):
        # a file cannot be rolled back: it goes once the rest is gone
        transaction.on_commit(partial(dif_proofs.remove, name))


def close_inactive(*, now: datetime, is_dry_run: bool = False) -> int:
    """Close the accounts idle for 24 months whose holder was told; return how many.

    Those whose training is under way are left open until its end, and frozen ones until the support has
    answered.
    """
    running = set(Dossier.objects.running().values_list("titulaire_id", flat=True))
    idle = [
        user
        for user in services.inactive_to_close(now=now)
        if user.titulaire_id not in running and not user.spending_frozen_at
    ]
    return len(idle) if is_dry_run else sum(_close_if_still_idle(user, now) for user in idle)


@transaction.atomic
def _close_if_still_idle(user: User, now: datetime) -> bool:
    """Close the account, unless its holder came back or a dossier began since the list was made."""
    if not User.objects.filter(pk=user.pk, last_login=user.last_login).exists():
        return False
    try:
        close(user=user, now=now)
    except (DossiersRunning, SpendingFrozen):
        return False
    return True
