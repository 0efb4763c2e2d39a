"""What production refuses: each fault is one French sentence that names the setting to mend."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.fernet import Fernet
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from django.core.exceptions import ImproperlyConfigured

from cpf_portal.franceconnect import PLAYED_CLIENT, PLAYED_PATH

MIN_SECRET_LENGTH = 50
SIGNATURES, SHARED_SECRET = {"ES256", "RS256"}, {"HS256"}
LEVELS = {"eidas1", "eidas2", "eidas3"}
INDEX_KEY_BYTES = 32
SIMULATED_PAYMENTS = ("demonstration", "rights.dossiers.simulated.SimulatedPayments")


def refuse_unsafe_settings(settings: Mapping[str, Any]) -> None:
    """Raise ImproperlyConfigured with one sentence, the first fault found in `settings`."""
    for sentence in faults(settings):
        raise ImproperlyConfigured(sentence)


def faults(settings: Mapping[str, Any]) -> Iterator[str]:
    """Yield a sentence for each unsafe value of a production's settings."""
    yield from _key_faults(settings)
    yield from _site_faults(settings)
    yield from _mail_faults(settings)
    yield from franceconnect_faults(settings)
    if settings["DEBUG"]:
        yield "DEBUG doit rester désactivé en production."
    if settings["CAPTCHA_TEST_MODE"]:
        yield (
            "CAPTCHA_TEST_MODE doit rester désactivé en production : "
            "il ouvre l’inscription aux robots."
        )
    if settings["PORTAL_CARD_PAYMENTS"] in SIMULATED_PAYMENTS:
        yield (
            "PORTAL_CARD_PAYMENTS ne peut être le paiement simulé en production\u00a0: "
            "personne ne serait payé."
        )


def _key_faults(settings: Mapping[str, Any]) -> Iterator[str]:
    secret = settings["SECRET_KEY"]
    if len(secret) < MIN_SECRET_LENGTH or len(set(secret)) < 5 or _is_development(secret, settings):
        yield f"SECRET_KEY doit être une valeur aléatoire d’au moins {MIN_SECRET_LENGTH} caractères."
    keys = settings["NIR_ENCRYPTION_KEYS"]
    if not keys or settings["DEVELOPMENT_FERNET_KEY"] in keys or not all(map(_is_fernet_key, keys)):
        yield (
            "NIR_ENCRYPTION_KEYS doit contenir au moins une clé Fernet "
            "(32 octets aléatoires en base64 url)."
        )
    for name in ("NIR_INDEX_KEY", "AUDIT_KEY"):
        if not _is_index_key(settings[name]):
            yield f"{name} doit contenir {INDEX_KEY_BYTES} octets aléatoires en hexadécimal."
    if settings["AUDIT_KEY"] == settings["NIR_INDEX_KEY"]:
        yield "AUDIT_KEY doit être une clé à part, et non celle de NIR_INDEX_KEY."


def _site_faults(settings: Mapping[str, Any]) -> Iterator[str]:
    hosts = settings["ALLOWED_HOSTS"]
    if not hosts or "*" in hosts:
        yield "ALLOWED_HOSTS doit nommer les hôtes du portail, sans joker."
    site = urlsplit(settings["SITE_URL"])
    if site.scheme != "https" or not site.hostname:
        yield "SITE_URL doit être l’adresse publique du portail et commencer par https://."


def _mail_faults(settings: Mapping[str, Any]) -> Iterator[str]:
    if not settings["EMAIL_URL"]:
        yield "EMAIL_URL doit désigner le serveur de courriel du portail."
    if "@" not in settings["DEFAULT_FROM_EMAIL"]:
        yield "DEFAULT_FROM_EMAIL doit être l’adresse qui envoie les courriels du portail."


def franceconnect_faults(settings: Mapping[str, Any]) -> Iterator[str]:
    """Yield a sentence for each setting of FranceConnect that would let nobody in, or the wrong people."""
    provider = settings["FRANCECONNECT"]
    if provider is None:
        if settings["PORTAL_SPENDING_REQUIRES"] == "identity":
            yield (
                "PORTAL_SPENDING_REQUIRES ne peut valoir identity sans FRANCECONNECT_CLIENT_ID\u00a0: "
                "personne ne pourrait utiliser ses droits."
            )
        return
    if provider["client_id"] == PLAYED_CLIENT["client_id"]:
        yield "FRANCECONNECT_CLIENT_ID doit être le vôtre, et non celui de la démonstration."
    if not provider["client_secret"]:
        yield "FRANCECONNECT_CLIENT_SECRET doit être le secret remis par FranceConnect."
    issuer = urlsplit(provider["issuer"])
    if issuer.scheme != "https" or not issuer.hostname or PLAYED_PATH in issuer.path:
        yield "FRANCECONNECT_ISSUER doit être l’adresse de FranceConnect et commencer par https://."
    if any(not url.startswith("https://") for url in provider["endpoints"].values()):
        yield "FRANCECONNECT_AUTHORIZATION_URL et les autres adresses doivent commencer par https://."
    if provider["endpoints"] and not _has_endpoints(provider):
        yield (
            "FRANCECONNECT_TOKEN_URL et les autres adresses vont ensemble\u00a0: "
            "donnez-les toutes, ou aucune."
        )
    button = settings["FRANCECONNECT_BUTTON"]
    if button and not (settings["STATICFILES_DIRS"][0] / button).is_file():
        yield "FRANCECONNECT_BUTTON doit nommer un fichier du dossier static/."
    yield from _asked_faults(provider)


def _asked_faults(provider: Mapping[str, Any]) -> Iterator[str]:
    """What would refuse every person who comes back, or believe who should not be."""
    algorithms = set(provider["algorithms"])
    if not algorithms or not (algorithms <= SIGNATURES or algorithms == SHARED_SECRET):
        yield "FRANCECONNECT_ALGORITHMS doit nommer ES256, RS256 ou, pour la version 1, HS256 seul."
    if provider["acr"] not in LEVELS:
        yield "FRANCECONNECT_ACR doit valoir eidas1, eidas2 ou eidas3."
    if not {"openid", "identite_pivot"} <= set(provider["scopes"]):
        yield "FRANCECONNECT_SCOPES doit demander au moins openid et identite_pivot."
    if provider["decryption_key_file"] and not _is_private_key(provider["decryption_key_file"]):
        yield (
            "FRANCECONNECT_DECRYPTION_KEY_FILE doit désigner une clé privée lisible "
            "(PEM, EC ou RSA, sans mot de passe)."
        )


def _has_endpoints(provider: Mapping[str, Any]) -> bool:
    needed = {"authorization_endpoint", "token_endpoint", "userinfo_endpoint"}
    if provider["algorithms"] != ("HS256",):
        needed.add("jwks_uri")
    return needed <= provider["endpoints"].keys()


def _is_private_key(path: str) -> bool:
    try:
        key = load_pem_private_key(Path(path).read_bytes(), password=None)
    except (OSError, ValueError, TypeError, UnsupportedAlgorithm):
        return False
    return isinstance(key, RSAPrivateKey | EllipticCurvePrivateKey)


def _is_development(secret: str, settings: Mapping[str, Any]) -> bool:
    return settings["DEVELOPMENT_KEY"] in secret


def _is_fernet_key(key: str) -> bool:
    try:
        Fernet(key)
    except ValueError:
        return False
    return True


def _is_index_key(key: str) -> bool:
    try:
        raw = bytes.fromhex(key)
    except ValueError:
        return False
    return len(raw) >= INDEX_KEY_BYTES and len(set(raw)) > 4
