"""What a person must have proved before rights are spent: PORTAL_SPENDING_REQUIRES decides.

`email`: an address that is confirmed and has been the same for a while. `identity`: besides, an identity
that FranceConnect vouched for at the asked level, in this very session. A stolen password then spends
nothing, as on the real service since 25 October 2022.
"""

from datetime import datetime
from enum import StrEnum

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase

from accounts.franceconnect.config import Provider, is_configured
from accounts.models import FranceConnectLink, IdentityLevel, User

PASSED_ACR = "franceconnect_acr"


class MissingProof(StrEnum):
    """What is still to be done, in the order in which it is asked."""

    FROZEN = "frozen"  # wait for the support: she said that a movement is not hers
    EMAIL = "email"  # confirm the address
    SETTLING = "settling"  # wait: the address changed less than EMAIL_SETTLING_HOURS ago
    IDENTITY = "identity"  # pass by FranceConnect, now


class SpendingRefused(Exception):
    """Rights may not be spent yet; `missing` says why."""

    def __init__(self, missing: MissingProof) -> None:
        super().__init__(missing)
        self.missing = missing


def note_passage(session: SessionBase, acr: str) -> None:
    """Remember in a session that FranceConnect vouched for its person, and how surely."""
    session[PASSED_ACR] = acr


def passed_acr(session: SessionBase) -> str:
    """Return the level at which FranceConnect vouched for the person of this session, "" if it did not."""
    return session.get(PASSED_ACR, "")


def missing_proof(*, user: User, acr: str, now: datetime) -> MissingProof | None:
    """Return what `user` has yet to prove before spending, None when nothing.

    `acr` is that of the session (`passed_acr`).
    """
    if user.spending_frozen_at:
        return MissingProof.FROZEN
    if not user.has_confirmed_email:
        return MissingProof.EMAIL
    if not user.has_settled_email(now):
        return MissingProof.SETTLING
    if settings.PORTAL_SPENDING_REQUIRES == "identity" and not _has_proved_identity(user, acr):
        return MissingProof.IDENTITY
    return None


def require_proof(*, user: User, acr: str, now: datetime) -> None:
    """Raise SpendingRefused as long as `missing_proof` names something: every path that spends calls it."""
    if missing := missing_proof(user=user, acr=acr, now=now):
        raise SpendingRefused(missing)


def _has_proved_identity(user: User, acr: str) -> bool:
    if not acr or not is_configured() or user.titulaire is None:
        return False
    return (
        user.titulaire.identity_level == IdentityLevel.VERIFIED
        and FranceConnectLink.objects.filter(user=user).exists()
        and Provider.from_settings().is_sure_enough(acr)
    )
