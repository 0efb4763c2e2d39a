"""The credentials: a citizen who signs in by NIR, or a member of the staff who signs in by e-mail."""

import secrets
from datetime import timedelta

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, Group, PermissionsMixin
from django.contrib.auth.password_validation import validate_password
from django.core.validators import validate_email
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone

from accounts.models.titulaire import Titulaire, nir_index
from accounts.nir import Nir

SECURITY_ROLE = "sécurité"  # the role of accounts.roles that gives the others


def opaque_identifier() -> str:
    return secrets.token_urlsafe(16)


class BlockedReason(models.TextChoices):
    """Why nobody can sign in; the person reads it once she has given her password."""

    UNUSUAL = "unusual", "activité inhabituelle"
    DISPUTE = "dispute", "numéro revendiqué par une autre personne"
    REQUEST = "request", "demande du titulaire"


class UserQuerySet(models.QuerySet):
    def with_nir(self, nir: Nir):
        """The account (or none) of the person who bears this number."""
        return self.filter(titulaire__nir_index=nir_index(nir))

    def with_email(self, email: str):
        """The accounts of this address, whatever its case: families share one."""
        return self.alias(email_lower=Lower("email")).filter(email_lower=email.strip().lower())

    def with_phone(self, e164: str):
        """The accounts that have this number as one of their telephones."""
        return self.filter(Q(phone_landline=e164) | Q(phone_mobile=e164))

    def expired_unconfirmed(self, now):
        """Citizens whose address was not confirmed in time (`settings.EMAIL_CONFIRMATION_DAYS`).

        Not those who are frozen: nothing of it may be erased until the support has looked.
        """
        limit = now - timedelta(days=settings.EMAIL_CONFIRMATION_DAYS)
        late = self.filter(is_staff=False, email_confirmed_at=None, created_at__lt=limit)
        return late.filter(spending_frozen_at=None)

    def citizens(self):
        return self.filter(is_staff=False, titulaire__isnull=False)

    def wanting_news(self):
        """Citizens to whom a mail of news may be sent: an open account, a confirmed address, no refusal."""
        return self.citizens().filter(
            is_active=True, email_confirmed_at__isnull=False, wants_news_mail=True
        )

    def idle_since(self, moment):
        """Citizens who have neither signed up nor signed in since `moment`."""
        return self.citizens().filter(
            Q(last_login=None) | Q(last_login__lt=moment), created_at__lt=moment
        )


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):
    def create_superuser(self, identifier: str, password: str | None = None, **fields) -> "User":
        """Create who gives the roles; nobody has everything: she opens no file."""
        user = self.create_staff(email=identifier, password=password, **fields)
        user.groups.set([Group.objects.get_or_create(name=SECURITY_ROLE)[0]])
        return user

    def create_staff(self, *, email: str, password: str | None = None, **fields) -> "User":
        """Create a member of the staff, whose e-mail address is the identifier.

        Raises ValidationError for an address or a password that is none. Without password nobody
        enters before one is chosen by the link of a mail.
        """
        validate_email(email)
        email = self.normalize_email(email)
        user = self.model(identifier=email.lower(), email=email, is_staff=True, **fields)
        if password is not None:
            validate_password(password, user)
        user.set_password(password)
        user.email_confirmed_at = timezone.now()
        user.save()
        return user


