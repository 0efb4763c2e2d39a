"""Nobody learns from the portal who has an account."""

import re
import time

import pytest

from accounts.models import OutgoingMail, User
from accounts.views import access
from tests.accounts.hashing import HASHER, counted_hashes
from tests.accounts.pages import RESET, sign_up
from tests.factories import TitulaireFactory, UserFactory, make_nir

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _counted(settings):
    settings.PASSWORD_HASHERS = [HASHER]


def number_with_account():
    return UserFactory(titulaire__birth_name="Durand").titulaire.nir, "Durand"


def number_with_account_and_other_name():
    return UserFactory(titulaire__birth_name="Martin").titulaire.nir, "Durand"


def number_of_the_register_with_other_name():
    return TitulaireFactory(birth_name="Martin").nir, "Durand"


def number_with_disabled_account():
    return UserFactory(titulaire__birth_name="Durand", is_active=False).titulaire.nir, "Durand"


CLASHES = [
    number_with_account,
    number_with_account_and_other_name,
    number_of_the_register_with_other_name,
    number_with_disabled_account,
]


def bare(response) -> str:
    """Return the page without what changes each time: token, challenge, object asked."""
    page = response.content.decode().replace(str(response.context["csrf_token"]), "")
    page = re.sub(r"[0-9a-f]{40}", "", page)
    return re.sub(r"data-portal-captcha-word>[^<]+", "", page)


def test_sign_up_refuses_every_clash_with_the_same_page_and_work(client):
    answers = []
    for arrange in CLASHES:
        nir, name = arrange()
        with counted_hashes() as count:
            response = sign_up(client, nir, birth_name=name)
        answers.append((response.status_code, count.hashes, bare(response)))

    assert answers[0][:2] == (422, 1)
    assert answers == [answers[0]] * len(CLASHES)


def test_sign_up_that_succeeds_costs_the_same_hash(client):
    with counted_hashes() as count:
        assert sign_up(client, make_nir()).status_code == 302

    assert count.hashes == 1


def test_refusal_offers_to_sign_in_to_reset_and_to_ask_for_help(client):
    nir, name = number_with_account()

    page = sign_up(client, nir, birth_name=name).content.decode()

    summary = page.split('role="alert"')[1].split("</ul>")[0]
    assert "Ces informations ne permettent pas de créer un compte." in summary
    assert 'href="/connexion/"' in summary
    assert 'href="/mot-de-passe/oublie/"' in summary
    assert 'href="/assistance/demande/?objet=nir_taken"' in summary


@pytest.mark.parametrize("arrange", CLASHES)
def test_refused_sign_up_changes_nothing_and_sends_nothing(client, arrange):
    nir, name = arrange()
    before = list(User.objects.values())

    sign_up(client, nir, birth_name=name)

    assert list(User.objects.values()) == before
    assert not OutgoingMail.objects.exists()


def test_forgotten_password_answers_alike_with_and_without_account(client, monkeypatch):
    monkeypatch.setattr(access, "RESET_SECONDS", 0)
    answers = []
    for nir in (UserFactory().titulaire.nir, make_nir(), TitulaireFactory().nir):
        response = client.post(RESET, {"nir": nir.value}, follow=True)
        answers.append((response.status_code, response.redirect_chain, response.content))

    assert answers[0][1] == [("/mot-de-passe/oublie/envoye/", 302)]
    assert answers == [answers[0]] * 3
    assert OutgoingMail.objects.exclude(user=None).count() == 1
    assert OutgoingMail.objects.count() == 3  # the same work, whoever bears the number


def test_mail_of_a_number_without_account_is_sent_to_nobody_and_forgotten(
    client, monkeypatch, mailoutbox, django_capture_on_commit_callbacks
):
    monkeypatch.setattr(access, "RESET_SECONDS", 0)

    with django_capture_on_commit_callbacks(execute=True):
        client.post(RESET, {"nir": make_nir().value})

    assert mailoutbox == []
    assert not OutgoingMail.objects.exists()


def test_forgotten_password_takes_the_same_time_with_and_without_account(client, monkeypatch):
    monkeypatch.setattr(access, "RESET_SECONDS", 0.2)
    for nir in (UserFactory().titulaire.nir, make_nir()):
        start = time.monotonic()
        client.post(RESET, {"nir": nir.value})
        assert time.monotonic() - start >= 0.2


def test_forgotten_password_computes_no_hash(client, monkeypatch):
    monkeypatch.setattr(access, "RESET_SECONDS", 0)
    user = UserFactory()

    with counted_hashes() as count:
        client.post(RESET, {"nir": user.titulaire.nir.value})
        client.post(RESET, {"nir": make_nir().value})

    assert count.hashes == 0
