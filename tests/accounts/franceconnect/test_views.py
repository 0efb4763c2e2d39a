import logging

import pytest
from django.core import mail
from django.core.cache import cache
from django.db import connection

from accounts.franceconnect import client as oidc
from accounts.franceconnect import http
from accounts.models import (
    AccountEvent,
    EventKind,
    FranceConnectLink,
    FranceConnectStep,
    IdentityLevel,
    Titulaire,
    User,
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
from tests.accounts.pages import sign_in, text_of
from tests.factories import PASSWORD, TitulaireFactory, UserFactory, make_nir
from tests.html import GuardedClient

pytestmark = pytest.mark.django_db
NAME = "Exemple"


def is_signed_in(client, user):
    return client.session.get("_auth_user_id") == str(user.pk)


def unverified(nir, **fields):
    return UserFactory(titulaire__nir=nir, titulaire__birth_name=NAME, **fields)


# --- The button -----------------------------------------------------------------------------------


def test_button_leads_to_the_explanation_while_nothing_is_configured(client, settings):
    assert settings.FRANCECONNECT is None

    assert "FranceConnect n’est pas encore disponible" in text_of(client.get("/franceconnect/"))
    assert START not in text_of(client.get("/inscription/"))
    assert "FranceConnect" not in text_of(client.get("/connexion/"))
    assert client.get(START).headers["Location"] == "/franceconnect/"
    assert client.get(RETURN).headers["Location"] == "/franceconnect/"


@pytest.mark.parametrize("path", ["/inscription/", "/connexion/", "/franceconnect/"])
def test_button_leads_to_the_provider_once_it_is_configured(client, provider, path):
    text = text_of(client.get(path))

    assert f'href="{START}"' in text
    assert "Qu’est-ce que FranceConnect\u00a0?" in text


def test_official_picture_is_the_operators(client, provider, settings):
    settings.FRANCECONNECT_BUTTON = "img/logo.svg"

    assert 'alt="S’identifier avec FranceConnect"' in text_of(client.get("/connexion/"))


def test_departure_keeps_where_the_person_was_going(client, provider):
    assert "next=/mes-droits/" in text_of(client.get("/connexion/?next=/mes-droits/"))
    response = come_back(client, provider, {"next": "/mes-droits/"})
    assert response.headers["Location"] == IDENTITY

    nir = make_nir()
    give_number(client, nir)

    assert client.post(ACCOUNT, contact()).headers["Location"] == "/mes-droits/"


@pytest.mark.parametrize(
    "target", ["https://mal.example.org/", "//mal.example.org", "javascript:1"]
)
def test_departure_forgets_an_address_elsewhere(client, provider, target):
    come_back(client, provider, {"next": target})
    give_number(client, make_nir())

    assert client.post(ACCOUNT, contact()).headers["Location"] == "/"


# --- First arrival --------------------------------------------------------------------------------


def test_first_arrival_creates_a_verified_account_without_password(client, provider):
    nir = make_nir()
    assert come_back(client, provider).headers["Location"] == IDENTITY
    page = text_of(client.get(IDENTITY))
    assert "EXEMPLE" in page
    assert "12 mai 1985" in page

    assert give_number(client, nir).headers["Location"] == ACCOUNT
    form = text_of(client.get(ACCOUNT))
    assert 'value="camille.exemple@example.org"' in form
    assert nir.value not in form
    response = client.post(ACCOUNT, contact())

    user = User.objects.get()
    assert response.headers["Location"] == "/"
    assert is_signed_in(client, user)
    assert not user.has_usable_password()
    assert user.has_confirmed_email
    assert user.titulaire.nir == nir
    assert user.titulaire.birth_name == "EXEMPLE"
    assert user.titulaire.identity_level == IdentityLevel.VERIFIED
    assert user.cgu_version
    link = user.franceconnect_link
    assert (link.issuer, link.sub, link.acr) == (provider.issuer, provider.sub, "eidas1")
    assert [event.kind for event in user.events.exclude(kind=EventKind.SIGNED_IN)] == [
        EventKind.FRANCECONNECT_CREATED
    ]
    assert mail.outbox == []
    assert not FranceConnectStep.objects.exists()


def test_first_arrival_joins_the_rights_that_the_register_knows(client, provider):
    titulaire = TitulaireFactory(birth_name="Éxemple")

    arrive(client, provider, titulaire.nir)

    assert User.objects.get().titulaire == titulaire
    titulaire.refresh_from_db()
    assert (titulaire.birth_name, titulaire.identity_level) == ("EXEMPLE", IdentityLevel.VERIFIED)


def test_address_that_the_person_changes_has_to_be_confirmed(
    client, provider, django_capture_on_commit_callbacks
):
    come_back(client, provider)
    give_number(client, make_nir())
    with django_capture_on_commit_callbacks(execute=True):
        client.post(ACCOUNT, contact(email="autre@example.org"))

    user = User.objects.get()
    assert not user.has_confirmed_email
    assert user.titulaire.identity_level == IdentityLevel.VERIFIED
    assert [message.to for message in mail.outbox] == [["autre@example.org"]]


def test_address_kept_in_another_case_is_kept(client, provider):
    arrive(client, provider, make_nir(), email="Camille.Exemple@Example.org")

    assert User.objects.get().has_confirmed_email


def test_identity_without_address_asks_for_one(client, provider):
    provider.person["email"] = "n’importe quoi"
    come_back(client, provider)
    give_number(client, make_nir())

    assert "donnée par FranceConnect" not in text_of(client.get(ACCOUNT))
    client.post(ACCOUNT, contact())
    assert not User.objects.get().has_confirmed_email


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"phone_mobile": ""}, "au moins un numéro de téléphone"),
        ({"cgu": ""}, "Cochez la case"),
        ({"email": "x"}, "adresse de courriel complète"),
    ],
)
def test_contact_that_misses_something_is_asked_again(client, provider, changes, words):
    come_back(client, provider)
    give_number(client, make_nir())

    response = client.post(ACCOUNT, contact(**changes))

    assert response.status_code == 422
    assert words in text_of(response)
    assert not User.objects.exists()


