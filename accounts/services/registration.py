"""From the sign-up form to a confirmed account."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts import audit
from accounts.audit import AuditKind
from accounts.exceptions import AlreadyConfirmed, ConfirmationExpired, RegistrationRefused
from accounts.models import EventKind, IdentityLevel, Titulaire, User
from accounts.models.mail import MailKind
from accounts.nir import Nir
from accounts.services.erasure import erase_expired
from accounts.services.events import record
from accounts.services.mails import post_mail

TRIES = 2


@dataclass(frozen=True, slots=True)
class Contact:
    """How a person is reached; telephones as E.164, one of them may be empty."""

    email: str
    phone_landline: str = ""
    phone_mobile: str = ""


def register(*, birth_name: str, nir: Nir, contact: Contact, password: str) -> User:
    """Create the account of the person who bears `nir`, promise the confirmation mail, return the account.

    The identity of the rights register is joined when it has this number and this name. Raises
    RegistrationRefused, without saying why, when the number has an account or another name.
    The password is hashed once in every case, so that the answer takes the same time; and before the
    transaction, so that nobody waits for it.
    """
    hashed = make_password(password)
    erase_if_expired(nir)
    for _ in range(TRIES):
        try:
            return _create(birth_name=birth_name, nir=nir, contact=contact, hashed=hashed)
        except IntegrityError:
            # Somebody wrote this number at this very moment: the register, whose identity is then
            # joined by the second try, or another sign-up, which is then found.
            continue
    raise RegistrationRefused


@transaction.atomic
def _create(*, birth_name: str, nir: Nir, contact: Contact, hashed: str) -> User:
    titulaire, is_woken = _free_titulaire(nir, birth_name)
    user = User(
        titulaire=titulaire,
        # the address is new for rights that were there: they wait as after a change of address
        email_changed_at=timezone.now() if is_woken else None,
        email=User.objects.normalize_email(contact.email),
        phone_landline=contact.phone_landline,
        phone_mobile=contact.phone_mobile,
        cgu_accepted_at=timezone.now(),
        cgu_version=settings.CGU_VERSION,
        password=hashed,
    )
    user.save(force_insert=True)
    record(user=user, kind=EventKind.SIGNED_UP)
    post_mail(user=user, kind=MailKind.CONFIRMATION)
    audit.record(kind=AuditKind.SIGNED_UP, actor=user, person=user, version=user.cgu_version)
    return user


def _free_titulaire(nir: Nir, birth_name: str) -> tuple[Titulaire, bool]:
    """Return the identity to which an account may be joined, and whether its account had been closed."""
    titulaire = Titulaire.objects.with_nir(nir).first()
    if titulaire is None:
        titulaire = Titulaire(birth_name=birth_name)
        titulaire.nir = nir
        titulaire.save(force_insert=True)
        return titulaire, False
    is_taken = User.objects.filter(titulaire=titulaire).exists()
    if is_taken or not titulaire.is_named(birth_name):
        raise RegistrationRefused
    if is_woken := titulaire.closed_at is not None:
        _wake(titulaire, nir, birth_name)
    return titulaire, is_woken


def _wake(titulaire: Titulaire, nir: Nir, birth_name: str) -> None:
    """Give her identity back to somebody who had closed her account: her rights had waited for her."""
    titulaire.nir, titulaire.birth_name, titulaire.closed_at = nir, birth_name, None
    titulaire.save()


def erase_if_expired(nir: Nir) -> None:
    """Let the sign-up start again after the delay, even before purge_unconfirmed has passed."""
    now = timezone.now()
    expired = User.objects.expired_unconfirmed(now)
    for user in expired.with_nir(nir).select_related("titulaire"):
        erase_expired(user=user, now=now)


@transaction.atomic
def confirm_email(*, user: User, now: datetime) -> bool:
    """Confirm the address of `user`; False when it was confirmed already.

    The caller holds a token of this address (accounts.tokens.find_confirmation). Raises
    ConfirmationExpired after the deadline.
    """
    if user.has_confirmed_email:
        return False
    if now > user.confirmation_deadline:
        raise ConfirmationExpired
    unconfirmed = User.objects.filter(pk=user.pk, email=user.email, email_confirmed_at=None)
    if not unconfirmed.update(email_confirmed_at=now):
        return False
    declared = Titulaire.objects.filter(user=user, identity_level=IdentityLevel.DECLARED)
    declared.update(identity_level=IdentityLevel.EMAIL_CONFIRMED)
    record(user=user, kind=EventKind.EMAIL_CONFIRMED)
    return True


def resend_confirmation(*, user: User, now: datetime) -> None:
    """Promise the confirmation mail once more. Raises AlreadyConfirmed or ConfirmationExpired."""
    if user.has_confirmed_email:
        raise AlreadyConfirmed
    if now > user.confirmation_deadline:
        raise ConfirmationExpired
    post_mail(user=user, kind=MailKind.CONFIRMATION)
