import subprocess
import sys
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.cache import cache
from joserfc import jwt
from joserfc.jwk import KeySet

from accounts.franceconnect.identity import Identity
from accounts.franceconnect.matching import is_number_of, is_same_name
from cpf_portal.demo.franceconnect.people import CITIZENS
from cpf_portal.franceconnect import PLAYED_CLIENT
from tests.accounts.pages import text_of
from tests.html import GuardedClient
from tests.production import production_environment

BASE = "/demo/franceconnect"
SITE = "http://127.0.0.1:8000"
ASKED = {
    "client_id": PLAYED_CLIENT["client_id"],
    "redirect_uri": f"{SITE}/franceconnect/retour/",
    "response_type": "code",
    "scope": "openid identite_pivot preferred_username email",
    "state": "e" * 43,
    "nonce": "n" * 22,
    "acr_values": "eidas1",
}
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh():
    cache.clear()


def ask(client, **changes):
    query = {name: value for name, value in (ASKED | changes).items() if value is not None}
    return client.get(f"{BASE}/authorize", query)


def choose(client, slug="martin", **changes):
    """Choose a person; return the parameters of the return."""
    response = client.post(f"{BASE}/authorize", {"person": slug}, query_params=ASKED | changes)
    target = urlsplit(response.headers["Location"])
    assert f"{target.scheme}://{target.netloc}{target.path}" == ASKED["redirect_uri"]
    return {name: values[0] for name, values in parse_qs(target.query).items()}


def exchange(client, code, /, **changes):
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": ASKED["redirect_uri"],
        **PLAYED_CLIENT,
    }
    return client.post(f"{BASE}/token", form | changes)


def read(client, token):
    keys = KeySet.import_key_set(client.get(f"{BASE}/jwks").json())
    return jwt.decode(token, keys, algorithms=["ES256"])


def userinfo(client, token):
    return client.get(f"{BASE}/userinfo", headers={"authorization": f"Bearer {token}"})


def test_request_that_follows_the_rules_shows_five_people(client):
    text = text_of(ask(client))

    assert len(CITIZENS) == 5
    for person in CITIZENS:
        assert person.entry.birth_name in text


@pytest.mark.parametrize(
    "changes",
    [
        {"nonce": "n" * 21},
        {"nonce": None},
        {"state": None},
        {"code_challenge": "x" * 43},
        {"login_hint": "quelqu’un"},
        {"prompt": "none"},
        {"response_type": "token"},
        {"scope": "openid phone"},
        {"scope": "email"},
        {"acr_values": None},
        {"acr_values": "eidas9"},
    ],
    ids=str,
)
def test_request_that_breaks_a_rule_comes_back_with_an_error(client, changes):
    response = ask(client, **changes)

    answer = parse_qs(urlsplit(response.headers["Location"]).query)
    assert response.headers["Location"].startswith(ASKED["redirect_uri"])
    assert answer["error"][0] in {
        "invalid_request",
        "invalid_scope",
        "unsupported_response_type",
    }
    assert "code" not in answer


def test_repeated_parameter_comes_back_with_an_error(client):
    response = client.get(f"{BASE}/authorize", {**ASKED, "nonce": ["n" * 22, "m" * 22]})

    assert "error=invalid_request" in response.headers["Location"]


@pytest.mark.parametrize(
    "changes",
    [
        {"client_id": "un-autre"},
        {"redirect_uri": "https://mal.example.org/"},
        {"redirect_uri": f"{SITE}/franceconnect/retour/?x=1"},
        {"redirect_uri": None},
    ],
    ids=str,
)
def test_request_of_an_unknown_service_is_sent_nowhere(client, changes):
    response = ask(client, **changes)

    assert response.status_code == 400
    assert "Demande refusée" in text_of(response)


