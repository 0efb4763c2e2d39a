"""A number held wrongly: one member of the staff proposes to take it back, another one does it."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from accounts import audit
from accounts.audit import AuditKind
from accounts.exceptions import AccountVerified, ReleaseDecided, ReleaseImpossible, SameAgent
from accounts.models import (
    EventKind,
    IdentityLevel,
    NirRelease,
    ReleaseState,
    SupportRequest,
    TakeOverWay,
    Titulaire,
    User,
)
from accounts.models.mail import MailKind
from accounts.services.desk import holder_of
from accounts.services.events import record
from accounts.services.mails import post_mail
from accounts.services.takeovers import end_former_account

VERIFIED = (
    "L’identité du détenteur actuel est vérifiée\u00a0: ce compte ne peut pas lui être retiré."
)
RUNNING = (
    "Un dossier de formation de ce compte est en cours\u00a0: suspendez l’usage des droits et faites-le "
    "annuler d’abord."
)
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
def approve_release(
    *, release: NirRelease, author: User, now: datetime, request: SupportRequest | None = None
) -> None:
    """Take the number back: the account that holds it is erased and its address told.

    `request` is that of who claims the number, when it is answered so. The rights of the register stay
    for the rightful holder, who signs up; what the support wrote of the former one, this proposal
    included, goes with the account. Raises SameAgent, ReleaseDecided, ReleaseImpossible.
    """
    _decide(release, ReleaseState.APPROVED, author, now)
    user = _withdrawable(release.titulaire)
    pk = user.pk
    withdraw(user=user, author=author, now=now, request=request)
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


def is_withdrawable(user: User) -> bool:
    """Whether a number may be taken from this account: nobody has proved that it is the holder's."""
    return user.titulaire is None or user.titulaire.identity_level != IdentityLevel.VERIFIED


@transaction.atomic
def withdraw(
    *, user: User, author: User, now: datetime, request: SupportRequest | None = None
) -> None:
    """End the account of who holds the number wrongly: his address is told, his access is erased.

    The rights of the register stay, without what he declared: the rightful holder signs up and finds
    them. A TakeOver keeps the trace. Raises ReleaseImpossible when the identity of the holder is
    verified, when a training that was agreed is under way, or when the account went meanwhile.
    """
    way = TakeOverWay.SUPPORT
    try:
        trace = end_former_account(user=user, way=way, now=now, request=request, author=author)
    except AccountVerified:
        raise ReleaseImpossible(VERIFIED) from None
    except User.DoesNotExist:
        raise ReleaseImpossible(NO_ACCOUNT) from None
    if trace.enrolments_left:
        raise ReleaseImpossible(RUNNING)
    post_mail(user=None, kind=MailKind.ACCOUNT_TRANSFERRED, recipient=user.email)
    if trace.titulaire_id:
        _leave_identity(trace.titulaire_id, now)
    kind = AuditKind.TAKEN_OVER
    audit.record(kind=kind, actor=author, person=user, target=trace, former=trace.account)


def _leave_identity(pk: int, now: datetime) -> None:
    """Erase the identity, or leave it with its rights to its holder, who waits before she spends them."""
    try:
        with transaction.atomic():
            Titulaire.objects.filter(pk=pk).delete()
    except ProtectedError:  # the register knows her
        level = IdentityLevel.DECLARED
        Titulaire.objects.filter(pk=pk).update(identity_level=level, closed_at=now)


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
