"""Signed, and perhaps encrypted, tokens: whose they are, for whom, until when.

A token is believed only if one of the keys that the provider publishes signed it, with an algorithm
of the settings; the keys are asked for once more when none of those in memory fits.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from django.core.cache import cache
from joserfc import jwe, jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, KeySet, OctKey, RSAKey
from joserfc.util import urlsafe_b64decode

from accounts.franceconnect.config import CACHE_SECONDS, Provider
from accounts.franceconnect.exceptions import FranceConnectError, Reason
from accounts.franceconnect.http import fetch_json

# Algorithms whose signature only the provider can make.
KEY_TYPES = {"EC", "RSA"}
LEEWAY = 10  # seconds by which two clocks may differ
SHARED_SECRET = "HS256"  # noqa: S105 an algorithm: version 1 of the service; its key is the client secret
ENCRYPTIONS = ["RSA-OAEP", "RSA-OAEP-256", "ECDH-ES", "A256GCM"]
FAULTS = (JoseError, ValueError, TypeError, KeyError)


def read_token(provider: Provider, token: str, **expected: Any) -> dict[str, Any]:
    """Return the claims of `token`, once its signature, issuer, audience, dates and `expected` are right.

    `expected` names claims as joserfc's registry does. Raises FranceConnectError (UNTRUSTED, or
    UNAVAILABLE when the keys cannot be had).
    """
    try:
        claims = _signed_claims(provider, _opened(provider, token))
        registry = jwt.JWTClaimsRegistry(
            leeway=LEEWAY,
            iss={"essential": True, "value": provider.issuer},
            aud={"essential": True, "value": provider.client_id},
            **expected,
        )
        registry.validate(claims)
    except FAULTS as error:
        raise FranceConnectError(Reason.UNTRUSTED, _kind(error)) from None
    _check_party(provider, claims)
    return claims


def is_token(text: str) -> bool:
    """Tell whether `text` has the shape of a signed or of an encrypted token."""
    return text.count(".") in {2, 4} and not text.lstrip().startswith("{")


def _check_party(provider: Provider, claims: Mapping[str, Any]) -> None:
    """A token for several services must name the one that asked (OpenID Connect Core, 3.1.3.7)."""
    audience = claims["aud"]
    is_shared = isinstance(audience, list) and len(audience) > 1
    if is_shared and claims.get("azp") != provider.client_id:
        raise FranceConnectError(Reason.UNTRUSTED, "azp")


def _opened(provider: Provider, token: str) -> str:
    """Return the signed token, out of the encrypted one that may hold it."""
    if token.count(".") != 4:
        return token
    # The provider repeats iss and aud in the header of an encrypted token.
    registry = jwe.JWERegistry(algorithms=ENCRYPTIONS, strict_check_header=False)
    opened = jwe.decrypt_compact(token, _decryption_key(provider), registry=registry)
    if opened.plaintext is None:
        raise ValueError("empty")
    return opened.plaintext.decode()


def _decryption_key(provider: Provider) -> RSAKey | ECKey:
    try:
        text = Path(provider.decryption_key_file).read_text(encoding="utf-8")
    except OSError:
        raise FranceConnectError(
            Reason.UNAVAILABLE, "FRANCECONNECT_DECRYPTION_KEY_FILE cannot be read"
        ) from None
    key = serialization.load_pem_private_key(text.encode(), password=None)
    return (RSAKey if isinstance(key, rsa.RSAPrivateKey) else ECKey).import_key(text)


def _signed_claims(provider: Provider, token: str) -> dict[str, Any]:
    algorithm = json.loads(urlsafe_b64decode(token.split(".")[0].encode())).get("alg")
    if algorithm not in provider.algorithms:
        raise ValueError("algorithm")
    if algorithm == SHARED_SECRET:
        key = OctKey.import_key(provider.client_secret)
        return jwt.decode(token, key, algorithms=[SHARED_SECRET]).claims
    keys, is_fresh = _keys(provider)
    try:
        return jwt.decode(token, keys, algorithms=[algorithm]).claims
    except FAULTS:
        if is_fresh:
            raise
    return jwt.decode(token, _fetched_keys(provider), algorithms=[algorithm]).claims


def _keys(provider: Provider) -> tuple[KeySet, bool]:
    """Return the keys of the provider, and whether they were asked for just now."""
    kept = cache.get(_cache_key(provider))
    if kept is None:
        return _fetched_keys(provider), True
    return KeySet.import_key_set(kept), False


def _fetched_keys(provider: Provider) -> KeySet:
    published = fetch_json(provider.url("jwks_uri"))
    signing = [key for key in published["keys"] if key.get("kty") in KEY_TYPES]
    keys = KeySet.import_key_set({"keys": signing})
    cache.set(_cache_key(provider), {"keys": signing}, CACHE_SECONDS)
    return keys


def _cache_key(provider: Provider) -> str:
    return f"franceconnect-keys:{provider.issuer}"


def _kind(error: Exception) -> str:
    """Return what may be logged of a fault: its kind and the name of a claim, never a value."""
    return f"{type(error).__name__} {getattr(error, 'claim', '')}".strip()
