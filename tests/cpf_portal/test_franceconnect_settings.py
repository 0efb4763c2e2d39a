"""What production refuses of FranceConnect; that it ends the start is shown in test_production.py."""

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from django.conf import settings

from cpf_portal import production
from cpf_portal.env import PortalEnv
from cpf_portal.franceconnect import franceconnect_settings

SITE = "https://portail.example.org"
SOUND = {
    "FRANCECONNECT_CLIENT_ID": "portail",
    "FRANCECONNECT_CLIENT_SECRET": "secret-remis-par-franceconnect",
    "FRANCECONNECT_ISSUER": "https://idp.example.org/api/v2",
    "FRANCECONNECT_BUTTON": "",
}
ENDPOINTS = {
    f"FRANCECONNECT_{name}_URL": f"https://idp.example.org/{name}"
    for name in ("AUTHORIZATION", "TOKEN", "USERINFO", "JWKS")
}


@pytest.fixture
def faults(monkeypatch):
    """Return a function: the faults of FranceConnect in these variables of the environment."""

    def read(**variables: str) -> list[str]:
        for name, value in (SOUND | variables).items():
            monkeypatch.setenv(name, value)
        provider = franceconnect_settings(PortalEnv(), is_played=False, site_url=SITE)
        values = {
            "FRANCECONNECT": provider,
            "FRANCECONNECT_BUTTON": (SOUND | variables)["FRANCECONNECT_BUTTON"],
            "PORTAL_SPENDING_REQUIRES": "email",
            "STATICFILES_DIRS": settings.STATICFILES_DIRS,
        }
        return list(production.franceconnect_faults(values))

    return read


def pem(folder, key) -> str:
    path = folder / "cle.pem"
    path.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return str(path)


@pytest.mark.parametrize(
    "variables",
    [
        {},
        {"FRANCECONNECT_ALGORITHMS": "HS256"},
        {"FRANCECONNECT_ALGORITHMS": "RS256", "FRANCECONNECT_ACR": "eidas3"},
        {"FRANCECONNECT_BUTTON": "img/logo.svg"},
        ENDPOINTS,
    ],
)
def test_sound_settings_are_accepted(faults, variables):
    assert faults(**variables) == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("FRANCECONNECT_CLIENT_ID", "portail-de-demonstration"),
        ("FRANCECONNECT_CLIENT_SECRET", ""),
        ("FRANCECONNECT_ISSUER", ""),
        ("FRANCECONNECT_ISSUER", "http://idp.example.org"),
        ("FRANCECONNECT_ISSUER", f"{SITE}/demo/franceconnect"),
        ("FRANCECONNECT_AUTHORIZATION_URL", "http://idp.example.org/authorize"),
        ("FRANCECONNECT_TOKEN_URL", "https://idp.example.org/token"),
        ("FRANCECONNECT_ALGORITHMS", "none"),
        ("FRANCECONNECT_ALGORITHMS", "ES256,HS256"),
        ("FRANCECONNECT_ACR", "eidas9"),
        ("FRANCECONNECT_SCOPES", "openid,email"),
        ("FRANCECONNECT_DECRYPTION_KEY_FILE", "/nulle/part.pem"),
        ("FRANCECONNECT_BUTTON", "img/absente.svg"),
    ],
)
def test_setting_that_would_fail_or_deceive_is_named(faults, name, value):
    found = faults(**{name: value})

    assert found[0].startswith(f"{name} ")


def test_key_of_the_userinfo_is_one_that_opens_it(faults, tmp_path):
    name = "FRANCECONNECT_DECRYPTION_KEY_FILE"

    assert faults(**{name: pem(tmp_path, ec.generate_private_key(ec.SECP256R1()))}) == []
    assert faults(**{name: pem(tmp_path, ed25519.Ed25519PrivateKey.generate())})
