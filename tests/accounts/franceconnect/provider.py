"""A provider on the loopback that lies on demand: each test says what it answers."""

import json
import secrets
import threading
import time
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from joserfc import jwe, jwt
from joserfc.jwk import ECKey, OctKey

CLIENT = {
    "client_id": "portail-d-essai",
    "client_secret": "secret-d-essai-de-plus-de-32-caracteres",
}
# « Born abroad, country 998 » is nobody's: the identity of tests.factories.make_nir().
PERSON = {
    "given_name": "Camille Lou",
    "family_name": "EXEMPLE",
    "gender": "female",
    "birthdate": "1985-05-12",
    "birthplace": "",
    "birthcountry": "99998",
    "email": "camille.exemple@example.org",
}


class FakeProvider:
    """`start()`, then change what it says: `id_claims`, `info_claims`, `key`, `published`, `delay`…"""

    def __init__(self):
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self.issuer = f"http://127.0.0.1:{self.server.server_port}"
        self.key = self.new_key()
        self.published = [self.key]
        self.sub = secrets.token_hex(32) + "v1"
        self.person = dict(PERSON)
        self.id_changes, self.info_changes = {}, {}
        self.id_key = self.info_key = None
        self.algorithm = "ES256"
        self.encryption_key = None
        self.is_plain = False
        self.token_error = ""
        self.delay, self.status = {}, {}
        self.nonces, self.codes, self.calls, self.posted = {}, {}, Counter(), []
        self.released = threading.Event()

    @staticmethod
    def new_key():
        return ECKey.generate_key(
            "P-256", {"kid": secrets.token_hex(8), "use": "sig"}, auto_kid=False
        )

    def start(self):
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()

    def stop(self):
        self.released.set()
        self.server.shutdown()
        self.server.server_close()

    def settings(self, **changes):
        return {
            **CLIENT,
            "issuer": self.issuer,
            "endpoints": {},
            "acr": "eidas1",
            "scopes": ("openid", "identite_pivot", "email"),
            "algorithms": ("ES256", "RS256"),
            "takes_pkce": False,
            "decryption_key_file": "",
            **changes,
        }

    def accept(self, location: str, **answer: str) -> dict[str, str]:
        """Be the person who says yes at `location`; return the parameters of the return."""
        query = {name: values[0] for name, values in parse_qs(urlsplit(location).query).items()}
        code = secrets.token_urlsafe(16)
        self.codes[code] = query["nonce"]
        return {"code": code, "state": query["state"], "iss": self.issuer, **answer}

    # --- what it answers ------------------------------------------------------------------------

    def discovery(self):
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "userinfo_endpoint": f"{self.issuer}/userinfo",
            "end_session_endpoint": f"{self.issuer}/logout",
            "jwks_uri": f"{self.issuer}/jwks",
        }

    def token(self, form):
        self.posted.append(form)
        nonce = self.codes.pop(form.get("code", ""), None)
        if self.token_error or nonce is None:
            return {"error": self.token_error or "invalid_grant"}
        claims = self._common() | {"nonce": nonce, "acr": "eidas1", "sub": self.sub}
        return {
            "access_token": secrets.token_urlsafe(16),
            "token_type": "Bearer",
            "expires_in": 60,
            "id_token": self._signed(claims, self.id_changes, self.id_key),
        }

    def userinfo(self):
        claims = self._common() | self.person | {"sub": self.sub}
        if self.is_plain:
            return json.dumps(_changed(claims, self.info_changes))
        token = self._signed(claims, self.info_changes, self.info_key)
        if self.encryption_key is None:
            return token
        header = {"alg": "ECDH-ES", "enc": "A256GCM", "cty": "JWT"}
        return jwe.encrypt_compact(header, token, self.encryption_key)

    def _common(self):
        now = int(time.time())
        return {"iss": self.issuer, "aud": CLIENT["client_id"], "iat": now, "exp": now + 60}

    def _signed(self, claims, changes, key):
        if self.algorithm == "HS256":
            key = OctKey.import_key(CLIENT["client_secret"])
            return jwt.encode({"alg": "HS256"}, _changed(claims, changes), key)
        key = key or self.key
        return jwt.encode({"alg": "ES256", "kid": key.kid}, _changed(claims, changes), key)


def _changed(claims, changes):
    """Return `claims` with `changes`; None takes a claim away."""
    return {name: value for name, value in (claims | changes).items() if value is not None}


def _handler(provider):
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            path = urlsplit(self.path).path
            answers = {
                "/.well-known/openid-configuration": provider.discovery,
                "/jwks": lambda: {
                    "keys": [key.as_dict(private=False) for key in provider.published]
                },
                "/userinfo": provider.userinfo,
            }
            self.answer(path, answers[path]())

        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            form = {name: values[0] for name, values in parse_qs(body).items()}
            answer = provider.token(form)
            self.answer("/token", answer, 400 if "error" in answer else 200)

        def answer(self, path, content, status=200):
            provider.calls[path] += 1
            if wait := provider.delay.get(path):
                provider.released.wait(wait)
            text = content if isinstance(content, str) else json.dumps(content)
            try:
                self.send_response(provider.status.get(path, status))
                self.send_header("Content-Length", str(len(text.encode())))
                self.end_headers()
                self.wfile.write(text.encode())
            except OSError:
                pass  # the client did not wait

        def log_message(self, *args):
            pass

    return Handler
