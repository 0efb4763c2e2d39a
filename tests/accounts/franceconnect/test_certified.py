"""The client against npm oidc-provider: certified, and the engine of FranceConnect."""

from urllib.parse import parse_qsl, urljoin, urlsplit

import pytest
import requests
from django.core.cache import cache
from joserfc.jwk import ECKey, RSAKey

from accounts.models import User
from tests.accounts.franceconnect.provider import PERSON
from tests.accounts.franceconnect.steps import ACCOUNT, RETURN, contact, give_number, leave
from tests.accounts.pages import text_of
from tests.e2e.certified import certified_provider, settings_of
from tests.factories import make_nir

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
SITE = "http://127.0.0.1:8000"


@pytest.fixture
def certified(settings, tmp_path):
    """Start the provider and set the portal for it; the options are those of `certified_provider`."""
    started = []

    def start(**options):
        settings.SITE_URL = SITE
        cache.clear()
        provider = certified_provider(PERSON, site_url=SITE, **options)
        issuer = provider.__enter__()
        started.append(provider)
        changes = {}
        if key := options.get("encryption_key"):
            (tmp_path / "cle.pem").write_bytes(key.as_pem(private=True))
            changes["decryption_key_file"] = str(tmp_path / "cle.pem")
        settings.FRANCECONNECT = settings_of(issuer, **changes)
        return issuer

    yield start
    for provider in started:
        provider.__exit__(None, None, None)


def answer_there(location, answer):
    """Be the browser at the provider; return the parameters with which it comes back."""
    browser = requests.Session()
    response = browser.get(location, timeout=5)
    assert "Fournisseur d’identité d’essai" in response.text
    response = browser.post(response.url, {"answer": answer}, allow_redirects=False, timeout=5)
    while not (target := response.headers["Location"]).startswith(SITE):
        response = browser.get(urljoin(response.url, target), allow_redirects=False, timeout=5)
    assert urlsplit(target).path == RETURN
    return dict(parse_qsl(urlsplit(target).query))


@pytest.mark.parametrize(
    ("signature", "make_key"),
    [
        ("ES256", None),
        ("ES256", lambda: ECKey.generate_key("P-256")),
        ("RS256", lambda: RSAKey.generate_key(2048)),
    ],
    ids=["ES256", "ES256 and ECDH-ES", "RS256 and RSA-OAEP"],
)
def test_person_arrives_and_leaves(client, certified, signature, make_key):
    issuer = certified(signature=signature, encryption_key=make_key and make_key())

    response = client.get(RETURN, answer_there(leave(client), "yes"))
    assert response.headers["Location"] == "/franceconnect/identite/"
    assert "EXEMPLE" in text_of(client.get("/franceconnect/identite/"))
    give_number(client, make_nir())
    client.post(ACCOUNT, contact())

    user = User.objects.get()
    assert user.franceconnect_link.issuer == issuer
    assert user.franceconnect_link.sub.endswith("v1")
    assert user.has_confirmed_email
    url = client.post("/deconnexion/").headers["Refresh"].removeprefix("0; url=")
    assert "/session/end/confirm" in requests.get(url, timeout=5).text


def test_person_who_refuses_comes_back_with_nothing(client, certified):
    certified()

    response = client.get(RETURN, answer_there(leave(client), "no"))

    assert response.status_code == 403
    assert "Vous n’avez pas terminé avec FranceConnect" in text_of(response)


def test_code_serves_once(client, certified):
    certified()
    back = answer_there(leave(client), "yes")
    client.get(RETURN, back)
    state = dict(parse_qsl(urlsplit(leave(client)).query))["state"]

    response = client.get(RETURN, back | {"state": state})

    assert response.status_code == 400
    assert "Le délai est passé" in text_of(response)
