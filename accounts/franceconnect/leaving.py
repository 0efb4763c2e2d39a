"""Signing out here should sign out there: the token that asks for it is kept encrypted in the session."""

import logging

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase

from accounts.crypto import decrypt, encrypt
from accounts.franceconnect import client
from accounts.franceconnect.exceptions import FranceConnectError

logger = logging.getLogger(__name__)
ID_TOKEN = "franceconnect_id_token"  # noqa: S105 a key of the session


def remember(session: SessionBase, id_token: str) -> None:
    """Keep what closes the session at the provider; it names the person, so nobody may read it."""
    session[ID_TOKEN] = encrypt(id_token)


def closing_url(session: SessionBase) -> str:
    """Return where the browser ends the session at the provider, "" where there is nothing to end."""
    kept = session.get(ID_TOKEN)
    if kept is None or settings.FRANCECONNECT is None:
        return ""
    try:
        return client.logout_url(decrypt(kept))
    except FranceConnectError as error:
        logger.warning("FranceConnect : %s", error)
        return ""  # signing out here must not wait for anybody
