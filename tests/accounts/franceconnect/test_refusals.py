import logging

import pytest
from django.core.cache import cache
from django.db import connection

from accounts.franceconnect import bounded
from accounts.models import (
    FranceConnectStep,
)
from tests.accounts.franceconnect.steps import (
    ACCOUNT,
    IDENTITY,
    PROOF,
    RETURN,
    START,
    arrive,
    come_back,
    contact,
    give_number,
    leave,
)
from tests.accounts.pages import text_of
from tests.factories import UserFactory, make_nir
from tests.html import GuardedClient

pytestmark = pytest.mark.django_db


def assert_refused(response, status, title):
    text = text_of(response)
    assert response.status_code == status
    assert title in text
    for way in ("/connexion/", "/inscription/", "/aide/"):
        assert way in text


def test_replayed_callback_is_refused(client, provider):
    back = provider.accept(leave(client))
    assert client.get(RETURN, back).status_code == 302

    assert_refused(client.get(RETURN, back), 400, "Votre demande n’a pas été retrouvée")


@pytest.mark.parametrize("state", ["", "forge", "x" * 43, "\x00"])
def test_forged_state_is_refused(client, provider, state):
    back = provider.accept(leave(client))

    assert_refused(
        client.get(RETURN, back | {"state": state}), 400, "Votre demande n’a pas été retrouvée"
    )


def test_callback_of_another_browser_is_refused(client, provider):
    mine, other = provider.accept(leave(client)), GuardedClient()
    leave(other)

    assert_refused(other.get(RETURN, mine), 400, "Votre demande n’a pas été retrouvée")
    assert client.get(RETURN, mine).headers["Location"] == IDENTITY


def test_code_of_another_request_is_refused(client, provider):
    """Swapped: the code of one person in the request of another carries the wrong nonce."""
    other = GuardedClient()
    mine, theirs = provider.accept(leave(client)), provider.accept(leave(other))

    response = client.get(RETURN, mine | {"code": theirs["code"]})

    assert_refused(response, 502, "La réponse n’a pas pu être vérifiée")


def test_expired_request_is_refused(client, provider, time_machine):
    back = provider.accept(leave(client))
    FranceConnectStep.objects.update(expires_at="2020-01-01T00:00:00Z")

    assert_refused(client.get(RETURN, back), 400, "Votre demande n’a pas été retrouvée")


def test_expired_code_is_refused(client, provider):
    back = provider.accept(leave(client))
    provider.codes.clear()

    assert_refused(client.get(RETURN, back), 400, "Le délai est passé")


def test_answer_of_another_issuer_is_refused(client, provider):
    response = come_back(client, provider, iss="https://mal.example.org")

    assert_refused(response, 502, "La réponse n’a pas pu être vérifiée")


@pytest.mark.parametrize(
    ("error", "status", "title"),
    [
        ("access_denied", 403, "Vous n’avez pas terminé avec FranceConnect"),
        ("server_error", 503, "FranceConnect ne répond pas"),
        ("temporarily_unavailable", 503, "FranceConnect ne répond pas"),
        ("<script>", 503, "FranceConnect ne répond pas"),
    ],
)
def test_error_of_the_provider_has_its_page(client, provider, error, status, title):
    state = provider.accept(leave(client))["state"]

    response = client.get(RETURN, {"error": error, "error_description": "x", "state": state})

    assert_refused(response, status, title)
    assert "<script>x" not in text_of(response)


def test_answer_without_code_has_its_page(client, provider):
    state = provider.accept(leave(client))["state"]

    assert_refused(client.get(RETURN, {"state": state}), 503, "FranceConnect ne répond pas")


def test_wrong_signature_and_level_have_their_pages(client, provider):
    provider.id_key = provider.new_key()
    assert_refused(come_back(client, provider), 502, "La réponse n’a pas pu être vérifiée")
    provider.id_key = None
    provider.id_changes = {"acr": "eidas0"}
    assert_refused(come_back(client, provider), 403, "Ce moyen d’identification ne suffit pas")


