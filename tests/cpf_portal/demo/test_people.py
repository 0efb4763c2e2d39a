import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ImproperlyConfigured
from django.utils import timezone

from accounts.models import Titulaire, User
from catalogue.models import SavedSearch
from cpf_portal.demo import people
from cpf_portal.news import send_news
from rights.models import Movement, RightsAccount
from tests.factories import OfferFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("person", people.PEOPLE, ids=lambda person: person.slug)
def test_person_signs_in_with_the_password_of_the_table(person):
    user = people.create(person)

    assert user.check_password(person.password)
    assert not user.check_password(person.password.lower())
    assert user.plain_password == person.password
    assert user.is_active
    assert user.has_confirmed_email
    assert user.is_demonstration


@pytest.mark.parametrize("person", people.PEOPLE, ids=lambda person: person.slug)
def test_password_satisfies_the_rules_of_the_portal(person):
    validate_password(person.password, people.create(person))


def test_camille_has_a_saved_search_whose_mail_is_due(index):
    OfferFactory(title="Anglais professionnel")
    index()

    for _ in range(2):
        people.load()

    assert SavedSearch.objects.get().user.email == people.CAMILLE.email
    assert send_news(today=timezone.localdate()).mails == 1


@pytest.mark.parametrize(
    ("person", "total_cents", "dif_cents"),
    [(people.CAMILLE, 1105_00, 0), (people.ALIX, 3300_00, 360_00)],
    ids=["camille", "alix"],
)
def test_rights_are_those_that_are_told(person, total_cents, dif_cents):
    account = people.create(person).titulaire.rights_account

    assert (account.available_cents, account.dif_share_cents) == (total_cents, dif_cents)
    assert person.entry.total_cents == total_cents


def test_dominique_has_no_right():
    user = people.create(people.DOMINIQUE)

    assert not RightsAccount.objects.for_titulaire(user.titulaire).exists()


def test_sasha_is_staff_and_signs_in_by_email():
    user = people.create(people.SASHA)

    assert (user.identifier, user.is_staff, user.titulaire) == ("sasha@example.org", True, None)


def test_create_twice_changes_nothing():
    first = people.create(people.CAMILLE)
    second = people.create(people.CAMILLE)

    assert second.pk == first.pk
    assert (User.objects.count(), Titulaire.objects.count(), Movement.objects.count()) == (1, 1, 3)


def test_create_puts_back_what_a_visitor_changed():
    user = people.create(people.CAMILLE)
    user.set_password("Autre-Chose-99")
    user.email = "visiteur@example.org"
    user.save()

    restored = people.create(people.CAMILLE)

    assert restored.pk == user.pk
    assert restored.check_password(people.CAMILLE.password)
    assert restored.email == people.CAMILLE.email


def test_register_entry_has_rights_and_no_account():
    titulaire = people.create_register_entry(people.REGISTER[0])

    assert titulaire.rights_account.available_cents == 1105_00
    assert not User.objects.filter(titulaire=titulaire).exists()


def test_load_twice_is_the_same():
    people.load()
    counts = [model.objects.count() for model in (User, Titulaire, Movement)]
    people.load()

    assert counts == [len(people.PEOPLE), 8, 3 + 5 + 5 * 3]
    assert [model.objects.count() for model in (User, Titulaire, Movement)] == counts


def test_free_register_entries_leaves_out_those_who_signed_up():
    people.load()
    titulaire = Titulaire.objects.with_nir(people.REGISTER[1].nir).get()
    UserFactory(titulaire=titulaire)

    free = people.free_register_entries()

    assert free == [entry for entry in people.REGISTER if entry is not people.REGISTER[1]]


@pytest.mark.parametrize(
    "write",
    [
        lambda: people.create(people.CAMILLE),
        lambda: people.create(people.SASHA),
        lambda: people.create_register_entry(people.REGISTER[0]),
    ],
    ids=["titulaire", "staff", "register"],
)
def test_people_are_refused_in_production(settings, write):
    settings.DEMONSTRATION = False

    with pytest.raises(ImproperlyConfigured, match="PORTAL_ENV"):
        write()

    assert not User.objects.exists()
    assert not Titulaire.objects.exists()


def test_people_are_nobody():
    entries = [person.entry for person in people.TITULAIRES] + list(people.REGISTER)

    assert len({entry.nir for entry in entries}) == len(entries) == 8
    assert all(entry.nir.value[5:10] == "99999" for entry in entries)
    assert all(person.email.endswith("@example.org") for person in people.PEOPLE)
    assert all(person.phone_mobile.startswith("+3363998") for person in people.TITULAIRES)
