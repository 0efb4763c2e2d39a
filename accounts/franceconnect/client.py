"""OpenID Connect with FranceConnect, authorization code: there and back.

Only the parameters that FranceConnect lists are sent. https://docs.partenaires.franceconnect.gouv.fr
"""

import json
import secrets
from dataclasses import dataclass
from typing import Any

from authlib.common.errors import AuthlibBaseError
from authlib.integrations.requests_client import OAuth2Session
from django.conf import settings
from django.urls import reverse
from django.utils.http import urlencode

from accounts.franceconnect.bounded import bound
from accounts.franceconnect.config import Provider
from accounts.franceconnect.exceptions import FranceConnectError, Reason
from accounts.franceconnect.http import fetch_text, told_unavailable
from accounts.franceconnect.identity import Identity
from accounts.franceconnect.tokens import SHARED_SECRET, is_token, read_token

SECRET_BYTES = 32  # 43 characters: FranceConnect wants 22 at least


@dataclass(frozen=True, slots=True)
class Request:
    """What one departure drew, to be compared at the return; the verifier is "" without PKCE."""

    nonce: str
    verifier: str


@dataclass(frozen=True, slots=True)
class Arrival:
    """Who came back, and the token that will close the session at the provider."""

    identity: Identity
    id_token: str


def new_request() -> Request:
    """Draw the nonce, and the verifier where the provider takes PKCE."""
    verifier = (
        secrets.token_urlsafe(SECRET_BYTES * 2) if Provider.from_settings().takes_pkce else ""
    )
    return Request(nonce=secrets.token_urlsafe(SECRET_BYTES), verifier=verifier)


def authorization_url(*, state: str, request: Request, is_proof: bool = False) -> str:
    """Return where the browser goes. Raises FranceConnectError when the provider is away.

    With `is_proof` the person identifies herself anew, even if the provider still knows her browser.
    """
    provider = Provider.from_settings()
    prompt = {"prompt": "login"} if is_proof else {}
    url, _ = _session(provider).create_authorization_url(
        provider.url("authorization_endpoint"),
        state=state,
        nonce=request.nonce,
        acr_values=provider.acr,
        code_verifier=request.verifier or None,
        **prompt,
    )
    return url


def arrival(*, code: str, request: Request) -> Arrival:
    """Return who comes with `code`. Raises FranceConnectError, whose reason says what to tell her."""
    provider = Provider.from_settings()
    tokens = _exchange(provider, code, request)
    id_token, access_token = tokens.get("id_token"), tokens.get("access_token")
    if not isinstance(id_token, str) or not isinstance(access_token, str):
        raise FranceConnectError(Reason.UNTRUSTED, "token missing")
    proof = read_token(
        provider,
        id_token,
        exp={"essential": True},
        iat={"essential": True},
        nonce={"essential": True, "value": request.nonce},
        sub={"essential": True},
    )
    acr = str(proof.get("acr", ""))
    if not provider.is_sure_enough(acr):
        raise FranceConnectError(Reason.LEVEL)
    claims = _userinfo(provider, access_token, sub=proof["sub"])
    identity = Identity.from_claims(claims, issuer=provider.issuer, acr=acr)
    return Arrival(identity=identity, id_token=id_token)


def logout_url(id_token: str) -> str:
    """Return where the browser closes its session at the provider, "" if it has no such page.

    Raises FranceConnectError when the provider is away.
    """
    endpoint = Provider.from_settings().url("end_session_endpoint")
    if not endpoint:
        return ""
    parameters = {
        "id_token_hint": id_token,
        "post_logout_redirect_uri": settings.SITE_URL + reverse("accounts:franceconnect_left"),
        "state": secrets.token_urlsafe(SECRET_BYTES),
    }
    return f"{endpoint}?{urlencode(parameters)}"


def _session(provider: Provider) -> OAuth2Session:
    # The address is the one declared to FranceConnect: made of SITE_URL, never of the request.
    session = OAuth2Session(
        client_id=provider.client_id,
        client_secret=provider.client_secret,
        token_endpoint_auth_method="client_secret_post",  # noqa: S106 the name of a method
        scope=" ".join(provider.scopes),
        redirect_uri=settings.SITE_URL + reverse("accounts:franceconnect_callback"),
        code_challenge_method="S256" if provider.takes_pkce else None,
    )
    bound(session)
    return session


def _exchange(provider: Provider, code: str, request: Request) -> dict[str, Any]:
    extra = {"code_verifier": request.verifier} if request.verifier else {}
    with told_unavailable():
        try:
            return _session(provider).fetch_token(
                provider.url("token_endpoint"),
                grant_type="authorization_code",
                code=code,
                allow_redirects=False,
                **extra,
            )
        except AuthlibBaseError as error:
            reason = Reason.EXPIRED if error.error == "invalid_grant" else Reason.UNAVAILABLE
            raise FranceConnectError(reason, safe_word(error.error)) from None


def _userinfo(provider: Provider, access_token: str, *, sub: str) -> dict[str, Any]:
    """Return the claims of the person, who must be the one of the id_token."""
    body = fetch_text(provider.url("userinfo_endpoint"), token=access_token)
    if is_token(body):
        claims = read_token(provider, body.strip(), sub={"essential": True})
    else:
        claims = _unsigned(provider, body)
    if claims.get("sub") != sub:
        raise FranceConnectError(Reason.UNTRUSTED, "sub")
    return claims


def _unsigned(provider: Provider, body: str) -> dict[str, Any]:
    """Version 1 of the service signs no userinfo: there, and only there, plain JSON will do."""
    if provider.algorithms != (SHARED_SECRET,):
        raise FranceConnectError(Reason.UNTRUSTED, "userinfo not signed")
    try:
        claims = json.loads(body)
    except ValueError:
        raise FranceConnectError(Reason.UNTRUSTED, "userinfo") from None
    return claims if isinstance(claims, dict) else {}


def safe_word(text: object) -> str:
    """Return an error code as it may be logged."""
    word = str(text)
    return word if word.isascii() and word.replace("_", "").isalnum() and len(word) < 40 else "?"
