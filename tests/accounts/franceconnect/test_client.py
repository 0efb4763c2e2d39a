import secrets
import time
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.cache import cache
from joserfc.jwk import ECKey

from accounts.franceconnect import bounded, client
from accounts.franceconnect.exceptions import FranceConnectError, Reason

# What FranceConnect lists; it refuses all the rest, PKCE and login_hint included.
LISTED = {
    "client_id", "acr_values", "claims", "response_type", "nonce", "state", "redirect_uri", "scope",
    "prompt", "idp_hint", "ui_locales",
}  # fmt: skip


def arrive(provider, **answer):
    """Go there and come back; return the arrival."""
    asked = client.new_request()
    location = client.authorization_url(state="etat-d-essai-assez-long", request=asked)
    return client.arrival(code=provider.accept(location, **answer)["code"], request=asked)


def refusal(provider):
    with pytest.raises(FranceConnectError) as caught:
        arrive(provider)
    return caught.value.reason


def test_departure_sends_only_what_franceconnect_lists(provider, settings):
    settings.SITE_URL = "https://portail.example.org"
    asked = client.new_request()

    url = urlsplit(client.authorization_url(state="s" * 43, request=asked))
    query = parse_qs(url.query)

    assert f"{url.scheme}://{url.netloc}{url.path}" == f"{provider.issuer}/authorize"
    assert query.keys() <= LISTED
    assert query == {
        "response_type": ["code"],
        "client_id": ["portail-d-essai"],
        "redirect_uri": ["https://portail.example.org/franceconnect/retour/"],
        "scope": ["openid identite_pivot email"],
        "state": ["s" * 43],
        "nonce": [asked.nonce],
        "acr_values": ["eidas1"],
    }
    assert len(asked.nonce) >= 22


def test_departure_sends_pkce_where_a_setting_says_so(provider, settings):
    settings.FRANCECONNECT = provider.settings(takes_pkce=True)
    asked = client.new_request()

    query = parse_qs(urlsplit(client.authorization_url(state="s" * 43, request=asked)).query)
    client.arrival(
        code=provider.accept("?" + f"nonce={asked.nonce}&state=s")["code"], request=asked
    )

    assert query["code_challenge_method"] == ["S256"]
    assert 43 <= len(provider.posted[0]["code_verifier"]) <= 128


def test_arrival_tells_the_identity(provider):
    arrival = arrive(provider)

    assert arrival.identity.sub == provider.sub
    assert arrival.identity.issuer == provider.issuer
    assert arrival.identity.birth_name == "EXEMPLE"
    assert arrival.identity.sex == "F"
    assert arrival.id_token.count(".") == 2
    assert "EXEMPLE" not in repr(arrival.identity) + str(arrival.identity)


def test_exchange_posts_the_secret_and_the_exact_address(provider):
    arrive(provider)

    (form,) = provider.posted
    assert form["client_secret"] == "secret-d-essai-de-plus-de-32-caracteres"
    assert form["redirect_uri"].endswith("/franceconnect/retour/")
    assert "code_verifier" not in form


