"""A production's environment, made of keys drawn for the occasion."""

import os
import secrets

from cryptography.fernet import Fernet


def production_environment(**changes: str) -> dict[str, str]:
    """Return variables under which the portal starts in production, with `changes` (None removes)."""
    variables = {
        **os.environ,
        "PORTAL_ENV": "production",
        "SECRET_KEY": secrets.token_urlsafe(64),
        "NIR_ENCRYPTION_KEYS": Fernet.generate_key().decode(),
        "NIR_INDEX_KEY": secrets.token_hex(32),
        "AUDIT_KEY": secrets.token_hex(32),
        "ALLOWED_HOSTS": "portail.example.org",
        "SITE_URL": "https://portail.example.org",
        "EMAIL_URL": "smtp://127.0.0.1:25",
        "DEFAULT_FROM_EMAIL": "portail@example.org",
        **changes,
    }
    return {name: value for name, value in variables.items() if value is not None}