class User(AbstractBaseUser, PermissionsMixin):
    identifier = models.CharField(
        "identifiant",
        max_length=254,
        unique=True,
        default=opaque_identifier,
        help_text="Adresse électronique pour le personnel, valeur opaque pour un titulaire.",
    )
    titulaire = models.OneToOneField(
        Titulaire, models.PROTECT, null=True, blank=True, verbose_name="titulaire"
    )
    # Families share an address: it is not unique, and nobody signs in with it.
    email = models.EmailField("courriel", max_length=254)
    # Rights are spent only through an address that has been the same for a while (72 hours).
    email_changed_at = models.DateTimeField("courriel modifié le", null=True, blank=True)
    phone_landline = models.CharField("téléphone fixe", max_length=16, blank=True)
    phone_mobile = models.CharField("téléphone mobile", max_length=16, blank=True)
    address_street = models.CharField("numéro et voie", max_length=120, blank=True)
    address_extra = models.CharField("complément d’adresse", max_length=120, blank=True)
    postcode = models.CharField("code postal", max_length=5, blank=True)
    city = models.CharField("commune", max_length=100, blank=True)
    wants_signin_mail = models.BooleanField("averti d’une nouvelle connexion", default=True)
    wants_change_mail = models.BooleanField("averti d’une modification", default=True)
    # of the searches for which she asked it: this one stops them all
    wants_news_mail = models.BooleanField("averti des nouvelles formations", default=True)
    cgu_accepted_at = models.DateTimeField("CGU acceptées le", null=True, blank=True)
    cgu_version = models.CharField("version des CGU", max_length=20, blank=True)
    email_confirmed_at = models.DateTimeField("courriel confirmé le", null=True, blank=True)
    created_at = models.DateTimeField("inscrit le", default=timezone.now, editable=False)
    is_active = models.BooleanField("actif", default=True)
    blocked_reason = models.CharField(
        "motif du blocage", max_length=20, choices=BlockedReason.choices, blank=True
    )
    # She said that a movement of her rights is not hers: nothing is spent until the support has looked.
    spending_frozen_at = models.DateTimeField(
        "usage des droits suspendu le", null=True, blank=True, editable=False
    )
    inactivity_noticed_at = models.DateTimeField(
        "prévenu de son inactivité le", null=True, blank=True, editable=False
    )
    is_staff = models.BooleanField("personnel", default=False)
    # of a member of the staff: which titulaire she is herself (accounts.own_person)
    own_nir_index = models.CharField(
        "empreinte de son propre numéro", max_length=64, blank=True, editable=False
    )
    is_demonstration = models.BooleanField("compte de démonstration", default=False, editable=False)

    objects = UserManager()

    USERNAME_FIELD = "identifier"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = []

    class Meta:
        verbose_name = "compte"
        indexes = [
            models.Index(Lower("email"), name="user_email_lower"),
            models.Index(fields=["phone_landline"], name="user_phone_landline"),
            models.Index(fields=["phone_mobile"], name="user_phone_mobile"),
            models.Index(
                fields=["spending_frozen_at"],
                name="user_frozen",
                condition=Q(spending_frozen_at__isnull=False),
            ),
        ]
        permissions = [
            ("search_people", "Chercher une personne"),
            ("open_file", "Ouvrir le dossier d’une personne"),
            ("help_user", "Débloquer, renvoyer un lien, fermer les connexions"),
            ("freeze_user", "Suspendre ou rendre l’usage des droits"),
            ("write_note", "Écrire une note de l’assistance"),
            ("reveal_nir", "Révéler un numéro de sécurité sociale"),
            ("release_nir", "Libérer un numéro de sécurité sociale"),
            ("anonymise_user", "Anonymiser une personne"),
            ("export_people", "Exporter des comptes"),
            ("manage_staff", "Gérer les comptes, les rôles et les appareils du personnel"),
            ("read_audit", "Lire le journal d’audit"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(is_staff=True, titulaire=None)
                | Q(is_staff=False, titulaire__isnull=False),
                name="user_is_either_staff_or_titulaire",
                violation_error_message=(
                    "Un compte appartient soit à un titulaire, soit à un membre du personnel."
                ),
            ),
            models.CheckConstraint(
                condition=Q(is_staff=True) | ~Q(phone_landline="", phone_mobile=""),
                name="user_has_a_phone",
                violation_error_message="Un des deux numéros de téléphone doit être renseigné.",
            ),
            models.CheckConstraint(
                condition=Q(is_staff=True) | Q(own_nir_index=""),
                name="user_own_number_is_of_the_staff",
                violation_error_message="Le numéro d’un titulaire est celui de son dossier.",
            ),
            # who had two accounts would be the two people that a grave act asks for
            models.UniqueConstraint(
                fields=["own_nir_index"],
                condition=Q(is_active=True) & ~Q(own_nir_index=""),
                name="user_of_the_staff_is_one_person",
                violation_error_message="Un autre agent a déjà donné ce numéro.",
            ),
            models.CheckConstraint(
                condition=Q(is_superuser=False),
                name="user_has_not_everything",
                violation_error_message="Personne ne peut tout administrer\u00a0: donnez un rôle.",
            ),
        ]

    def __str__(self):
        return f"compte n° {self.pk}"

    @property
    def has_confirmed_email(self) -> bool:
        return self.email_confirmed_at is not None

    @property
    def confirmation_deadline(self):
        """The moment after which this account, if it was not confirmed, is erased."""
        return self.created_at + timedelta(days=settings.EMAIL_CONFIRMATION_DAYS)

    def has_settled_email(self, now) -> bool:
        """Whether the address is confirmed and has not changed for EMAIL_SETTLING_HOURS: needed to spend."""
        if not self.has_confirmed_email:
            return False
        settling = timedelta(hours=settings.EMAIL_SETTLING_HOURS)
        return self.email_changed_at is None or self.email_changed_at + settling <= now

    @property
    def email_settles_at(self):
        """The moment from which a changed address allows to spend; None when it never changed."""
        if self.email_changed_at is None:
            return None
        return self.email_changed_at + timedelta(hours=settings.EMAIL_SETTLING_HOURS)

    @property
    def display_name(self) -> str:
        """What the header shows of the person who is signed in."""
        return self.titulaire.birth_name if self.titulaire else "Mon compte"
