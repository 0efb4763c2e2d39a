"""Telephones, postal address, diploma, notices: what is accepted, refused, told and traced."""

import pytest
from django.test import Client

from accounts.models import AccountEvent, EventKind, OutgoingMail
from accounts.models.mail import MailKind
from tests.accounts.account import signed_in
from tests.accounts.pages import text_of
from tests.desk import sign_in
from tests.factories import StaffFactory, UserFactory

pytestmark = pytest.mark.django_db

PHONES, ADDRESS = "/mon-compte/telephones/", "/mon-compte/adresse/"
DIPLOMA, NOTICES = "/mon-compte/diplome/", "/mon-compte/avertissements/"
NANTES = {
    "address_street": "3 rue de l’Essai",
    "address_extra": "",
    "postcode": "44000",
    "city": "Nantes",
}


def kinds_of(user) -> list[str]:
    return list(AccountEvent.objects.filter(user=user).values_list("kind", flat=True))


def test_phones_are_changed_kept_as_e164_and_told():
    user, client = signed_in()

    response = client.post(PHONES, {"phone_landline": "0262 12 34 56", "phone_mobile": ""})

    assert response.headers["Location"] == "/mon-compte/"
    user.refresh_from_db()
    assert (user.phone_landline, user.phone_mobile) == ("+262262123456", "")
    assert kinds_of(user)[0] == EventKind.PHONES_CHANGED
    assert OutgoingMail.objects.filter(user=user, kind=MailKind.CONTACT_CHANGED).count() == 1


def test_phones_page_shows_the_present_numbers():
    _, client = signed_in(UserFactory(phone_mobile="+33612345678"))

    assert 'value="06 12 34 56 78"' in text_of(client.get(PHONES))


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({}, "Renseignez au moins un numéro de téléphone"),
        ({"phone_landline": "06 12 34 56 78"}, "Ce numéro est celui d’un téléphone mobile"),
        ({"phone_mobile": "12"}, "Saisissez un numéro de téléphone mobile valable"),
    ],
)
def test_phones_that_are_wrong_are_refused_next_to_the_field(data, sentence):
    user, client = signed_in()

    response = client.post(PHONES, data)

    assert response.status_code == 422
    assert sentence in text_of(response)
    assert "<title>Erreur" in text_of(response)
    before = user.phone_mobile
    user.refresh_from_db()
    assert user.phone_mobile == before
    assert EventKind.PHONES_CHANGED not in kinds_of(user)


def test_unchanged_phones_are_no_event():
    user, client = signed_in(UserFactory(phone_mobile="+33612345678"))

    client.post(PHONES, {"phone_mobile": "06 12 34 56 78"})

    assert EventKind.PHONES_CHANGED not in kinds_of(user)


def test_address_is_written_then_taken_away():
    user, client = signed_in()
    client.post(ADDRESS, NANTES)
    assert "3 rue de l’Essai" in text_of(client.get("/mon-compte/"))

    client.post(ADDRESS, dict.fromkeys(NANTES, ""))

    user.refresh_from_db()
    assert (user.address_street, user.postcode, user.city) == ("", "", "")
    assert kinds_of(user).count(EventKind.ADDRESS_CHANGED) == 2


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"address_street": ""}, "Saisissez le numéro et la voie."),
        ({"postcode": ""}, "Saisissez le code postal."),
        ({"postcode": "4400"}, "Saisissez un code postal de 5 chiffres"),
        ({"postcode": "４４０００x"}, "Saisissez un code postal de 5 chiffres"),
        ({"city": ""}, "Saisissez la commune."),
        ({"city": "x" * 101}, "Saisissez 100 caractères au plus."),
    ],
)
def test_address_that_is_not_whole_is_refused(changes, sentence):
    user, client = signed_in()

    response = client.post(ADDRESS, NANTES | changes)

    assert response.status_code == 422
    assert sentence in text_of(response)
    user.refresh_from_db()
    assert user.city == ""


def test_diploma_is_chosen_then_untold():
    user, client = signed_in()

    client.post(DIPLOMA, {"diploma_level": "5"})
    assert "Bac + 2" in text_of(client.get("/mon-compte/"))
    client.post(DIPLOMA, {"diploma_level": ""})

    user.titulaire.refresh_from_db()
    assert user.titulaire.diploma_level is None
    assert kinds_of(user).count(EventKind.DIPLOMA_CHANGED) == 2


@pytest.mark.parametrize("level", ["9", "0", "x"])
def test_diploma_that_does_not_exist_is_refused(level):
    _, client = signed_in()

    assert client.post(DIPLOMA, {"diploma_level": level}).status_code == 422


def test_notices_that_are_not_wanted_are_not_sent():
    user, client = signed_in()

    client.post(NOTICES, {})
    client.post(ADDRESS, NANTES)

    user.refresh_from_db()
    assert (user.wants_signin_mail, user.wants_change_mail) == (False, False)
    assert not OutgoingMail.objects.filter(kind=MailKind.CONTACT_CHANGED).exists()


@pytest.mark.parametrize("path", [PHONES, ADDRESS, DIPLOMA, NOTICES])
def test_edit_pages_are_for_signed_in_citizens(path):
    assert Client().get(path).headers["Location"] == f"/connexion/?next={path}"
    staff = Client()
    sign_in(staff, StaffFactory())
    assert staff.get(path).status_code == 404


def test_civil_status_cannot_be_changed_by_any_form():
    user, client = signed_in()
    name = user.titulaire.birth_name

    for path in (PHONES, ADDRESS, DIPLOMA, NOTICES):
        client.post(path, NANTES | {"birth_name": "Autre", "phone_mobile": "06 12 34 56 78"})

    user.titulaire.refresh_from_db()
    assert user.titulaire.birth_name == name
