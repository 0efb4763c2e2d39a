"""Valid rows by default; a test names only what it is about.

>>> TitulaireFactory(birth_name="Ferré")
>>> UserFactory(password="Motdepasse1")
>>> StaffFactory(roles=[Role.RIGHTS])
>>> OfferFactory(title="Anglais professionnel", commune=CommuneFactory(name="Nantes"))
"""

from datetime import timedelta
from itertools import count

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from accounts.models import Titulaire, User
from accounts.nir import Nir
from accounts.roles import assign
from catalogue.models import (
    Certification,
    CertificationKind,
    Commune,
    Modality,
    Offer,
    Provider,
    Session,
)
from cpf_portal.ui.text import fold
from rights.models import Dossier

PASSWORD = "Motdepasse1"
_orders = count(1)


def make_nir(order: int | None = None, *, start: str = "2850599998") -> Nir:
    """Return a valid number; « born abroad, country 998 » is nobody's. Each call gives another one."""
    order = next(_orders) if order is None else order
    return Nir.parse(f"{start}{order % 999 + 1:03d}")


class TitulaireFactory(DjangoModelFactory):
    class Meta:
        model = Titulaire

    nir = factory.LazyFunction(make_nir)
    birth_name = factory.Sequence(lambda n: f"Personne{'abcdefghij'[n % 10]}")


class UserFactory(DjangoModelFactory):
    """A citizen with a confirmed address, who signs in with PASSWORD."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    titulaire = factory.SubFactory(TitulaireFactory)
    email = factory.Sequence(lambda n: f"personne{n}@example.org")
    phone_mobile = "+33639980001"
    cgu_version = "2026-11"
    cgu_accepted_at = factory.LazyFunction(timezone.now)
    email_confirmed_at = factory.LazyFunction(timezone.now)
    password = factory.django.Password(PASSWORD)


class StaffFactory(DjangoModelFactory):
    class Meta:
        model = User
        skip_postgeneration_save = True

    email = factory.Sequence(lambda n: f"agent{n}@example.org")
    identifier = factory.SelfAttribute("email")
    is_staff = True
    own_nir_index = factory.Sequence(lambda n: f"{n:064x}")  # that of nobody
    password = factory.django.Password(PASSWORD)

    @factory.post_generation
    def roles(user, create, extracted, **kwargs):
        """`StaffFactory(roles=[Role.ADVICE])`; without it the account may do nothing."""
        if create and extracted:
            assign(user, extracted)


class CommuneFactory(DjangoModelFactory):
    class Meta:
        model = Commune
        django_get_or_create = ("code",)

    code = "44109"
    name = "Nantes"
    name_folded = factory.LazyAttribute(lambda commune: fold(commune.name))
    postcodes = " 44000 44100 44200 44300 "
    department = "44"
    region = "52"
    population = 327734
    latitude = 47.21725
    longitude = -1.55336


class ProviderFactory(DjangoModelFactory):
    class Meta:
        model = Provider

    siret = factory.Sequence(lambda n: luhn(f"0000000{n:06d}"))
    name = factory.Sequence(lambda n: f"Organisme {n}")
    phone = "+33199000001"
    email = "contact@example.org"


class CertificationFactory(DjangoModelFactory):
    class Meta:
        model = Certification
        django_get_or_create = ("code",)

    code = factory.Sequence(lambda n: f"RNCP{90000 + n}")
    kind = CertificationKind.RNCP
    title = "Titre professionnel de démonstration"
    level = 5


class OfferFactory(DjangoModelFactory):
    class Meta:
        model = Offer

    provider = factory.SubFactory(ProviderFactory)
    certification = factory.SubFactory(CertificationFactory)
    public_id = factory.LazyAttributeSequence(lambda offer, n: f"{offer.provider.siret}_A{n}")
    title = "Comptabilité générale"
    modality = Modality.ON_SITE
    commune = factory.Maybe("is_remote", None, factory.SubFactory(CommuneFactory))
    price_cents = 105000
    hours = 35

    class Params:
        is_remote = factory.LazyAttribute(lambda offer: offer.modality == Modality.REMOTE)


class SessionFactory(DjangoModelFactory):
    class Meta:
        model = Session

    offer = factory.SubFactory(OfferFactory)
    starts_on = factory.LazyFunction(lambda: timezone.localdate() + timedelta(days=30))
    ends_on = factory.LazyAttribute(
        lambda session: session.starts_on and session.starts_on + timedelta(days=5)
    )


class DossierFactory(DjangoModelFactory):
    """A draft of an account. What was sent has a reservation: tests.rights.dossiers.steps.bring_to."""

    class Meta:
        model = Dossier

    user = factory.SubFactory(UserFactory)
    titulaire = factory.SelfAttribute("user.titulaire")
    session = factory.SubFactory(SessionFactory)
    offer = factory.SelfAttribute("session.offer")
    provider = factory.SelfAttribute("offer.provider")
    title = factory.SelfAttribute("offer.title")
    provider_name = factory.SelfAttribute("provider.name")
    starts_on = factory.SelfAttribute("session.starts_on")
    ends_on = factory.SelfAttribute("session.ends_on")
    price_cents = factory.SelfAttribute("offer.price_cents")
    remainder_cents = factory.SelfAttribute("price_cents")
    created_at = factory.LazyFunction(timezone.now)


def luhn(thirteen: str) -> str:
    """Return the 13 digits with the Luhn digit that makes a valid SIRET of them."""
    doubled = (int(digit) * (2 - position % 2) for position, digit in enumerate(thirteen))
    total = sum(value - 9 if value > 9 else value for value in doubled)
    return f"{thirteen}{-total % 10}"