@pytest.mark.parametrize(
    "start", ["1850599998", "2860599998", "2850699998", "2850599997", "2850575112", "8850599998"]
)
def test_number_of_somebody_else_is_refused_in_one_sentence(client, provider, start):
    come_back(client, provider)

    response = give_number(client, nir := make_nir(start=start))

    assert response.status_code == 422
    assert "ne correspond pas à l’identité" in text_of(response)
    assert nir.value not in text_of(response)
    assert client.get(ACCOUNT).headers["Location"] == IDENTITY


@pytest.mark.parametrize("has_account", [True, False])
def test_number_under_another_name_is_refused_in_the_same_sentence(client, provider, has_account):
    titulaire = TitulaireFactory(birth_name="Autre")
    if has_account:
        UserFactory(titulaire=titulaire)
    come_back(client, provider)

    response = give_number(client, titulaire.nir)

    assert response.status_code == 422
    assert "ne correspond pas à l’identité" in text_of(response)
    assert not FranceConnectLink.objects.exists()


@pytest.mark.parametrize(("key", "words"), [("", "la clé"), ("00", "La clé ne correspond pas")])
def test_key_is_asked_for(client, provider, key, words):
    come_back(client, provider)

    response = give_number(client, make_nir(), key=key)

    assert response.status_code == 422
    assert words in text_of(response)


def test_search_for_a_number_is_limited(client, provider):
    come_back(client, provider)
    wrong = make_nir(start="1850599998")

    statuses = [give_number(client, wrong).status_code for _ in range(6)]

    assert statuses == [422] * 5 + [429]


def test_right_number_is_not_counted(client, provider):
    come_back(client, provider)
    nir = make_nir()

    assert [give_number(client, nir).status_code for _ in range(7)] == [302] * 7


