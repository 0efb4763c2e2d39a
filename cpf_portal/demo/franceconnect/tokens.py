"""Codes, access tokens and signed tokens of the provider; a code serves once, within 30 seconds."""

import hashlib
import hmac
import secrets
import time
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings
from django.core.cache import cache
from joserfc import jwt
from joserfc.jwk import ECKey

from cpf_portal.demo.franceconnect.people import Citizen
from cpf_portal.demo.franceconnect.rules import Authorization, issuer
from cpf_portal.franceconnect import PLAYED_CLIENT

CODE_SECONDS, ACCESS_SECONDS, ID_TOKEN_SECONDS = 30, 60, 60
_ORDER_OF_P256 = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


@dataclass(frozen=True, slots=True)
class Grant:
    """Whom the person chose to be, for which request."""

    authorization: Authorization
    citizen: Citizen


def issue_code(grant: Grant) -> str:
    return _keep("code", grant, CODE_SECONDS)


def redeem_code(code: str) -> Grant | None:
    """Return what `code` stands for, once."""
    return _take("code", code)


def issue_access_token(grant: Grant) -> str:
    return _keep("access", grant, ACCESS_SECONDS)


def redeem_access_token(token: str) -> Grant | None:
    return cache.get(_key("access", token))


def id_token(grant: Grant) -> str:
    return sign(
        {
            "sub": grant.citizen.sub(PLAYED_CLIENT["client_id"]),
            "nonce": grant.authorization.nonce,
            "acr": grant.authorization.acr,
            "amr": ["pwd"],
            "auth_time": int(time.time()),
        }
    )


def userinfo(grant: Grant) -> str:
    """Return the signed claims that the scopes of the request let out."""
    told = grant.authorization.claims_of(grant.citizen.claims())
    return sign(told | {"sub": grant.citizen.sub(PLAYED_CLIENT["client_id"])})


def sign(claims: dict[str, Any]) -> str:
    now = int(time.time())
    ours = {
        "iss": issuer(),
        "aud": PLAYED_CLIENT["client_id"],
        "iat": now,
        "exp": now + ID_TOKEN_SECONDS,
    }
    key = signing_key()
    return jwt.encode({"alg": "ES256", "kid": key.kid}, claims | ours, key, algorithms=["ES256"])


def public_keys() -> dict[str, Any]:
    return {"keys": [signing_key().as_dict(private=False)]}


def signing_key() -> ECKey:
    """Return the key of this demonstration: the same in all its processes, made of its SECRET_KEY."""
    return _key_of(settings.SECRET_KEY)


@lru_cache(maxsize=2)
def _key_of(secret: str) -> ECKey:
    seed = hmac.new(secret.encode(), b"demo-franceconnect", hashlib.sha512).digest()
    number = int.from_bytes(seed, "big") % (_ORDER_OF_P256 - 1) + 1
    drawn = ec.derive_private_key(number, ec.SECP256R1())
    kid = hashlib.sha256(seed).hexdigest()[:16]
    return ECKey(drawn, drawn, {"kid": kid, "use": "sig", "alg": "ES256"})


def _keep(kind: str, grant: Grant, seconds: int) -> str:
    handle = secrets.token_urlsafe(32)
    cache.set(_key(kind, handle), grant, seconds)
    return handle


def _take(kind: str, handle: str) -> Grant | None:
    grant = cache.get(_key(kind, handle))
    return grant if cache.delete(_key(kind, handle)) else None


def _key(kind: str, handle: str) -> str:
    return f"demo-franceconnect-{kind}:{hashlib.sha256(handle.encode()).hexdigest()}"