def test_provider_that_is_away_or_slow_has_its_page(client, provider, monkeypatch):
    monkeypatch.setattr(bounded, "SECONDS", 0.2)
    back = provider.accept(leave(client))
    provider.delay["/token"] = 10
    response = client.get(RETURN, back)
    assert_refused(response, 503, "FranceConnect ne répond pas")
    assert response.headers["Retry-After"] == "60"


def test_departure_while_the_provider_is_away_has_its_page(client, provider):
    provider.stop()

    assert_refused(client.get(START), 503, "FranceConnect ne répond pas")


@pytest.mark.parametrize("path", [IDENTITY, PROOF, ACCOUNT])
def test_page_without_identity_is_refused(client, provider, path):
    for response in (client.get(path), client.post(path, {})):
        assert_refused(response, 400, "Votre demande n’a pas été retrouvée")


def test_identity_of_another_session_is_not_seen(client, provider):
    come_back(client, provider)
    handle = client.session["franceconnect_identity"]
    thief = GuardedClient()
    leave(thief)
    session = thief.session
    session["franceconnect_identity"] = handle
    session.save()

    assert thief.get(IDENTITY).status_code == 400
    assert client.get(IDENTITY).status_code == 200


def test_request_of_a_visitor_does_not_serve_once_he_is_signed_in(client, provider):
    back = provider.accept(leave(client))
    client.force_login(UserFactory())

    assert client.get(RETURN, back).status_code == 400


def test_start_is_limited(client, provider):
    statuses = [client.get(START).status_code for _ in range(61)]

    assert statuses == [302] * 60 + [429]


@pytest.mark.parametrize("path", [START, RETURN])
def test_start_and_return_are_asked_by_get(client, provider, path):
    assert client.post(path).status_code == 405


def test_staff_do_not_enter_by_franceconnect(client, provider, sasha):
    client.force_login(sasha)

    assert client.get(START).headers["Location"] == "/franceconnect/"


def test_nothing_of_the_identity_stays_in_the_session_or_the_log(client, provider, caplog):
    caplog.set_level(logging.DEBUG)
    come_back(client, provider)
    give_number(client, make_nir(start="1850599998"))
    give_number(client, nir := make_nir())
    between = str(dict(client.session.items()))
    client.post(ACCOUNT, contact())
    after = str(dict(client.session.items()))
    provider.id_key = provider.new_key()
    come_back(GuardedClient(), provider)

    told = [provider.sub, "EXEMPLE", "Camille", "1985-05-12", "camille.exemple", nir.value]
    for text in (between, after, caplog.text):
        assert [word for word in told if word in text] == []
    with connection.cursor() as cursor:
        cursor.execute("SELECT session_data FROM accounts_storedsession")
        stored = str(cursor.fetchall())
    assert [word for word in told if word in stored] == []


def test_signing_out_leads_to_the_provider(client, provider):
    arrive(client, provider, make_nir())

    response = client.post("/deconnexion/")

    url = response.headers["Refresh"].removeprefix("0; url=")
    assert url.startswith(f"{provider.issuer}/logout?id_token_hint=")
    assert "Vous êtes déconnecté de ce site" in text_of(response)
    assert "_auth_user_id" not in client.session
    assert client.get("/franceconnect/au-revoir/").headers["Location"] == "/"


def test_signing_out_waits_for_nobody(client, provider):
    arrive(client, provider, make_nir())
    provider.stop()
    cache.clear()

    response = client.post("/deconnexion/")

    assert response.headers["Location"] == "/"
    assert "_auth_user_id" not in client.session


def test_who_came_with_a_password_signs_out_here_alone(client, provider, camille):
    client.force_login(camille)

    assert client.post("/deconnexion/").headers["Location"] == "/"
