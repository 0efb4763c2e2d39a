"""npm `oidc-provider`, started on the loopback for one test and ended with it."""

import json
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from joserfc.jwk import ECKey, RSAKey

from tests.net import free_port

HERE = Path(__file__).parent
CLIENT_ID, CLIENT_SECRET = "portail-d-essai", "secret-d-essai-de-plus-de-32-caracteres"


@contextmanager
def certified_provider(
    person: dict, *, site_url: str, signature: str = "ES256", encryption_key=None
) -> Iterator[str]:
    """Start the provider that knows `person`; yield its issuer, and stop it.

    `encryption_key` (a public EC or RSA key) makes it encrypt the userinfo that it signs.
    """
    port = free_port()
    options = {
        "port": port,
        "person": person,
        "client": _client(site_url, signature, encryption_key),
        "signingKey": _signing_key(signature),
    }
    process = subprocess.Popen(
        ["node", "oidc_provider.mjs"],
        cwd=HERE,
        env={**os.environ, "OIDC": json.dumps(options), "NODE_NO_WARNINGS": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        line = process.stdout.readline().strip()
        while line and line != "ready":
            line = process.stdout.readline().strip()
        assert line == "ready", process.stderr.read()
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.communicate(timeout=10)


def settings_of(issuer: str, **changes) -> dict:
    """Return settings.FRANCECONNECT for the provider at `issuer`."""
    return {
        "client_id": CLIENT_ID,
        "client_secret": CLIENT_SECRET,
        "issuer": issuer,
        "endpoints": {},
        "acr": "eidas1",
        "scopes": ("openid", "identite_pivot", "email"),
        "algorithms": ("ES256", "RS256"),
        "takes_pkce": False,
        "decryption_key_file": "",
        **changes,
    }


def _client(site_url, signature, encryption_key):
    client = {
        "client_id": CLIENT_ID,
        "client_secret": CLIENT_SECRET,
        "redirect_uris": [f"{site_url}/franceconnect/retour/"],
        "post_logout_redirect_uris": [f"{site_url}/franceconnect/au-revoir/"],
        "response_types": ["code"],
        "grant_types": ["authorization_code"],
        "subject_type": "pairwise",
        "token_endpoint_auth_method": "client_secret_post",
        "id_token_signed_response_alg": signature,
        "userinfo_signed_response_alg": signature,
    }
    if encryption_key is None:
        return client
    algorithm = "ECDH-ES" if isinstance(encryption_key, ECKey) else "RSA-OAEP"
    public = encryption_key.as_dict(private=False) | {
        "use": "enc",
        "alg": algorithm,
        "kid": "chiffre",
    }
    return client | {
        "userinfo_encrypted_response_alg": algorithm,
        "userinfo_encrypted_response_enc": "A256GCM",
        "jwks": {"keys": [public]},
    }


def _signing_key(signature):
    parameters = {"use": "sig", "alg": signature, "kid": "signe"}
    key = (
        ECKey.generate_key("P-256", auto_kid=False)
        if signature == "ES256"
        else RSAKey.generate_key(2048, auto_kid=False)
    )
    return key.as_dict(private=True) | parameters
