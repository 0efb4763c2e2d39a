import pytest

from tests.accounts.pages import text_of
from tests.factories import UserFactory, make_nir

pytestmark = pytest.mark.django_db

PROFILE = "/mon-compte/"


def test_profile_shows_what_the_portal_knows(client, time_machine):
    time_machine.move_to("2026-11-01T10:00:00Z", tick=False)
    user = UserFactory(
        titulaire__birth_name="Le Goff",
        titulaire__nir=make_nir(7),
        email="dominique@example.org",
        phone_landline="+262262123456",
        phone_mobile="+33612345678",
    )
    client.force_login(user)

    text = text_of(client.get(PROFILE))

    for words in (
        "Le Goff",
        "2 85 •• •• ••• ••• ••",
        "dominique@example.org",
        "Confirmé",
        "0262 12 34 56",
        "06 12 34 56 78",
        "1er novembre 2026",
        "Version 2026-11",
    ):
        assert words in text
    assert user.titulaire.nir.value not in text
    assert "Recevoir de nouveau le courriel" not in text


def test_profile_says_what_is_missing(client):
    client.force_login(UserFactory(titulaire__nir=make_nir(start="7850599998")))

    text = text_of(client.get(PROFILE))

    assert "Non renseigné" in text
    assert "Numéro provisoire" in text


def test_profile_names_the_day_before_which_to_confirm(client, time_machine):
    time_machine.move_to("2026-11-22T10:00:00Z", tick=False)
    client.force_login(UserFactory(email_confirmed_at=None))

    assert "À confirmer avant le 7 décembre 2026" in text_of(client.get(PROFILE))


def test_profile_is_for_signed_in_people(client):
    assert client.get(PROFILE).headers["Location"] == f"/connexion/?next={PROFILE}"


def test_profile_is_never_kept_by_the_browser(client):
    client.force_login(UserFactory())

    assert client.get(PROFILE).headers["Cache-Control"] == "no-store"


def test_profile_shows_only_one_s_own_data(client):
    other = UserFactory(titulaire__birth_name="Autrepersonne")
    client.force_login(UserFactory())

    for query in ({"user": other.pk}, {"pk": other.pk}, {"id": other.pk}):
        assert "Autrepersonne" not in text_of(client.get(PROFILE, query))


def test_profile_costs_three_queries(client, django_assert_num_queries):
    client.force_login(UserFactory())
    client.get(PROFILE)  # the first page of a session writes it

    with django_assert_num_queries(3):  # the session, the person, her FranceConnect link
        client.get(PROFILE)
