"""From one page to the next: what has to be known again waits here, encrypted, for ten minutes at most.

A step belongs to one browser (a secret of its session) and serves once: the DELETE that finds the row
wins. The session itself holds random handles only, nothing of the identity.
"""

import hashlib
import json
import secrets
from datetime import timedelta
from typing import Any

from django.contrib.sessions.backends.base import SessionBase
from django.utils import timezone

from accounts.models import FranceConnectStep

Kind = FranceConnectStep.Kind
LIFE = timedelta(minutes=10)
BROWSER = "franceconnect_browser"
HANDLE = "franceconnect_identity"


def put(session: SessionBase, kind: Kind, payload: dict[str, Any]) -> str:
    """Keep `payload` for this browser; return the handle under which `take` gives it back once."""
    FranceConnectStep.objects.expired(timezone.now()).delete()
    handle = secrets.token_urlsafe(32)
    FranceConnectStep.objects.create(
        handle_hash=_hash(handle),
        browser_hash=_hash(session.setdefault(BROWSER, secrets.token_urlsafe(32))),
        kind=kind,
        sealed=json.dumps(payload),
        expires_at=timezone.now() + LIFE,
    )
    return handle


def take(session: SessionBase, kind: Kind, handle: str) -> dict[str, Any] | None:
    """Return the payload and forget it; None when it is not this browser's, too old or taken already."""
    step = _find(session, kind, handle)
    if step is None or not FranceConnectStep.objects.filter(pk=step.pk).delete()[0]:
        return None
    return json.loads(step.sealed)


def put_identity(session: SessionBase, payload: dict[str, Any]) -> None:
    """Keep an identity that is being matched, in the place of the one before."""
    take_identity(session)
    session[HANDLE] = put(session, Kind.IDENTITY, payload)


def look_at_identity(session: SessionBase) -> dict[str, Any] | None:
    """Return the identity that is being matched in this browser, which stays."""
    step = _find(session, Kind.IDENTITY, session.get(HANDLE, ""))
    return json.loads(step.sealed) if step else None


def take_identity(session: SessionBase) -> dict[str, Any] | None:
    """Return the identity that was being matched in this browser and forget it."""
    return take(session, Kind.IDENTITY, session.pop(HANDLE, ""))


def _find(session: SessionBase, kind: Kind, handle: str) -> FranceConnectStep | None:
    browser = session.get(BROWSER, "")
    if not handle or not browser:
        return None
    live = FranceConnectStep.objects.live(timezone.now())
    mine = {"handle_hash": _hash(handle), "browser_hash": _hash(browser), "kind": kind}
    return live.filter(**mine).first()


def _hash(secret: str) -> str:
    # Secrets of 256 bits need no slow hash: a copy of the table opens nothing.
    return hashlib.sha256(secret.encode()).hexdigest()
