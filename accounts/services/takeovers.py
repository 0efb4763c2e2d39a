"""A number leaves an account that nobody verified: what was said there is not its holder's word."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import partial

from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string

from accounts import limits
from accounts.exceptions import AccountVerified
from accounts.models import (
    IdentityLevel,
    NirRelease,
    SupportNote,
    SupportRequest,
    TakeOver,
    TakeOverWay,
    Titulaire,
    User,
)
from accounts.models.support import SupportKind
from accounts.models.takeover import TakeOverQuerySet
from accounts.proofs import identity_proofs
from accounts.services.sessions import end_sessions


@dataclass(frozen=True, slots=True)
class Disowned:
    """What was taken out of an identity, and what could not be: the fields of TakeOver."""

    declarations: int = 0
    dif_cents: int = 0
    dif_spent_cents: int = 0
    rights_spent_cents: int = 0
    requests_cancelled: int = 0
    enrolments_left: int = 0


def pending_takeovers() -> TakeOverQuerySet:
    """Return the take-overs that nobody of the staff has seen, the oldest first."""
    return TakeOver.objects.pending()


@transaction.atomic
def end_former_account(
    *,
    user: User,
    way: TakeOverWay,
    now: datetime,
    request: SupportRequest | None = None,
    author: User | None = None,
) -> TakeOver:
    """Erase the account of somebody whose number turned out to be another's; leave a trace for the support.

    What he declared is taken out of the identity by the room that knows it (settings.PORTAL_DISOWN),
    and his requests go with their proofs. The identity and the rights of the register stay: the caller
    gives them to their holder, or erases an identity that nothing protects. Raises AccountVerified when
    he proved his identity meanwhile, User.DoesNotExist when the account went.
    """
    disowned = disown(user=user, now=now)
    user = User.objects.select_for_update(of=("self",)).get(pk=user.pk)
    titulaire = Titulaire.objects.get(user=user)  # read once the account is locked
    if titulaire.identity_level == IdentityLevel.VERIFIED:
        raise AccountVerified
    forget_requests(titulaire=titulaire)
    asked = SupportRequest.objects.open().filter(titulaire=titulaire)
    # Whatever was asked for that account does nothing to the next one. Who claims the number is still
    # known, so that its name can be corrected; an account made after the claim is not taken by it.
    asked.exclude(kind=SupportKind.NIR_TAKEN).update(titulaire=None)
    limits.unlock(titulaire)
    end_sessions(users=[user.pk])
    trace = TakeOver.objects.create(
        titulaire=titulaire,
        way=way,
        happened_at=now,
        account=user.pk,
        signed_up_at=user.created_at,
        last_seen_at=user.last_login,
        request=request,
        author=author,
        **asdict(disowned),
    )
    Titulaire.objects.filter(pk=titulaire.pk).update(diploma_level=None)
    forget_notes(titulaire=titulaire)
    user.delete()
    return trace


def disown(*, user: User, now: datetime) -> Disowned:
    """Take back what the account of `user` declared of its number's holder, in the rooms that know it."""
    take_back: Callable[..., Disowned] = import_string(settings.PORTAL_DISOWN)
    return take_back(user=user, now=now)


def forget_requests(*, titulaire: Titulaire) -> None:
    """Erase what the holder of the account asked of the support, signed in, with the proofs."""
    for request in SupportRequest.objects.filter(titulaire=titulaire, is_of_holder=True):
        # a file cannot be rolled back: it goes once the rest is gone
        transaction.on_commit(partial(identity_proofs.remove, request.proof_name))
        request.delete()


def forget_notes(*, titulaire: Titulaire) -> None:
    """Erase what the support wrote of the holder of the account."""
    SupportNote.objects.of(titulaire).forget()
    NirRelease.objects.filter(titulaire=titulaire).delete()


def see_takeover(*, takeover: TakeOver, author: User, now: datetime) -> bool:
    """Note that `author` looked at it; False when somebody had."""
    unseen = TakeOver.objects.filter(pk=takeover.pk, seen_at=None)
    return bool(unseen.update(seen_at=now, seen_by=author))
