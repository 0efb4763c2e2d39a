"""The administration may be moved, and is unknown outside the networks that an operator names."""

from importlib import reload

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import Client
from django.urls import clear_url_caches, reverse

from cpf_portal import startup, urls, urls_outside
from cpf_portal.admin_access import admin_networks, admin_path
from tests.desk import sign_in


@pytest.fixture
def moved(settings):
    """Move the administration to a path, and put it back."""

    def to(path: str) -> None:
        settings.ADMIN_PATH = path
        for module in (urls, urls_outside):
            reload(module)
        clear_url_caches()

    former = settings.ADMIN_PATH
    yield to
    to(former)


@pytest.fixture
def networks(settings):
    def only(*texts: str) -> None:
        settings.ADMIN_NETWORKS = admin_networks(list(texts))

    return only


def from_(address: str) -> Client:
    return Client(REMOTE_ADDR=address)


# --- From where ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "is_known"),
    [
        ("192.0.2.7", True),
        ("::ffff:192.0.2.7", True),
        ("2001:db8:1::5", True),
        ("198.51.100.1", False),
        ("2001:db8:2::5", False),
        ("nulle part", False),
    ],
)
@pytest.mark.parametrize("path", ["/admin/login/", "/admin/code/"])
@pytest.mark.django_db
def test_administration_exists_for_the_networks_alone(networks, address, is_known, path):
    networks("192.0.2.0/24", "2001:db8:1::/48")

    assert (from_(address).get(path).status_code != 404) is is_known


def _headers(answer) -> dict[str, str]:
    return {name: value for name, value in answer.headers.items() if name != "X-Request-ID"}


@pytest.mark.parametrize("path", ["/admin", "/admin/", "/admin/login/", "/admin/accounts/user/1/"])
@pytest.mark.django_db
def test_outside_it_answers_as_any_unknown_page(networks, path):
    networks("192.0.2.0/24")
    browser = from_("198.51.100.1")

    refused, unknown = browser.get(path), browser.get("/aucune-page/")

    assert refused.status_code == unknown.status_code == 404
    assert refused.content == unknown.content
    assert _headers(refused) == _headers(unknown)
    assert browser.post("/admin/login/", {"username": "x", "password": "y"}).status_code == 404


@pytest.mark.django_db
def test_session_of_the_staff_reaches_nothing_from_outside(networks, sasha):
    networks("192.0.2.0/24")
    outside, inside = from_("198.51.100.1"), from_("192.0.2.7")
    for browser in (outside, inside):
        sign_in(browser, sasha)

    assert outside.get("/admin/").status_code == 404
    assert outside.get("/").status_code == 200
    assert inside.get("/admin/").status_code == 200


@pytest.mark.django_db
def test_forged_header_lets_nobody_in(networks, settings):
    networks("192.0.2.0/24")
    forged = {"X-Forwarded-For": "192.0.2.7"}

    assert from_("198.51.100.1").get("/admin/login/", headers=forged).status_code == 404

    settings.TRUSTED_PROXIES = 1
    assert from_("198.51.100.1").get("/admin/login/", headers=forged).status_code == 200
    forged = {"X-Forwarded-For": "192.0.2.7, 198.51.100.1"}
    assert from_("127.0.0.1").get("/admin/login/", headers=forged).status_code == 404


# --- Where --------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_moved_administration_is_at_its_new_address_alone(moved, client, sasha, settings):
    moved("bureau/agents/")
    client.force_login(sasha)

    pages = [client.get(path) for path in ("/bureau/agents/", "/", "/mentions-legales/")]

    assert reverse("admin:index") == "/bureau/agents/"
    assert [page.status_code for page in pages] == [200] * 3
    assert all(
        "/admin/" not in page.content.decode().replace("/static/admin/", "") for page in pages
    )
    assert client.get("/admin/").status_code == 404
    assert "bureau" not in client.get("/robots.txt").content.decode()
    startup.refuse_hidden_administration()


@pytest.mark.django_db
def test_moved_administration_is_closed_by_network_there(moved, networks):
    moved("bureau/")
    networks("192.0.2.0/24")

    assert from_("198.51.100.1").get("/bureau/login/").status_code == 404
    assert from_("192.0.2.7").get("/bureau/login/").status_code == 200


def test_administration_takes_the_place_of_no_page(moved):
    moved("connexion/")

    with pytest.raises(ImproperlyConfigured, match="ADMIN_PATH"):
        startup.refuse_hidden_administration()


# --- Wrong settings -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "path"), [("admin/", "admin/"), ("/a/b", "a/b/"), ("x-1", "x-1/")]
)
def test_path_is_read_with_or_without_slashes(text, path):
    assert admin_path(text) == path


@pytest.mark.parametrize("text", ["", "/", "Admin/", "a b/", "a//b/", "../a/", "é/", "a?b"])
def test_wrong_path_stops_the_start(text):
    with pytest.raises(ImproperlyConfigured, match="ADMIN_PATH"):
        admin_path(text)


@pytest.mark.parametrize("text", ["192.0.2.1/24", "192.0.2", "2001:db8::/129", "bureau", ""])
def test_wrong_network_stops_the_start(text):
    with pytest.raises(ImproperlyConfigured, match="ADMIN_NETWORKS"):
        admin_networks([text])
