"""The people of the demonstration: the same in the tests, on a first start and on the page /demo/.

Their numbers name a birth abroad in a country 999 that INSEE never attributed, their telephones are
of ARCEP's blocks kept for fiction, their addresses of a domain kept for examples: they are nobody.
"""

from base64 import b32encode
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import transaction
from django.utils import timezone

from accounts.models import IdentityLevel, Titulaire, TotpDevice, User
from accounts.models.titulaire import nir_index
from accounts.nir import Nir
from accounts.roles import Role, assign
from catalogue.models.saved import NEWS_EVERY
from catalogue.services import save_search
from rights.models import MovementKind, Parameter, ParameterName, Pocket
from rights.services import credit


@dataclass(frozen=True, slots=True)
class Grant:
    """One line of somebody's rights, as the register that feeds the portal would tell it."""

    kind: MovementKind
    pocket: Pocket
    amount_cents: int
    year: int
    effective_on: date
    source: str
    legal_basis: str


@dataclass(frozen=True, slots=True)
class RegisterEntry:
    """What the rights register knows of somebody, with or without an account on the portal."""

    birth_name: str
    nir: Nir
    grants: tuple[Grant, ...] = ()

    @property
    def total_cents(self) -> int:
        return sum(grant.amount_cents for grant in self.grants)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with an account; without a register entry, a member of the staff."""

    slug: str
    label: str
    description: str
    email: str
    password: str
    entry: RegisterEntry | None = None
    phone_mobile: str = ""
    role: Role | None = None

    @property
    def own_nir(self) -> Nir:
        """The number of a member of the staff, whose file on the portal nobody has opened."""
        return Nir.parse(f"1800199999{20 + STAFF.index(self):03d}")

    @property
    def secret(self) -> str:
        """What the device of a member of the staff shares with the portal: public, as the password is."""
        return b32encode(f"demonstration {self.slug}".ljust(20)[:20].encode()).decode()


def _yearly(year: int, amount_cents: int) -> Grant:
    """Return the credit of a year of work, known by the declarations of the year that follows."""
    full = amount_cents == FULL_YEAR_CENTS
    return Grant(
        kind=MovementKind.YEARLY_CREDIT,
        pocket=Pocket.CPF,
        amount_cents=amount_cents,
        year=year,
        effective_on=date(year + 1, 4, 15),
        source="Déclarations sociales de l’employeur",
        legal_basis=f"Code du travail, art. R6323-1, {'I' if full else 'II'}",
    )


FULL_YEAR_CENTS = 500_00
CENTS_PER_HOUR = 15_00  # décret n° 2018-1153 du 14 décembre 2018

# 105,00 € : a fifth of a full-time year, and a little.
EXAMPLE_GRANTS = (
    _yearly(2019, FULL_YEAR_CENTS),
    _yearly(2020, FULL_YEAR_CENTS),
    _yearly(2021, 105_00),
)
LONG_CAREER_GRANTS = (
    Grant(
        kind=MovementKind.HOURS_CONVERSION,
        pocket=Pocket.CPF,
        amount_cents=96 * CENTS_PER_HOUR,
        year=2018,
        effective_on=date(2019, 1, 1),
        source="96 heures acquises de 2015 à 2018",
        legal_basis="Décret n° 2018-1153 du 14 décembre 2018",
    ),
    Grant(
        kind=MovementKind.DIF,
        pocket=Pocket.DIF,
        amount_cents=24 * CENTS_PER_HOUR,
        year=2014,
        effective_on=date(2020, 2, 3),
        source="24 heures de DIF déclarées par le titulaire",
        legal_basis="Ordonnance n° 2019-861 du 21 août 2019, art. 8",
    ),
    _yearly(2019, FULL_YEAR_CENTS),
    _yearly(2020, FULL_YEAR_CENTS),
    _yearly(2021, FULL_YEAR_CENTS),
)

CAMILLE = Person(
    slug="camille",
    label="Camille",
    description="des droits et pas de DIF",
    email="camille@example.org",
    password="Tilleul-Voyage-21",  # noqa: S106 public on purpose: a demonstration account
    entry=RegisterEntry("DURAND", Nir.parse("2850599999001"), EXAMPLE_GRANTS),
    phone_mobile="+33639980001",
)
DOMINIQUE = Person(
    slug="dominique",
    label="Dominique",
    description="aucun droit",
    email="dominique@example.org",
    password="Rivage-Orange-34",  # noqa: S106 public on purpose: a demonstration account
    entry=RegisterEntry("LE GOFF", Nir.parse("1780399999002")),
    phone_mobile="+33639980002",
)
ALIX = Person(
    slug="alix",
    label="Alix",
    description="des droits dont une part de DIF, en partie réservés par ses dossiers",
    email="alix@example.org",
    password="Nuage-Boussole-58",  # noqa: S106 public on purpose: a demonstration account
    entry=RegisterEntry("N’DIAYE-MÉLINAND", Nir.parse("2691199999003"), LONG_CAREER_GRANTS),
    phone_mobile="+33639980003",
)
SASHA = Person(
    slug="sasha",
    label="Sasha",
    description="agent de l’assistance, qui répond aux appels",
    email="sasha@example.org",
    password="Lanterne-Pivoine-76",  # noqa: S106 public on purpose: a demonstration account
    role=Role.ADVICE,
)
LOU = Person(
    slug="lou",
    label="Lou",
    description="agent qui consulte sans rien modifier",
    email="lou@example.org",
    password="Falaise-Muguet-43",  # noqa: S106 public on purpose: a demonstration account
    role=Role.READING,
)
NOA = Person(
    slug="noa",
    label="Noa",
    description="gestionnaire des droits et des dossiers",
    email="noa@example.org",
    password="Verger-Horloge-29",  # noqa: S106 public on purpose: a demonstration account
    role=Role.RIGHTS,
)
EDEN = Person(
    slug="eden",
    label="Eden",
    description="responsable du catalogue",
    email="eden@example.org",
    password="Ardoise-Citron-85",  # noqa: S106 public on purpose: a demonstration account
    role=Role.CATALOGUE,
)
CHARLIE = Person(
    slug="charlie",
    label="Charlie",
    description="responsable de la sécurité, qui donne les rôles",
    email="charlie@example.org",
    password="Passerelle-Iris-62",  # noqa: S106 public on purpose: a demonstration account
    role=Role.SECURITY,
)
# A grave act is proposed by one and decided by another.
MAE = Person(
    slug="mae",
    label="Maé",
    description="collègue de Sasha, pour ce qui se décide à deux",
    email="mae@example.org",
    password="Girafe-Tilleul-58",  # noqa: S106 public on purpose: a demonstration account
    role=Role.ADVICE,
)
ANDREA = Person(
    slug="andrea",
    label="Andrea",
    description="collègue de Noa, pour ce qui se décide à deux",
    email="andrea@example.org",
    password="Marmite-Violon-34",  # noqa: S106 public on purpose: a demonstration account
    role=Role.RIGHTS,
)
TITULAIRES = (CAMILLE, DOMINIQUE, ALIX)
# one role a person: nobody has everything
STAFF = (SASHA, LOU, NOA, EDEN, CHARLIE, MAE, ANDREA)
PEOPLE = (*TITULAIRES, *STAFF)

# Known of the register, without an account: a visitor signs up as one of them.
# Orders 001 to 099 of each month are kept for this table (see numbers.py for the others).
REGISTER = (
    RegisterEntry("MARTIN", Nir.parse("1920499999011"), EXAMPLE_GRANTS),
    RegisterEntry("LEFÈVRE", Nir.parse("2880799999012"), EXAMPLE_GRANTS),
    RegisterEntry("DE LA FONTAINE", Nir.parse("1750199999013"), EXAMPLE_GRANTS),
    RegisterEntry("O’CONNOR", Nir.parse("2011299999014"), EXAMPLE_GRANTS),
    RegisterEntry("GARCÍA-LOPES", Nir.parse("1830999999015"), EXAMPLE_GRANTS),
)


@transaction.atomic
def create(person: Person) -> User:
    """Create the account of `person` with its rights, or put it back as this table tells it.

    The account returned has one more attribute, `plain_password`, to sign in with.
    Raises ImproperlyConfigured in production.
    """
    _refuse_in_production()
    return _put_titulaire(person, person.entry) if person.entry else _put_staff(person)


@transaction.atomic
def create_register_entry(entry: RegisterEntry) -> Titulaire:
    """Write `entry` and its rights to the register; twice, nothing more happens.

    Raises ImproperlyConfigured in production.
    """
    _refuse_in_production()
    titulaire = Titulaire.objects.with_nir(entry.nir).first()
    if titulaire is None:
        titulaire = Titulaire(birth_name=entry.birth_name)
        titulaire.nir = entry.nir
        titulaire.save()
    for grant in entry.grants:
        _give(titulaire, grant)
    # Read again: the balance that the first credit left in memory is not the last one.
    return Titulaire.objects.get(pk=titulaire.pk)


def free_register_entries() -> list[RegisterEntry]:
    """Return the entries of REGISTER with which nobody has signed up yet."""
    entries = {nir_index(entry.nir): entry for entry in REGISTER}
    users = User.objects.filter(titulaire__nir_index__in=entries)
    taken = set(users.values_list("titulaire__nir_index", flat=True))
    return [entry for index, entry in entries.items() if index not in taken]


def are_loaded() -> bool:
    """Tell whether the accounts of the demonstration are in the database."""
    return User.objects.filter(is_demonstration=True).exists()


def load() -> None:
    """Write the whole table: the accounts, then the register entries without account."""
    users = {person.slug: create(person) for person in PEOPLE}
    keep_example(users[CAMILLE.slug])
    for entry in REGISTER:
        create_register_entry(entry)
    leave_dif_open()


def keep_example(user: User) -> None:
    """Let `user` have a saved search whose mail of the week is due: send_search_news writes it."""
    week_ago = timezone.localdate() - NEWS_EVERY
    search, is_new = save_search(
        user=user, query="quoi=anglais", name="Anglais", wants_news=True, today=week_ago
    )
    if is_new:
        search.newest_offer = 0  # as if the catalogue had come since
        search.save(update_fields=["newest_offer"])


def leave_dif_open() -> None:
    """Let the visitors declare a DIF, whose last day was 30 June 2021, as an operator may decide."""
    Parameter.objects.get_or_create(
        name=ParameterName.DIF_DEADLINE,
        valid_from=date(2021, 7, 1),
        defaults={"legal_basis": "Démonstration\u00a0: la saisie du DIF reste ouverte"},
    )


def _refuse_in_production() -> None:
    if not settings.DEMONSTRATION:
        raise ImproperlyConfigured(
            "PORTAL_ENV=production n’accepte aucune personne de démonstration."
        )


def _put_staff(person: Person) -> User:
    user = User.objects.filter(identifier=person.email).first() or User(identifier=person.email)
    user.is_staff = True
    user.own_nir_index = nir_index(person.own_nir)
    _put_credentials(user, person)
    assign(user, [person.role])
    TotpDevice.objects.filter(user=user).delete()
    TotpDevice.objects.create(user=user, name="totp", secret=person.secret)
    return user


def _put_titulaire(person: Person, entry: RegisterEntry) -> User:
    titulaire = create_register_entry(entry)
    titulaire.identity_level = IdentityLevel.EMAIL_CONFIRMED
    titulaire.save(update_fields=["identity_level"])
    user = User.objects.filter(titulaire=titulaire).first() or User(titulaire=titulaire)
    user.phone_mobile = person.phone_mobile
    user.cgu_accepted_at, user.cgu_version = timezone.now(), settings.CGU_VERSION
    return _put_credentials(user, person)


def _put_credentials(user: User, person: Person) -> User:
    user.email = person.email
    user.email_confirmed_at = timezone.now()
    user.is_active = user.is_demonstration = True
    user.set_password(person.password)
    user.save()
    user.plain_password = person.password
    return user


def _give(titulaire: Titulaire, grant: Grant) -> None:
    credit(
        titulaire=titulaire,
        kind=grant.kind,
        pocket=grant.pocket,
        amount_cents=grant.amount_cents,
        year=grant.year,
        effective_on=grant.effective_on,
        source=grant.source,
        legal_basis=grant.legal_basis,
        idempotency_key=f"demo:{titulaire.pk}:{grant.kind}:{grant.year}",
    )