@pytest.mark.parametrize("person", CITIZENS, ids=lambda person: person.slug)
def test_person_is_told_by_signed_tokens_and_matches_her_number(client, person):
    back = choose(client, person.slug)
    assert (back["state"], back["iss"]) == (ASKED["state"], f"{SITE}{BASE}")
    tokens = exchange(client, back["code"]).json()

    proof = read(client, tokens["id_token"])
    told = read(client, userinfo(client, tokens["access_token"]).content.decode())

    assert proof.header["alg"] == "ES256"
    assert proof.claims["nonce"] == ASKED["nonce"]
    assert (proof.claims["acr"], proof.claims["aud"]) == ("eidas1", PLAYED_CLIENT["client_id"])
    assert proof.claims["sub"] == told.claims["sub"]
    assert len(proof.claims["sub"]) == 66
    identity = Identity.from_claims(told.claims, issuer=proof.claims["iss"], acr="eidas1")
    assert is_number_of(person.entry.nir, identity)
    assert is_same_name(person.entry.birth_name, identity.birth_name)
    assert person.entry.nir.value not in str(told.claims)


def test_scopes_limit_what_is_told(client):
    code = choose(client, scope="openid")["code"]
    tokens = exchange(client, code).json()

    told = read(client, userinfo(client, tokens["access_token"]).content.decode())

    assert told.claims.keys() == {"sub", "iss", "aud", "iat", "exp"}


def test_lowest_of_several_levels_is_given(client):
    code = choose(client, acr_values="eidas2 eidas1")["code"]

    assert read(client, exchange(client, code).json()["id_token"]).claims["acr"] == "eidas1"


def test_refusal_comes_back_as_such(client):
    assert choose(client, "personne")["error"] == "access_denied"


def test_code_serves_once(client):
    code = choose(client)["code"]

    assert exchange(client, code).status_code == 200
    assert exchange(client, code).json() == {"error": "invalid_grant"}


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"client_secret": "faux"}, "invalid_client"),
        ({"client_id": "un-autre"}, "invalid_client"),
        ({"redirect_uri": "https://mal.example.org/"}, "invalid_grant"),
        ({"grant_type": "password"}, "unsupported_grant_type"),
        ({"code": "invente"}, "invalid_grant"),
    ],
)
def test_exchange_that_breaks_a_rule_is_refused(client, changes, error):
    assert exchange(client, choose(client)["code"], **changes).json() == {"error": error}


def test_exchange_needs_no_csrf_token_for_it_has_a_secret():
    strict = GuardedClient(enforce_csrf_checks=True)
    code = choose(GuardedClient())["code"]

    assert exchange(strict, code).status_code == 200


@pytest.mark.parametrize("token", ["", "invente"])
def test_access_token_that_nobody_gave_is_refused(client, token):
    assert userinfo(client, token).status_code == 401


def test_leaving_comes_back_to_the_portal_alone(client):
    back = client.get(
        f"{BASE}/session/end",
        {"post_logout_redirect_uri": f"{SITE}/franceconnect/au-revoir/", "state": "s"},
    )
    away = client.get(
        f"{BASE}/session/end", {"post_logout_redirect_uri": "https://mal.example.org/"}
    )

    assert back.headers["Location"] == f"{SITE}/franceconnect/au-revoir/?state=s"
    assert away.status_code == 400


def test_discovery_names_the_issuer_and_its_addresses(client):
    told = client.get(f"{BASE}/.well-known/openid-configuration").json()

    assert told["issuer"] == f"{SITE}{BASE}"
    for name in ("authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri"):
        assert told[name].startswith(told["issuer"])


def test_development_offers_it_at_once_and_production_has_no_such_address(tmp_path):
    script = (
        "import django; django.setup();"
        "from django.conf import settings; from django.urls import resolve, Resolver404\n"
        "try: resolve('/demo/franceconnect/authorize'); there = True\n"
        "except Resolver404: there = False\n"
        "print(there, settings.FRANCECONNECT and settings.FRANCECONNECT['issuer'])"
    )

    def run(**changes):
        environment = production_environment(
            VAR_DIR=str(tmp_path), DJANGO_SETTINGS_MODULE="cpf_portal.settings", **changes
        )
        done = subprocess.run(
            [sys.executable, "-c", script],
            env=environment,
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout.strip()

    assert run(PORTAL_ENV="development", SITE_URL=SITE) == f"True {SITE}{BASE}"
    assert run() == "False None"
