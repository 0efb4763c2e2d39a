"""Erase the accounts that must not last: those that were never confirmed."""

from copy import copy
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import ProtectedError
from django.utils import timezone

from accounts import audit
from accounts.audit import AuditKind
from accounts.models import IdentityLevel, Titulaire, User
from accounts.models.titulaire import sealed_name
from accounts.services.sessions import end_sessions
from accounts.services.takeovers import disown, forget_notes, forget_requests

FORGOTTEN_NAME = "effacé"


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
                is_gone = erase_unconfirmed(user=user, now=now)
                erased.titulaires += is_gone
                erased.accounts += 1
                kind = AuditKind.ANONYMISED
                audit.record(kind=kind, actor=None, person=person, is_gone=is_gone)
    return erased


@transaction.atomic
def erase_unconfirmed(*, user: User, now: datetime) -> bool:
    """Erase an account that was never confirmed; tell whether its identity went too.

    What it declared goes with it, unless FranceConnect vouched for its holder: whoever bears the number
    finds nothing of it.
    """
    titulaire = user.titulaire
    if titulaire and titulaire.identity_level != IdentityLevel.VERIFIED:
        disown(user=user, now=now)
        forget_requests(titulaire=titulaire)
        Titulaire.objects.filter(pk=titulaire.pk).update(diploma_level=None)
    return erase(user=user)


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
        forget_notes(titulaire=titulaire)
        # The register knows her: she may sign up again, and nothing of the first time remains.
        Titulaire.objects.filter(pk=titulaire.pk).update(identity_level=IdentityLevel.DECLARED)
        if user.email_changed_at and not user.has_confirmed_email:
            # An account opened again and never confirmed: closed as it was, so that whoever comes
            # next waits, too, before she spends the rights that were there.
            pseudonymise(titulaire=titulaire, now=timezone.now())
        return False
    return True


def pseudonymise(*, titulaire: Titulaire, now: datetime) -> None:
    """Erase what `titulaire` tells of a person; the keyed hashes stay."""
    Titulaire.objects.filter(pk=titulaire.pk).update(
        encrypted_nir="",
        birth_name=FORGOTTEN_NAME,
        birth_name_folded=sealed_name(titulaire.birth_name_folded),
        sex="",
        birth_year=None,
        birth_month=None,
        diploma_level=None,
        closed_at=now,
    )
