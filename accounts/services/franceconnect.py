"""An identity that FranceConnect vouches for meets an account: found, made, joined or taken over."""

from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts import audit
from accounts.audit import AuditKind
from accounts.exceptions import AccountVerified
from accounts.franceconnect.exceptions import AccountExists, IdentityMismatch
from accounts.franceconnect.identity import Identity
from accounts.franceconnect.matching import is_number_of, is_same_name
from accounts.models import (
    EventKind,
    FranceConnectLink,
    IdentityLevel,
    TakeOver,
    TakeOverWay,
    Titulaire,
    User,
)
from accounts.models.mail import MailKind
from accounts.nir import Nir
from accounts.services.events import record
from accounts.services.freezing import freeze_spending
from accounts.services.mails import post_mail
from accounts.services.registration import Contact, erase_if_expired
from accounts.services.takeovers import end_former_account
from cpf_portal.ui.formats import euros

TO_EXAMINE = (
    "Le titulaire a repris un compte que personne n’avait vérifié, et dont des droits ont servi ou restent "
    "engagés\u00a0: voir «\u00a0Reprises de compte\u00a0»."
)


@dataclass(frozen=True, slots=True)
class Match:
    """A number that is the identity's; `user` has its account already, `is_verified` if that is proved."""

    user: User | None
    is_verified: bool


def find_linked(*, identity: Identity) -> User | None:
    """Return the account that this identity opened before, and note that it came back."""
    link = FranceConnectLink.objects.of(issuer=identity.issuer, sub=identity.sub)
    found = link.select_related("user__titulaire").first()
    if found is None:
        return None
    link.update(last_used_at=timezone.now(), acr=identity.acr)
    return found.user


def is_linked(*, user: User) -> bool:
    """Tell whether FranceConnect opens this account."""
    return FranceConnectLink.objects.filter(user=user).exists()


def match_number(*, identity: Identity, nir: Nir) -> Match:
    """Return who has the account of `nir`, once it is known to be the identity's own number.

    Raises IdentityMismatch when sex, year, month, place or name disagree: the number itself against
    the identity, then the name of the register.
    """
    titulaire = Titulaire.objects.with_nir(nir).first()
    if not is_number_of(nir, identity) or not _is_named(titulaire, identity):
        raise IdentityMismatch
    with transaction.atomic():
        erase_if_expired(nir)
    user = User.objects.with_nir(nir).select_related("titulaire").first()
    return Match(user=user, is_verified=user is not None and is_verified(user))


def is_verified(user: User) -> bool:
    """Tell whether somebody proved that this account is hers; such an account is taken over by nobody."""
    titulaire = user.titulaire
    return titulaire is not None and titulaire.identity_level == IdentityLevel.VERIFIED


def register_verified(*, identity: Identity, nir: Nir, contact: Contact) -> User:
    """Create the account of `identity`, without password, and return it.

    Its address counts as confirmed where the person kept the one that FranceConnect gave; another
    one gets the confirmation mail. Raises IdentityMismatch as `match_number`, AccountExists when
    somebody has this number's account meanwhile or this identity has one.
    """
    if match_number(identity=identity, nir=nir).user:
        raise AccountExists
    try:
        return _register(identity=identity, nir=nir, contact=contact)
    except IntegrityError:  # the second of two clicks, or another person at this very moment
        raise AccountExists from None


@transaction.atomic
def _register(*, identity: Identity, nir: Nir, contact: Contact) -> User:
    user = _create(identity=identity, nir=nir, contact=contact)
    audit.record(kind=AuditKind.SIGNED_UP, actor=user, person=user, version=user.cgu_version)
    return user


@transaction.atomic
def _create(
    *,
    identity: Identity,
    nir: Nir,
    contact: Contact,
    former: TakeOver | None = None,
) -> User:
    """Write the account. Where it comes after a `former` one, its rights wait as for a new address."""
    titulaire = Titulaire.objects.select_for_update().with_nir(nir).first() or Titulaire()
    user = User(titulaire=_verified(titulaire, identity, nir), password=make_password(None))
    user.email_changed_at = former.happened_at if former else None
    _accept(user, identity, contact)
    user.save(force_insert=True)
    kind = EventKind.TAKEN_OVER if former else EventKind.FRANCECONNECT_CREATED
    _link(user, identity, kind, detail=_undone(former) if former else "")
    _confirm_by_mail_if_needed(user)
    return user


