import importlib.util
import re
import sys

import pytest
from django.core.mail import EmailMessage, get_connection
from django.urls import reverse

from accounts.models import Titulaire
from accounts.nir import Nir
from cpf_portal import urls
from cpf_portal.demo import mailbox, people
from cpf_portal.demo.numbers import spaced
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db

HOSTILE = "<script>alert(1)</script>"


@pytest.fixture
def mail(settings):
    settings.SITE_URL = "http://testserver"
    message = EmailMessage(
        f"Objet {HOSTILE}",
        f"Bonjour {HOSTILE}\nhttp://testserver/aide/\nhttps://ailleurs.example.com/",
        to=[f'"{HOSTILE}" <camille@example.org>'],
    )
    get_connection("cpf_portal.demo.mailbox.MailboxBackend").send_messages([message])
    return mailbox.mails()[0]


@pytest.fixture
def production_urls(settings, monkeypatch):
    """The routes of the portal as a production loads them."""
    settings.DEMONSTRATION = False
    spec = importlib.util.spec_from_file_location("production_urls", urls.__file__)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setitem(sys.modules, "production_urls", module)
    settings.ROOT_URLCONF = "production_urls"


def text_of(response):
    """Return the page with ordinary spaces and without what only keeps a text on its line."""
    page = response.content.decode().replace("\u00a0", " ").replace("&nbsp;", " ")
    return re.sub(r'<span class="nowrap">(.*?)</span>', r"\1", page)


def test_index_shows_how_to_sign_in_and_to_sign_up(client):
    people.load()

    page = text_of(client.get(reverse("demo:index")))

    for person in people.TITULAIRES:
        nir = person.entry.nir
        assert f"{spaced(nir)} clé {nir.key}" in page
        assert person.password in page
    assert people.SASHA.password in page
    for entry in people.REGISTER:
        assert spaced(entry.nir) in page
    assert reverse("accounts:login") in page
    assert reverse("accounts:signup") in page
    assert reverse("demo:mails") in page
    assert "1105,00 €" in page


def test_index_leaves_out_register_entries_already_used(client):
    people.load()
    used, free = people.REGISTER[0], people.REGISTER[1]
    UserFactory(titulaire=Titulaire.objects.with_nir(used.nir).get())

    page = text_of(client.get(reverse("demo:index")))

    assert spaced(used.nir) not in page
    assert spaced(free.nir) in page


def test_index_says_so_when_every_register_entry_is_used(client):
    people.load()
    for entry in people.REGISTER:
        UserFactory(titulaire=Titulaire.objects.with_nir(entry.nir).get())

    page = text_of(client.get(reverse("demo:index")))

    assert "Toutes les personnes prévues pour l’inscription ont maintenant un compte" in page


def test_index_draws_fresh_valid_numbers_each_time(client):
    def draw():
        page = text_of(client.get(reverse("demo:index"))).partition('id="numeros"')[2]
        return re.findall(r"([\d ]{18,}) clé (\d\d)", page)

    first, second = draw(), draw()

    assert len(first) == 4
    assert all(Nir.parse(number, key) for number, key in first)
    assert set(first).isdisjoint(second)


@pytest.mark.parametrize("name", ["demo:index", "demo:mails"])
def test_pages_are_public_and_never_cached(client, name):
    response = client.get(reverse(name))

    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]
    assert client.post(reverse(name)).status_code == 405


def test_mails_lists_date_recipient_and_subject_escaped(client, mail):
    page = text_of(client.get(reverse("demo:mails")))

    assert reverse("demo:mail", args=[mail.id]) in page
    assert "camille@example.org" in page
    assert HOSTILE not in page
    assert "Objet &lt;script&gt;" in page


def test_mails_says_so_when_there_is_none(client):
    assert "Aucun courriel pour l’instant" in text_of(client.get(reverse("demo:mails")))


def test_mail_shows_its_text_escaped_with_links_to_the_portal_only(client, mail):
    page = text_of(client.get(reverse("demo:mail", args=[mail.id])))

    assert HOSTILE not in page
    assert "Bonjour &lt;script&gt;" in page
    assert '<a href="/aide/">http://testserver/aide/</a>' in page
    assert 'href="https://ailleurs' not in page
    assert "https://ailleurs.example.com/" in page


@pytest.mark.parametrize("mail_id", ["0", "..", f"{'0' * 20}-{'0' * 8}"])
def test_unknown_mail_is_not_found(client, mail_id):
    assert client.get(f"/demo/courriels/{mail_id}/").status_code == 404


@pytest.mark.parametrize("path", ["/demo/", "/demo/composants/"])
def test_pages_exist_in_demonstration(client, path):
    assert client.get(path).status_code == 200


@pytest.mark.parametrize("path", ["/demo/", "/demo/composants/", "/demo/courriels/1/"])
def test_pages_do_not_exist_in_production(client, production_urls, path):
    assert client.get(path).status_code == 404


def test_components_show_fields_with_and_without_errors(client):
    page = client.get(reverse("demo:components")).content.decode()

    assert page.count("Saisissez un texte.") == 2  # the summary and the field
    assert 'id="id_vide-text"' in page
    assert "9999999999,99\u00a0€" in page