@pytest.mark.parametrize(
    ("where", "changes", "reason"),
    [
        ("id", {"iss": "https://mal.example.org"}, Reason.UNTRUSTED),
        ("id", {"iss": None}, Reason.UNTRUSTED),
        ("id", {"aud": "un-autre"}, Reason.UNTRUSTED),
        ("id", {"aud": ["portail-d-essai", "un-autre"]}, Reason.UNTRUSTED),
        ("id", {"aud": None}, Reason.UNTRUSTED),
        ("id", {"exp": 1_700_000_000}, Reason.UNTRUSTED),
        ("id", {"exp": None}, Reason.UNTRUSTED),
        ("id", {"iat": 4_000_000_000}, Reason.UNTRUSTED),
        ("id", {"nonce": "n" * 43}, Reason.UNTRUSTED),
        ("id", {"nonce": None}, Reason.UNTRUSTED),
        ("id", {"sub": None}, Reason.UNTRUSTED),
        ("id", {"sub": "une-autre-personne"}, Reason.UNTRUSTED),
        ("id", {"acr": "eidas0"}, Reason.LEVEL),
        ("id", {"acr": None}, Reason.LEVEL),
        ("info", {"sub": "une-autre-personne"}, Reason.UNTRUSTED),
        ("info", {"sub": None}, Reason.UNTRUSTED),
        ("info", {"iss": "https://mal.example.org"}, Reason.UNTRUSTED),
        ("info", {"aud": "un-autre"}, Reason.UNTRUSTED),
        ("info", {"exp": 1_700_000_000}, Reason.UNTRUSTED),
        ("info", {"family_name": None}, Reason.INCOMPLETE),
        ("info", {"family_name": "<b>"}, Reason.INCOMPLETE),
        ("info", {"gender": "unspecified"}, Reason.INCOMPLETE),
        ("info", {"birthdate": "12/05/1985"}, Reason.INCOMPLETE),
        ("info", {"birthdate": None}, Reason.INCOMPLETE),
        ("info", {"birthcountry": None}, Reason.INCOMPLETE),
        ("info", {"birthcountry": "99100"}, Reason.INCOMPLETE),  # in France, and no commune
    ],
)
def test_token_that_lies_is_refused(provider, where, changes, reason):
    setattr(provider, f"{where}_changes", changes)

    assert refusal(provider) is reason


def test_audience_of_several_that_names_us_is_accepted(provider):
    provider.id_changes = {"aud": ["portail-d-essai", "un-autre"], "azp": "portail-d-essai"}

    assert arrive(provider).identity.sub == provider.sub


@pytest.mark.parametrize(
    ("asked", "given"), [("eidas1", "eidas2"), ("eidas2", "eidas3"), ("x", "x")]
)
def test_surer_level_than_asked_is_accepted(provider, settings, asked, given):
    settings.FRANCECONNECT = provider.settings(acr=asked)
    provider.id_changes = {"acr": given}

    assert arrive(provider).identity.acr == given


def test_less_sure_level_than_asked_is_refused(provider, settings):
    settings.FRANCECONNECT = provider.settings(acr="eidas2")

    assert refusal(provider) is Reason.LEVEL


@pytest.mark.parametrize("where", ["id", "info"])
def test_token_signed_by_a_stranger_is_refused(provider, where):
    stranger = provider.new_key()
    setattr(provider, f"{where}_key", stranger)

    assert refusal(provider) is Reason.UNTRUSTED


@pytest.mark.parametrize("where", ["id", "info"])
def test_token_signed_by_a_stranger_under_our_key_name_is_refused(provider, where):
    stranger = ECKey.generate_key("P-256", {"kid": provider.key.kid}, auto_kid=False)
    setattr(provider, f"{where}_key", stranger)

    assert refusal(provider) is Reason.UNTRUSTED


@pytest.mark.parametrize("algorithm", ["none", "HS256"])
def test_algorithm_that_is_not_in_the_settings_is_refused(provider, algorithm):
    provider.algorithm = algorithm
    if algorithm == "none":
        provider._signed = lambda claims, changes, key: "eyJhbGciOiJub25lIn0.e30."

    assert refusal(provider) is Reason.UNTRUSTED


def test_shared_secret_of_version_1_is_accepted_where_the_settings_say_so(provider, settings):
    settings.FRANCECONNECT = provider.settings(algorithms=("HS256",))
    provider.algorithm, provider.is_plain = "HS256", True

    assert arrive(provider).identity.birth_name == "EXEMPLE"


def test_unsigned_userinfo_is_refused(provider):
    provider.is_plain = True

    assert refusal(provider) is Reason.UNTRUSTED


def test_keys_are_asked_for_once_and_once_more_when_they_changed(provider):
    arrive(provider)
    arrive(provider)
    assert provider.calls["/jwks"] == 1

    provider.key = provider.new_key()
    provider.published = [provider.key]
    arrive(provider)

    assert provider.calls["/jwks"] == 2


