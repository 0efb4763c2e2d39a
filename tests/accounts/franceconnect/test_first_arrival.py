import pytest
from django.core import mail

from accounts.models import (
    EventKind,
    FranceConnectLink,
    FranceConnectStep,
    IdentityLevel,
    User,
)
from tests.accounts.franceconnect.steps import (
    ACCOUNT,
    IDENTITY,
    RETURN,
    START,
    arrive,
    come_back,
    contact,
    give_number,
    is_signed_in,
)
from tests.accounts.pages import text_of
from tests.factories import TitulaireFactory, UserFactory, make_nir

pytestmark = pytest.mark.django_db


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


def test_first_arrival_creates_a_verified_account_without_password(client, provider):
    nir = make_nir()
    assert come_back(client, provider).headers["Location"] == IDENTITY
    page = text_of(client.get(IDENTITY))
    assert "EXEMPLE" in page
    assert "12 mai 1985" in page
    assert "Féminin" in page
    assert "Hors de France" in page

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