# --- Who was here before --------------------------------------------------------------------------


def test_second_arrival_opens_the_account_at_once(client, provider):
    arrive(client, provider, make_nir())
    user = User.objects.get()
    other = GuardedClient()

    response = come_back(other, provider, {"next": "/mes-droits/"})

    assert response.headers["Location"] == "/mes-droits/"
    assert is_signed_in(other, user)


def test_person_is_found_by_her_name_at_the_provider_even_when_her_identity_changed(
    client, provider
):
    arrive(client, provider, make_nir())
    provider.person["family_name"] = "AUTRE"

    assert come_back(GuardedClient(), provider).headers["Location"] == "/"


def test_same_name_at_another_provider_is_another_person(client, provider):
    arrive(client, provider, make_nir())
    FranceConnectLink.objects.update(issuer="https://autre.example.org")

    assert come_back(GuardedClient(), provider).headers["Location"] == IDENTITY


def test_blocked_account_says_what_to_do(client, provider):
    arrive(client, provider, make_nir())
    User.objects.update(is_active=False)
    other = GuardedClient()

    response = come_back(other, provider)

    assert response.status_code == 403
    assert "Ce compte est bloqué" in text_of(response)
    assert "_auth_user_id" not in other.session


def test_existing_account_is_joined_with_its_password(client, provider):
    user = unverified(make_nir())
    come_back(client, provider)
    assert give_number(client, user.titulaire.nir).headers["Location"] == PROOF
    assert "Vous avez déjà un compte" in text_of(client.get(PROOF))

    response = client.post(PROOF, {"password": PASSWORD})

    assert response.headers["Location"] == "/"
    assert is_signed_in(client, user)
    user = User.objects.get()
    assert user.check_password(PASSWORD)
    assert user.titulaire.identity_level == IdentityLevel.VERIFIED
    assert user.franceconnect_link.sub == provider.sub


def test_wrong_password_joins_nothing(client, provider):
    user = unverified(make_nir())
    come_back(client, provider)
    give_number(client, user.titulaire.nir)

    response = client.post(PROOF, {"password": "Faux-passe-1"})

    assert response.status_code == 422
    assert "_auth_user_id" not in client.session
    assert not FranceConnectLink.objects.exists()


def test_guesses_of_the_password_are_limited_as_at_sign_in(client, provider):
    user = unverified(make_nir())
    come_back(client, provider)
    give_number(client, user.titulaire.nir)

    statuses = [client.post(PROOF, {"password": "Faux-passe-1"}).status_code for _ in range(6)]

    assert statuses == [422] * 5 + [429]


def test_existing_account_is_joined_by_nobody_without_a_proof(client, provider):
    user = unverified(make_nir())
    come_back(client, provider)
    give_number(client, user.titulaire.nir)

    response = client.post(ACCOUNT, contact())

    assert response.headers["Location"] == PROOF
    assert not FranceConnectLink.objects.exists()
    assert User.objects.get().check_password(PASSWORD)


# --- An account that nobody verified ----------------------------------------------------------------


def test_verified_person_takes_over_the_account_of_a_squatter(
    client, provider, django_capture_on_commit_callbacks
):
    squatted = unverified(
        make_nir(), email="squatteur@example.org", phone_mobile="+33639980099", city="Ailleurs"
    )
    squatter = GuardedClient()
    sign_in(squatter, squatted.titulaire.nir)
    assert squatter.get("/mon-compte/").status_code == 200
    come_back(client, provider)
    give_number(client, squatted.titulaire.nir)

    assert client.post(PROOF, {"take_over": "oui"}).headers["Location"] == ACCOUNT
    assert "Reprendre ce compte" in text_of(client.get(ACCOUNT))
    with django_capture_on_commit_callbacks(execute=True):
        client.post(ACCOUNT, contact())

    user = User.objects.get()
    assert user.pk == squatted.pk
    assert is_signed_in(client, user)
    assert not user.has_usable_password()
    assert (user.email, user.phone_mobile, user.city) == (
        "camille.exemple@example.org",
        "+33639980001",
        "",
    )
    assert user.has_confirmed_email
    assert user.titulaire.identity_level == IdentityLevel.VERIFIED
    assert squatter.get("/mon-compte/").status_code == 302
    assert sign_in(GuardedClient(), squatted.titulaire.nir).status_code == 422
    (notice,) = mail.outbox
    assert notice.to == ["squatteur@example.org"]
    assert "a repris le compte" in notice.body
    assert "EXEMPLE" not in notice.body
    assert AccountEvent.objects.filter(user=user, kind=EventKind.TAKEN_OVER).exists()


