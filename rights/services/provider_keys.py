"""Keys of the providers' software: made once, kept as a keyed hash, revoked for good."""

import secrets
from datetime import date, datetime, timedelta

from django.db import models, transaction

from accounts.crypto import blind_index
from accounts.models import User
from catalogue.models import Provider
from rights.models.provider_key import ProviderCall, ProviderKey, Scope

# « mcf_ », eight characters that name the key, « _ », 43 that open (256 bits).
MARK = "mcf"
PREFIX_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
PREFIX_LENGTH = 8
SECRET_BYTES = 32
TEXT_MAX_LENGTH = 80
# The moment of the last use is for people: it is not written at each call.
TOUCHED_EVERY = timedelta(minutes=1)


def make_provider_key(
    *,
    provider: Provider,
    label: str,
    scopes: list[Scope],
    expires_on: date,
    author: User | None,
    prefix: str = "",
) -> tuple[ProviderKey, str]:
    """Make a key for the software `label` of `provider`; return it with its text, to be shown once.

    `expires_on` is its last day. A form that may be posted twice gives its own `prefix`. Raises
    ValidationError (in French) when it allows nothing, or when the prefix has served.
    """
    prefix = prefix or new_prefix()
    text = f"{MARK}_{prefix}_{secrets.token_urlsafe(SECRET_BYTES)}"
    key = ProviderKey(
        provider=provider,
        label=label.strip(),
        prefix=prefix,
        secret_hash=_hash(text),
        expires_on=expires_on,
        author=author,
        **{scope.value: scope in scopes for scope in Scope},
    )
    key.full_clean(exclude=["provider", "author"])
    key.save()
    return key, text


def new_prefix() -> str:
    """Return eight characters that name a key and open nothing."""
    return "".join(secrets.choice(PREFIX_ALPHABET) for _ in range(PREFIX_LENGTH))


def revoke_provider_key(*, key: ProviderKey, author: User, now: datetime) -> bool:
    """Refuse every later call with `key`; False when it was revoked already."""
    living = ProviderKey.objects.filter(pk=key.pk, revoked_at=None)
    return bool(living.update(revoked_at=now, revoked_by=author))


def find_provider_key(*, text: str, now: datetime) -> ProviderKey | None:
    """Return the usable key whose text this is, with its provider; None for any other text."""
    if not text.startswith(f"{MARK}_") or len(text) > TEXT_MAX_LENGTH:
        return None
    usable = ProviderKey.objects.usable(now).select_related("provider")
    return usable.filter(secret_hash=_hash(text)).first()


@transaction.atomic
def record_provider_call(
    *, key: ProviderKey, operation: str, status: int, now: datetime
) -> ProviderCall:
    """Note that `operation` answered `status`, and when the key last served."""
    stale = models.Q(last_used_at=None) | models.Q(last_used_at__lt=now - TOUCHED_EVERY)
    ProviderKey.objects.filter(stale, pk=key.pk).update(last_used_at=now)
    return ProviderCall.objects.create(key=key, operation=operation, status=status, called_at=now)


def _hash(text: str) -> str:
    return blind_index(text, purpose="provider-key")
