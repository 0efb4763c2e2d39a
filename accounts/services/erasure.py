"""Erase the accounts that must not last: those that were never confirmed."""

from collections.abc import Callable
from copy import copy
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import ProtectedError
from django.utils import timezone
from django.utils.module_loading import import_string

from accounts import audit
from accounts.audit import AuditKind
from accounts.exceptions import AccountHeld
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


def purge_unconfirmed(*, now: datetime, is_dry_run: bool = False) -> Erased:
    """Erase the accounts whose address was not confirmed in time, each in its own transaction.

    In a dry run nothing is erased and only `accounts` is counted.
    """
    expired = list(User.objects.expired_unconfirmed(now).select_related("titulaire"))
    erased = Erased()
    if is_dry_run:
        erased.accounts = len(expired)
        return erased
    for user in expired:
        is_gone = erase_expired(user=user, now=now)
        if is_gone is not None:
            erased.accounts += 1
            erased.titulaires += is_gone
    return erased


def erase_expired(*, user: User, now: datetime) -> bool | None:
    """Erase an account whose address was not confirmed in time, in its own transaction.

    Tells whether its identity went too; None when the account stays (see AccountHeld), was confirmed
    or went meanwhile.
    """
    try:
        return _erase_unconfirmed(user, now)
    except (AccountHeld, User.DoesNotExist):
        return None


@transaction.atomic
def _erase_unconfirmed(user: User, now: datetime) -> bool:
    titulaire = user.titulaire
    if titulaire is None:
        raise AccountHeld  # the staff confirms nothing
    is_hers = titulaire.identity_level == IdentityLevel.VERIFIED
    _leave_the_rooms(user, now, is_hers=is_hers)
    # the rooms have locked the account, in the order of a step of a dossier
    user = User.objects.expired_unconfirmed(now).select_for_update(of=("self",)).get(pk=user.pk)
    if (
        is_hers
        != Titulaire.objects.filter(user=user, identity_level=IdentityLevel.VERIFIED).exists()
    ):
        raise AccountHeld  # FranceConnect vouched for her meanwhile
    forget_requests(titulaire=titulaire)
    Titulaire.objects.filter(pk=titulaire.pk).update(diploma_level=None)
    person = copy(user)  # Django takes the key away from what it deletes
    end_sessions(users=[person.pk])
    is_gone = erase(user=user)
    if is_hers and not is_gone:
        pseudonymise(titulaire=Titulaire.objects.get(pk=titulaire.pk), now=now)
    audit.record(kind=AuditKind.ANONYMISED, actor=None, person=person, is_gone=is_gone)
    return is_gone


def _leave_the_rooms(user: User, now: datetime, *, is_hers: bool) -> None:
    """Erase what was declared and asked from this account, in every room. Raises AccountHeld.

    Of who is verified it goes as when she closes her account; of another it was not the holder's word.
    """
    if is_hers:
        clear: Callable[..., None] = import_string(settings.PORTAL_CLEAR)
        clear(user=user)
    elif disown(user=user, now=now).enrolments_left:
        raise AccountHeld


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