def test_keys_are_asked_for_once_more_and_no_more_when_no_key_fits(provider):
    arrive(provider)
    provider.id_key = provider.new_key()

    assert refusal(provider) is Reason.UNTRUSTED
    assert provider.calls["/jwks"] == 2


def test_discovery_is_read_once(provider):
    arrive(provider)
    arrive(provider)

    assert provider.calls["/.well-known/openid-configuration"] == 1


def test_discovery_of_another_issuer_is_refused(provider):
    provider.discovery = lambda: {"issuer": "https://mal.example.org"}

    assert refusal(provider) is Reason.UNTRUSTED


def test_explicit_endpoints_need_no_discovery(provider, settings):
    settings.FRANCECONNECT = provider.settings(endpoints=provider.discovery())

    arrive(provider)

    assert provider.calls["/.well-known/openid-configuration"] == 0


def test_encrypted_userinfo_is_opened_with_the_key_of_the_settings(provider, settings, tmp_path):
    key = ECKey.generate_key("P-256")
    (tmp_path / "cle.pem").write_bytes(key.as_pem(private=True))
    settings.FRANCECONNECT = provider.settings(decryption_key_file=str(tmp_path / "cle.pem"))
    provider.encryption_key = key

    assert arrive(provider).identity.birth_name == "EXEMPLE"


def test_encrypted_userinfo_for_somebody_else_is_refused(provider, settings, tmp_path):
    ours, others = ECKey.generate_key("P-256"), ECKey.generate_key("P-256")
    (tmp_path / "cle.pem").write_bytes(ours.as_pem(private=True))
    settings.FRANCECONNECT = provider.settings(decryption_key_file=str(tmp_path / "cle.pem"))
    provider.encryption_key = others

    assert refusal(provider) is Reason.UNTRUSTED


@pytest.mark.parametrize(
    ("error", "reason"),
    [("invalid_grant", Reason.EXPIRED), ("invalid_client", Reason.UNAVAILABLE)],
)
def test_refusal_of_the_code_says_why(provider, error, reason):
    provider.token_error = error

    assert refusal(provider) is reason


@pytest.mark.parametrize(
    "path", ["/.well-known/openid-configuration", "/token", "/userinfo", "/jwks"]
)
def test_provider_in_trouble_is_unavailable(provider, path):
    provider.status[path] = 500

    assert refusal(provider) is Reason.UNAVAILABLE


def test_provider_that_is_away_is_unavailable(provider):
    provider.stop()
    cache.clear()

    assert refusal(provider) is Reason.UNAVAILABLE


@pytest.mark.parametrize(
    "path", ["/.well-known/openid-configuration", "/token", "/userinfo", "/jwks"]
)
def test_slow_provider_is_given_up(provider, path, monkeypatch):
    monkeypatch.setattr(bounded, "SECONDS", 0.2)
    provider.delay[path] = 10
    start = time.monotonic()

    assert refusal(provider) is Reason.UNAVAILABLE
    assert time.monotonic() - start < 8  # it would have taken 10


def test_logout_gives_the_token_and_where_to_come_back(provider, settings):
    settings.SITE_URL = "https://portail.example.org"

    url = urlsplit(client.logout_url("jeton"))
    query = parse_qs(url.query)

    assert url.path == "/logout"
    assert query["id_token_hint"] == ["jeton"]
    assert query["post_logout_redirect_uri"] == [
        "https://portail.example.org/franceconnect/au-revoir/"
    ]
    assert len(query["state"][0]) >= 22


@pytest.mark.parametrize("code", ["bon_code", "mal\n", "é", "x" * 80])
def test_error_code_of_the_provider_never_writes_what_it_wants_into_the_log(code):
    assert client.safe_word(code) in {"bon_code", "?"}


def test_code_that_nobody_gave_is_refused(provider):
    with pytest.raises(FranceConnectError) as caught:
        client.arrival(code=secrets.token_urlsafe(8), request=client.new_request())

    assert caught.value.reason is Reason.EXPIRED