@transaction.atomic
def link(*, user: User, identity: Identity) -> None:
    """Join `identity` to the account of somebody who proved that it is hers; it becomes verified.

    Raises IdentityMismatch when it is another person's identity or number, AccountExists when this
    identity opens another account or this account has another identity.
    """
    titulaire = user.titulaire
    if titulaire is None:
        raise IdentityMismatch
    if not is_number_of(titulaire.nir, identity) or not _is_named(titulaire, identity):
        raise IdentityMismatch
    if is_linked(user=user):
        raise AccountExists
    try:
        with transaction.atomic():
            _link(user, identity, EventKind.FRANCECONNECT_LINKED)
    except IntegrityError:
        raise AccountExists from None
    Titulaire.objects.filter(pk=titulaire.pk).update(identity_level=IdentityLevel.VERIFIED)


@transaction.atomic
def unlink(*, user: User) -> bool:
    """Part the account from FranceConnect; tell whether they were joined.

    What was verified stays so. The caller makes sure that a password is left to sign in with.
    """
    deleted, _ = FranceConnectLink.objects.filter(user=user).delete()
    if deleted:
        record(user=user, kind=EventKind.FRANCECONNECT_UNLINKED)
    return bool(deleted)


def take_over(*, identity: Identity, nir: Nir, contact: Contact) -> User:
    """End an account that nobody verified, and return a new one for the person whose number it bore.

    Nothing of the former account is hers: it is erased with all that was declared there, its address is
    told, the support sees it. Raises IdentityMismatch as `match_number`, AccountExists when it is
    verified meanwhile.
    """
    former = match_number(identity=identity, nir=nir).user
    if former is None:
        return register_verified(identity=identity, nir=nir, contact=contact)
    try:
        return _seize(former, identity, nir, contact)
    except (AccountVerified, IntegrityError, User.DoesNotExist):  # somebody was quicker
        raise AccountExists from None


@transaction.atomic
def _seize(former: User, identity: Identity, nir: Nir, contact: Contact) -> User:
    now = timezone.now()
    trace = end_former_account(user=former, way=TakeOverWay.FRANCECONNECT, now=now)
    post_mail(user=None, kind=MailKind.ACCOUNT_TAKEN_OVER, recipient=former.email)
    user = _create(identity=identity, nir=nir, contact=contact, former=trace)
    used = trace.enrolments_left or trace.dif_spent_cents or trace.rights_spent_cents
    if former.spending_frozen_at or used:
        freeze_spending(user=user, now=now, message=TO_EXAMINE)
        user.refresh_from_db(fields=["spending_frozen_at"])
    audit.record(
        kind=AuditKind.TAKEN_OVER, actor=user, person=user, target=trace, former=trace.account
    )
    return user


def _verified(titulaire: Titulaire, identity: Identity, nir: Nir) -> Titulaire:
    """Save and return what FranceConnect vouches for."""
    titulaire.birth_name = identity.birth_name
    titulaire.nir = nir
    titulaire.identity_level = IdentityLevel.VERIFIED
    titulaire.closed_at = None
    titulaire.save()
    return titulaire


def _accept(user: User, identity: Identity, contact: Contact) -> None:
    """Write how the person is reached, and that she accepted the terms."""
    user.email = User.objects.normalize_email(contact.email)
    is_kept = identity.email and contact.email.casefold() == identity.email.casefold()
    user.email_confirmed_at = timezone.now() if is_kept else None
    user.phone_landline, user.phone_mobile = contact.phone_landline, contact.phone_mobile
    user.cgu_accepted_at, user.cgu_version = timezone.now(), settings.CGU_VERSION


def _confirm_by_mail_if_needed(user: User) -> None:
    if not user.has_confirmed_email:
        post_mail(user=user, kind=MailKind.CONFIRMATION)


def _undone(former: TakeOver) -> str:
    """Return what the person reads of it: neither who the other one was, nor when he came."""
    told = {
        "déclarations retirées": former.declarations,
        "DIF repris": euros(former.dif_cents) if former.dif_cents else "",
        "droits dépensés avant, que l’assistance examine": (
            euros(former.rights_spent_cents) if former.rights_spent_cents else ""
        ),
        "demandes d’inscription annulées": former.requests_cancelled,
        "inscriptions que l’assistance examine": former.enrolments_left,
    }
    return ", ".join(f"{what}\u00a0: {value}" for what, value in told.items() if value)


def _link(user: User, identity: Identity, kind: EventKind, *, detail: str = "") -> None:
    FranceConnectLink.objects.create(
        user=user,
        issuer=identity.issuer,
        sub=identity.sub,
        acr=identity.acr,
        last_used_at=timezone.now(),
    )
    record(user=user, kind=kind, detail=detail)


def _is_named(titulaire: Titulaire | None, identity: Identity) -> bool:
    """A name of the register must be the identity's; without register there is none to compare."""
    return titulaire is None or (
        titulaire.is_named(identity.birth_name)
        or is_same_name(titulaire.birth_name, identity.birth_name)
    )
