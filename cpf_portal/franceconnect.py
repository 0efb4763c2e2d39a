"""The settings of FranceConnect, from the environment."""

from typing import Any

from cpf_portal.env import PortalEnv

# The provider of the demonstration, cpf_portal/demo/franceconnect: known to everybody, refused in production.
PLAYED_PATH = "/demo/franceconnect"
PLAYED_CLIENT = {
    "client_id": "portail-de-demonstration",
    "client_secret": "secret-de-demonstration-sans-valeur",
}
SCOPES = ["openid", "identite_pivot", "preferred_username", "email"]
_ENDPOINTS = {
    "authorization_endpoint": "FRANCECONNECT_AUTHORIZATION_URL",
    "token_endpoint": "FRANCECONNECT_TOKEN_URL",
    "userinfo_endpoint": "FRANCECONNECT_USERINFO_URL",
    "end_session_endpoint": "FRANCECONNECT_LOGOUT_URL",
    "jwks_uri": "FRANCECONNECT_JWKS_URL",
}


def franceconnect_settings(
    env: PortalEnv, *, is_played: bool, site_url: str
) -> dict[str, Any] | None:
    """Return settings.FRANCECONNECT: None where no client id says that FranceConnect is there.

    With `is_played` and no client id, the provider of the demonstration at `site_url` is used.
    """
    client = {
        "client_id": env.str("FRANCECONNECT_CLIENT_ID", default=""),
        "client_secret": env.str("FRANCECONNECT_CLIENT_SECRET", default=""),
        "issuer": env.str("FRANCECONNECT_ISSUER", default=""),
    }
    if not client["client_id"]:
        if not is_played:
            return None
        client = PLAYED_CLIENT | {"issuer": site_url + PLAYED_PATH}
    return client | _ways(env)


def _ways(env: PortalEnv) -> dict[str, Any]:
    endpoints = {name: env.str(variable, default="") for name, variable in _ENDPOINTS.items()}
    return {
        "endpoints": {name: url for name, url in endpoints.items() if url},
        "acr": env.str("FRANCECONNECT_ACR", default="eidas1"),
        "scopes": tuple(env.list("FRANCECONNECT_SCOPES", default=SCOPES)),
        "algorithms": tuple(env.list("FRANCECONNECT_ALGORITHMS", default=["ES256", "RS256"])),
        "takes_pkce": env.bool("FRANCECONNECT_PKCE", default=False),
        "decryption_key_file": env.str("FRANCECONNECT_DECRYPTION_KEY_FILE", default=""),
    }
