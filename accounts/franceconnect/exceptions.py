"""Why a sign-in by FranceConnect stops; each reason has its sentences in `pages.py`."""

from enum import StrEnum


class Reason(StrEnum):
    REFUSED = "refused"  # the person said no, or closed the window there
    UNAVAILABLE = "unavailable"  # the provider is down, slow, or says so
    LOST = "lost"  # no such request in this browser, too old, or served already
    EXPIRED = "expired"  # the provider takes the code no more
    UNTRUSTED = "untrusted"  # a token that cannot be believed: signature, issuer, audience…
    LEVEL = "level"  # an identity less sure than the one asked for
    INCOMPLETE = "incomplete"  # an identity without what the number is checked against
    OTHER_PERSON = "other_person"  # the identity is not that of the account


class FranceConnectError(Exception):
    """`reason` chooses the page; `detail` is for the log and holds nothing of a person."""

    def __init__(self, reason: Reason, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}" if detail else reason)
        self.reason = reason


class IdentityMismatch(Exception):
    """The number typed is not that of the identity, or is another name's; which one is told to nobody."""


class AccountExists(Exception):
    """The number has an account: its owner has to prove that it is hers."""
