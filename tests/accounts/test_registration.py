from datetime import timedelta

import pytest
from django.db import IntegrityError, connection
from django.utils import timezone

from accounts import services
from accounts.audit import AuditKind
from accounts.exceptions import RegistrationRefused
from accounts.models import AuditEvent, OutgoingMail, Titulaire, User
from accounts.models.mail import MailKind
from accounts.services import Contact, registration
from accounts.services.erasure import erase_expired
from tests.factories import PASSWORD, TitulaireFactory, UserFactory, make_nir
from tests.parallel import in_parallel

pytestmark = pytest.mark.django_db

CONTACT = Contact(email="camille@example.org", phone_mobile="+33639980001")


def register(nir=None, **changes) -> User:
    return services.register(
        **{
            "birth_name": "Durand",
            "nir": nir or make_nir(),
            "contact": CONTACT,
            "password": PASSWORD,
        }
        | changes
    )


def test_register_writes_the_confirmation_mail_with_the_account():
    user = register()

    mail = OutgoingMail.objects.get()
    assert (mail.user, mail.kind, mail.sent_at) == (user, MailKind.CONFIRMATION, None)


def test_register_never_stores_the_password():
    user = register()

    assert PASSWORD not in str(User.objects.filter(pk=user.pk).values().get())
    assert user.check_password(PASSWORD)


def test_register_stores_the_number_encrypted():
    nir = make_nir()
    register(nir)

    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM accounts_titulaire")
        stored = str(cursor.fetchall())

    assert nir.value not in stored


@pytest.mark.parametrize("name", ["DURAND", "durand", " Durand ", "Durând"])
def test_register_compares_names_as_people_do(name):
    known = TitulaireFactory(birth_name="Durand")

    assert register(known.nir, birth_name=name).titulaire == known


@pytest.mark.parametrize("name", ["N'DIAYE-LE GOFF", "Ndiaye Le Goff", "NDIAYE LEGOFF"])
def test_register_compares_names_without_their_signs_and_spaces(name):
    known = TitulaireFactory(birth_name="N’Diaye-Le Goff")

    assert register(known.nir, birth_name=name).titulaire == known


@pytest.mark.parametrize("name", ["Durant", "Durand Martin", "Dur"])
def test_register_refuses_another_name_than_the_register_s(name):
    known = TitulaireFactory(birth_name="Durand")

    with pytest.raises(RegistrationRefused):
        register(known.nir, birth_name=name)

    assert not User.objects.exists()


def test_register_refuses_a_number_that_has_an_account():
    user = UserFactory(titulaire__birth_name="Durand")

    with pytest.raises(RegistrationRefused):
        register(user.titulaire.nir)


def test_register_starts_again_over_an_account_that_was_not_confirmed_in_time(time_machine):
    time_machine.move_to("2026-11-01T10:00:00Z", tick=False)
    first = register(nir := make_nir())
    time_machine.shift(15 * 86400)
    with pytest.raises(RegistrationRefused):
        register(nir)
    time_machine.shift(1)

    second = register(nir, birth_name="Martin")

    assert list(User.objects.all()) == [second]
    assert second.pk != first.pk
    assert Titulaire.objects.get().birth_name == "Martin"
    assert OutgoingMail.objects.get().user == second


def test_register_never_takes_over_an_account_that_was_confirmed(time_machine):
    time_machine.move_to("2026-11-01T10:00:00Z", tick=False)
    user = register(nir := make_nir())
    services.confirm_email(user=user, now=timezone.now())
    time_machine.shift(400 * 86400)

    with pytest.raises(RegistrationRefused):
        register(nir)


def outcome(nir) -> str:
    try:
        register(nir)
    except RegistrationRefused:
        return "refused"
    return "created"


@pytest.mark.concurrency
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("is_known", [False, True])
def test_register_of_one_number_20_times_at_once_creates_one_account(is_known):
    nir = TitulaireFactory(birth_name="Durand").nir if is_known else make_nir()

    outcomes = in_parallel(lambda number: outcome(nir), range(20))

    assert sorted(outcomes) == ["created"] + ["refused"] * 19
    assert (User.objects.count(), Titulaire.objects.count()) == (1, 1)
    assert OutgoingMail.objects.count() == 1


@pytest.mark.concurrency
@pytest.mark.django_db(transaction=True)
def test_register_over_an_expired_account_20_times_at_once_creates_one_account():
    long_ago = timezone.now() - timedelta(days=16)
    expired = UserFactory(email_confirmed_at=None, created_at=long_ago)

    outcomes = in_parallel(lambda number: outcome(expired.titulaire.nir), range(20))

    assert sorted(outcomes) == ["created"] + ["refused"] * 19
    assert User.objects.get().pk != expired.pk
    line = AuditEvent.objects.get(kind=AuditKind.ANONYMISED)
    assert (line.person_pk, line.facts) == (expired.pk, {"is_gone": True})


def test_account_confirmed_meanwhile_is_not_erased():
    user = UserFactory(email_confirmed_at=None, created_at=timezone.now() - timedelta(days=16))
    User.objects.update(email_confirmed_at=timezone.now())

    assert erase_expired(user=user, now=timezone.now()) is None
    assert User.objects.get() == user


@pytest.mark.concurrency
@pytest.mark.django_db(transaction=True)
def test_register_of_20_numbers_at_once_creates_20_accounts():
    numbers = [make_nir() for _ in range(20)]

    outcomes = in_parallel(lambda number: outcome(numbers[number]), range(20))

    assert outcomes == ["created"] * 20


def test_number_written_by_the_register_meanwhile_is_joined(monkeypatch):
    nir = make_nir()
    real = registration._create

    def beaten_once(**arguments):
        monkeypatch.setattr(registration, "_create", real)
        TitulaireFactory(nir=nir, birth_name="Martin")
        raise IntegrityError

    monkeypatch.setattr(registration, "_create", beaten_once)

    user = services.register(
        birth_name="MARTIN",
        nir=nir,
        contact=Contact(email="martin@example.org", phone_mobile="+33639980001"),
        password="Cerisier-Vent-19",
    )

    assert user.titulaire == Titulaire.objects.with_nir(nir).get()
