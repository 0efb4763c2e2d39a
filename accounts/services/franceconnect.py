"""An identity that FranceConnect vouches for meets an account: found, made, joined or taken over."""

from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.franceconnect.exceptions import AccountExists, IdentityMismatch
from accounts.franceconnect.identity import Identity
from accounts.franceconnect.matching import is_number_of, is_same_name
from accounts.models import (
    EmailChange,
    EventKind,
    FranceConnectLink,
    IdentityLevel,
    RecoveryCode,
    Titulaire,
    User,
)
from accounts.models.mail import MailKind
from accounts.nir import Nir
from accounts.services.events import record
from accounts.services.mails import post_mail
from accounts.services.registration import Contact, erase_if_expired
from accounts.services.sessions import end_sessions


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
        return _create(identity=identity, nir=nir, contact=contact)
    except IntegrityError:  # the second of two clicks, or another person at this very moment
        raise AccountExists from None


@transaction.atomic
def _create(*, identity: Identity, nir: Nir, contact: Contact) -> User:
    titulaire = Titulaire.objects.select_for_update().with_nir(nir).first() or Titulaire()
    user = User(titulaire=_verified(titulaire, identity, nir), password=make_password(None))
    _accept(user, identity, contact)
    user.save(force_insert=True)
    _link(user, identity, EventKind.FRANCECONNECT_CREATED)
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
    if FranceConnectLink.objects.filter(user=user).exists():
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
    """Give an account that nobody verified to the person whose number it bears, and return it.

    Its password and sessions end, its address changes and the former one is told. Raises
    IdentityMismatch as `match_number`, AccountExists when it is verified meanwhile.
    """
    user = match_number(identity=identity, nir=nir).user
    if user is None:
        return register_verified(identity=identity, nir=nir, contact=contact)
    try:
        with transaction.atomic():
            user = User.objects.select_for_update(of=("self",)).get(pk=user.pk)
            _seize(user, identity, nir, contact)
    except IntegrityError:
        raise AccountExists from None
    end_sessions(users=[user.pk])
    return user


def _seize(user: User, identity: Identity, nir: Nir, contact: Contact) -> None:
    titulaire = Titulaire.objects.select_for_update().get(user=user)
    if titulaire.identity_level == IdentityLevel.VERIFIED:
        raise AccountExists
    former = user.email
    user.titulaire = _verified(titulaire, identity, nir)
    user.set_unusable_password()
    _accept(user, identity, contact)
    user.created_at = user.email_changed_at = timezone.now()  # her own delays begin now
    _forget_the_one_before(user)
    user.save()
    _link(user, identity, EventKind.TAKEN_OVER)
    post_mail(user=user, kind=MailKind.ACCOUNT_TAKEN_OVER, recipient=former)
    _confirm_by_mail_if_needed(user)


def _forget_the_one_before(user: User) -> None:
    """Leave no way back, and nothing of where the other one lives or of what he looks for."""
    user.mails.filter(sent_at=None).delete()  # no link of before goes to anybody
    RecoveryCode.objects.filter(user=user).delete()
    EmailChange.objects.filter(user=user).delete()
    user.saved_searches.all().delete()
    user.favourites.all().delete()
    user.address_street = user.address_extra = user.postcode = user.city = ""


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


def _link(user: User, identity: Identity, kind: EventKind) -> None:
    FranceConnectLink.objects.create(
        user=user,
        issuer=identity.issuer,
        sub=identity.sub,
        acr=identity.acr,
        last_used_at=timezone.now(),
    )
    record(user=user, kind=kind)


def _is_named(titulaire: Titulaire | None, identity: Identity) -> bool:
    """A name of the register must be the identity's; without register there is none to compare."""
    return titulaire is None or (
        titulaire.is_named(identity.birth_name)
        or is_same_name(titulaire.birth_name, identity.birth_name)
    )
