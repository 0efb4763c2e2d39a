"""The NIR at rest: encrypted for reading, indexed by a keyed hash for look-ups."""

import hmac
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import models


@lru_cache(maxsize=4)
def _box(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in keys])


def encrypt(text: str) -> str:
    """Return `text` encrypted by the first of NIR_ENCRYPTION_KEYS; twice the same text differs."""
    return _box(tuple(settings.NIR_ENCRYPTION_KEYS)).encrypt(text.encode()).decode()


def decrypt(token: str) -> str:
    """Return the text of `token`. Raises ImproperlyConfigured when no key opens it."""
    try:
        return _box(tuple(settings.NIR_ENCRYPTION_KEYS)).decrypt(token.encode()).decode()
    except InvalidToken:
        raise ImproperlyConfigured(
            "NIR_ENCRYPTION_KEYS ne contient pas la clé qui a chiffré les numéros de cette base."
        ) from None


def seal(content: bytes) -> bytes:
    """Return a file encrypted as the numbers are: it may show one, as payslips do."""
    return _box(tuple(settings.NIR_ENCRYPTION_KEYS)).encrypt(content)


def open_sealed(content: bytes) -> bytes:
    """Return the file that `seal` encrypted. Raises ImproperlyConfigured when no key opens it."""
    try:
        return _box(tuple(settings.NIR_ENCRYPTION_KEYS)).decrypt(content)
    except InvalidToken:
        raise ImproperlyConfigured(
            "NIR_ENCRYPTION_KEYS ne contient pas la clé qui a chiffré ce fichier."
        ) from None


def blind_index(text: str, *, purpose: str) -> str:
    """Return the 64 hexadecimal characters by which `text` is found; worth the secrecy of NIR_INDEX_KEY."""
    key = bytes.fromhex(settings.NIR_INDEX_KEY)
    return hmac.digest(key, f"{purpose}\0{text}".encode(), "sha256").hex()


def audit_digest(text: str, *, purpose: str) -> str:
    """Return the 64 hexadecimal characters that seal `text`; nobody without AUDIT_KEY can make them."""
    key = bytes.fromhex(settings.AUDIT_KEY)
    return hmac.digest(key, f"{purpose}\0{text}".encode(), "sha256").hex()


class EncryptedTextField(models.TextField):
    """Text that is encrypted in the database and cannot be searched there."""

    def get_prep_value(self, value):
        value = super().get_prep_value(value)
        return value if value is None else encrypt(value)

    def from_db_value(self, value, expression, connection):
        return value if value is None else decrypt(value)

    def get_lookup(self, lookup_name):
        return super().get_lookup(lookup_name) if lookup_name == "isnull" else None
