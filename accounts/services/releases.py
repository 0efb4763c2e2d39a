"""A number held wrongly: one member of the staff proposes to take it back, another one does it."""

from datetime import datetime

from django.db import IntegrityError, transaction

from accounts import audit
from accounts.audit import AuditKind
from accounts.exceptions import DecisionImpossible, ReleaseDecided, ReleaseImpossible, SameAgent
from accounts.models import EventKind, NirRelease, ReleaseState, Titulaire, User
from accounts.services.desk import holder_of
from accounts.services.events import record
from accounts.services.support import VERIFIED, is_withdrawable, withdraw

NO_ACCOUNT = "Aucun compte ne tient ce numéro\u00a0: il est déjà libre."


def propose_release(*, titulaire: Titulaire, author: User, reason: str) -> NirRelease:
    """Propose to take the number of `titulaire` from the account that holds it; return the proposal.

    The holder reads that it is examined, and why. Raises ReleaseImpossible (a French sentence) when
    nobody holds it, when its holder is verified, or when it is proposed already.
    """
    user = _withdrawable(titulaire)
    try:
        with transaction.atomic():
            release = NirRelease.objects.create(
                titulaire=titulaire, proposed_by=author, reason=reason
            )
            record(user=user, kind=EventKind.NIR_DISPUTED, author=author, reason=reason)
            _trace(release, "proposed", author, user, reason)
    except IntegrityError:
        raise ReleaseImpossible("Le retrait de ce numéro est déjà proposé.") from None
    return release


@transaction.atomic
def approve_release(*, release: NirRelease, author: User, now: datetime) -> None:
    """Take the number back: the account that holds it is erased and its address told.

    The rights of the register stay for the rightful holder, who signs up; what the support wrote of
    the former one, this proposal included, goes with the account. Raises SameAgent, ReleaseDecided,
    ReleaseImpossible.
    """
    _decide(release, ReleaseState.APPROVED, author, now)
    user = _withdrawable(release.titulaire)
    pk = user.pk
    try:
        withdraw(user=user, author=author, now=now)
    except DecisionImpossible as impossible:
        raise ReleaseImpossible(str(impossible)) from None
    audit.record(
        kind=AuditKind.NIR_RELEASED,
        actor=author,
        step="approved",
        release=release.pk,
        titulaire_pk=release.titulaire_id,
        user_pk=pk,
        proposed_by=release.proposed_by_id,
    )


@transaction.atomic
def refuse_release(*, release: NirRelease, author: User, now: datetime) -> None:
    """Leave the number where it is. Raises SameAgent, ReleaseDecided."""
    _decide(release, ReleaseState.REFUSED, author, now)
    user = holder_of(release.titulaire)
    if user:
        record(user=user, kind=EventKind.NIR_DISPUTED, author=author, detail="numéro gardé")
    _trace(release, "refused", author, user)


def _withdrawable(titulaire: Titulaire) -> User:
    user = holder_of(titulaire)
    if user is None:
        raise ReleaseImpossible(NO_ACCOUNT)
    if not is_withdrawable(user):
        raise ReleaseImpossible(VERIFIED)
    return user


def _decide(release: NirRelease, state: ReleaseState, author: User, now: datetime) -> None:
    if release.proposed_by_id == author.pk:
        raise SameAgent
    waiting = NirRelease.objects.pending().filter(pk=release.pk)
    if not waiting.update(state=state, decided_by=author, decided_at=now):
        raise ReleaseDecided


def _trace(
    release: NirRelease, step: str, author: User, user: User | None, reason: str = ""
) -> None:
    audit.record(
        kind=AuditKind.NIR_RELEASED,
        actor=author,
        person=user,
        titulaire=release.titulaire,
        reason=reason,
        step=step,
        release=release.pk,
    )
