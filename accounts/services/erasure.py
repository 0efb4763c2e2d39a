"""Erase the accounts that must not last: those that were never confirmed."""

from copy import copy
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import ProtectedError

from accounts import audit
from accounts.audit import AuditKind
from accounts.models import IdentityLevel, NirRelease, SupportNote, Titulaire, User
from accounts.services.sessions import end_sessions


@dataclass(slots=True)
class Erased:
    """How many rows went."""

    accounts: int = 0
    titulaires: int = 0
    sessions: int = 0


def purge_unconfirmed(*, now: datetime, is_dry_run: bool = False) -> Erased:
    """Erase the accounts whose address was not confirmed in time, each in its own transaction.

    In a dry run nothing is erased and only `accounts` is counted.
    """
    expired = list(User.objects.expired_unconfirmed(now).values_list("pk", flat=True))
    erased = Erased()
    if is_dry_run:
        erased.accounts = len(expired)
        return erased
    erased.sessions = end_sessions(users=expired)
    for pk in expired:
        with transaction.atomic():
            user = User.objects.expired_unconfirmed(now).select_for_update().filter(pk=pk).first()
            if user:  # else it was erased or confirmed meanwhile
                person = copy(user)  # Django takes the key away from what it deletes
                is_gone = erase(user=user)
                erased.titulaires += is_gone
                erased.accounts += 1
                kind = AuditKind.ANONYMISED
                audit.record(kind=kind, actor=None, person=person, is_gone=is_gone)
    return erased


@transaction.atomic
def erase(*, user: User) -> bool:
    """Erase a citizen's account and its mails; tell whether her identity went too.

    The identity stays when something protects it: the rights that a register brought for her.
    """
    titulaire = user.titulaire
    if titulaire is None:
        raise TypeError("a member of the staff has no identity to erase")
    user.delete()
    try:
        titulaire.delete()
    except ProtectedError:
        SupportNote.objects.of(titulaire).forget()
        NirRelease.objects.filter(titulaire=titulaire).delete()
        # The register knows her: she may sign up again, and nothing of the first time remains.
        Titulaire.objects.filter(pk=titulaire.pk).update(identity_level=IdentityLevel.DECLARED)
        return False
    return True