def test_account_that_somebody_verified_is_taken_over_by_nobody(client, provider):
    user = unverified(make_nir())
    Titulaire.objects.update(identity_level=IdentityLevel.VERIFIED)
    come_back(client, provider)
    give_number(client, user.titulaire.nir)

    assert "Reprendre ce compte" not in text_of(client.get(PROOF))
    response = client.post(PROOF, {"take_over": "oui"})

    assert response.status_code == 200
    assert "Vous avez déjà un compte" in text_of(response)
    assert User.objects.get().check_password(PASSWORD)


def test_account_verified_meanwhile_is_not_taken_over(client, provider):
    user = unverified(make_nir())
    come_back(client, provider)
    give_number(client, user.titulaire.nir)
    client.post(PROOF, {"take_over": "oui"})
    Titulaire.objects.update(identity_level=IdentityLevel.VERIFIED)

    assert client.post(ACCOUNT, contact()).headers["Location"] == PROOF
    assert User.objects.get().check_password(PASSWORD)


def test_blocked_account_is_not_taken_over(client, provider):
    user = unverified(make_nir(), is_active=False)
    come_back(client, provider)
    give_number(client, user.titulaire.nir)

    assert client.post(PROOF, {"take_over": "oui"}).status_code == 403
    assert not FranceConnectLink.objects.exists()


# --- Somebody who is signed in ----------------------------------------------------------------------


def test_signed_in_person_joins_her_account(client, provider):
    user = unverified(make_nir())
    client.force_login(user)

    response = come_back(client, provider)

    assert response.headers["Location"] == "/mon-compte/"
    assert User.objects.get().titulaire.identity_level == IdentityLevel.VERIFIED
    assert FranceConnectLink.objects.get().user == user


@pytest.mark.parametrize("claim", [{"family_name": "AUTRE"}, {"birthdate": "1985-06-12"}])
def test_signed_in_person_does_not_join_somebody_elses_identity(client, provider, claim):
    client.force_login(unverified(make_nir()))
    provider.person |= claim

    response = come_back(client, provider)

    assert response.status_code == 409
    assert not FranceConnectLink.objects.exists()
    assert Titulaire.objects.get().identity_level != IdentityLevel.VERIFIED


def test_identity_that_opens_another_account_is_not_joined(client, provider):
    arrive(GuardedClient(), provider, make_nir())
    user = unverified(make_nir())
    client.force_login(user)

    assert come_back(client, provider).status_code == 409
    assert is_signed_in(client, user)


def test_new_passage_of_a_joined_person_is_a_fresh_proof(client, provider):
    arrive(client, provider, make_nir())
    session = client.session
    del session["password_at"]
    session.save()

    assert come_back(client, provider).headers["Location"] == "/mon-compte/"
    assert client.session["password_at"]


# --- What must be refused ---------------------------------------------------------------------------


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
    monkeypatch.setattr(http, "TIMEOUT", 0.2)
    monkeypatch.setattr(oidc, "TIMEOUT", 0.2)
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


# --- What is kept -----------------------------------------------------------------------------------


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
        cursor.execute("SELECT session_data FROM django_session")
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
