"""The page of the cookies beside the cookies that the portal really sets."""

import pytest
from django.urls import reverse

from cpf_portal.demo import people
from cpf_portal.pages.cookies import necessary_cookies
from tests.cpf_portal.pages.reading import read

pytestmark = pytest.mark.django_db


@pytest.fixture
def set_cookies(client):
    """What a browser has been given by a visitor's walk, a sign-in and a change, by name."""
    camille, given = people.create(people.CAMILLE), {}

    def keep(answer):
        given.update({name: morsel for name, morsel in answer.cookies.items() if morsel.value})

    for name in ("home", "pages:help", "accounts:signup", "accounts:contact", "demo:index"):
        keep(client.get(reverse(name)))
    entry = people.CAMILLE.entry
    form = {"nir": entry.nir.value, "password": people.CAMILLE.password}
    keep(client.post(reverse("accounts:login"), form))
    assert client.session["_auth_user_id"] == str(camille.pk)
    for name in ("home", "rights:summary", "rights:dossiers", "accounts:profile"):
        keep(client.get(reverse(name)))
    keep(client.post(reverse("accounts:sessions_close")))
    keep(client.post(reverse("accounts:logout")))
    return given


def test_page_names_exactly_the_cookies_that_are_set(set_cookies):
    assert set(set_cookies) == {cookie.name for cookie in necessary_cookies()}


def test_page_tells_how_long_each_is_kept(set_cookies):
    told = {cookie.name: cookie.max_age for cookie in necessary_cookies()}

    assert {name: morsel["max-age"] or None for name, morsel in set_cookies.items()} == told


def test_no_cookie_leaves_the_portal_nor_is_read_by_a_script(set_cookies):
    for morsel in set_cookies.values():
        assert morsel["httponly"]
        assert morsel["samesite"] == "Lax"
        assert not morsel["domain"]


def test_page_shows_what_the_settings_say(client, settings):
    settings.SESSION_COOKIE_NAME, settings.SESSION_COOKIE_AGE = "__Host-session", 20 * 60
    text = read(client.get(reverse("pages:cookies")).content.decode()).text

    for cookie in necessary_cookies():
        for words in (cookie.name, cookie.purpose, cookie.when, cookie.lifetime):
            assert words in text
    assert "__Host-session" in text
    assert "20\u00a0minutes" in text
