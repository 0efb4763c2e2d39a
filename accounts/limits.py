"""How often something may be tried, counted by one atomic statement on both databases.

Call `hit` before the work that it protects (the hash, the captcha), outside any transaction: an
attempt that a rollback gave back would not be counted. Neither an address nor a number is stored,
only keyed hashes of them.
"""

import ipaddress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from django.db import connection, models, transaction
from django.utils import timezone

from accounts.crypto import blind_index
from accounts.models import RateLimit, Titulaire
from cpf_portal.ui.errors import TooManyRequests

MINUTE, HOUR, DAY = 60, 3600, 86400

# The first try of a window opens it, and refused tries do not prolong it: nobody can be kept out
# by hammering. One statement, so that parallel tries are all counted.
COUNT = """
INSERT INTO accounts_ratelimit (key, subject, hits, expires_at) VALUES (%s, %s, 1, %s)
ON CONFLICT (key) DO UPDATE SET
  hits = CASE WHEN accounts_ratelimit.expires_at <= %s THEN 1 ELSE accounts_ratelimit.hits + 1 END,
  expires_at = CASE WHEN accounts_ratelimit.expires_at <= %s
               THEN excluded.expires_at ELSE accounts_ratelimit.expires_at END
RETURNING hits
"""


@dataclass(frozen=True, slots=True)
class Policy:
    """`limit` tries in `seconds` for each value of what is counted.

    Beyond the limit the try is refused or, with `beyond`, judged by that stricter policy.
    """

    name: str
    limit: int
    seconds: int
    counts: tuple[Literal["ip", "person"], ...]
    beyond: "Policy | None" = None


# The policies of an action are applied in this order, up to the first that refuses.
POLICIES: dict[str, tuple[Policy, ...]] = {
    "sign-in": (
        Policy("sign-in-ip", 50, HOUR, ("ip",)),
        # The wait grows with the failures, and is for this address only: the person herself can
        # always enter from another one.
        Policy("sign-in-5m", 5, 5 * MINUTE, ("ip", "person")),
        Policy("sign-in-1h", 10, HOUR, ("ip", "person")),
        Policy("sign-in-1d", 20, DAY, ("ip", "person")),
        # An account tried from many addresses is slowed down for each of them, never locked.
        Policy(
            "sign-in-person",
            25,
            DAY,
            ("person",),
            beyond=Policy("sign-in-slow", 2, 15 * MINUTE, ("ip", "person")),
        ),
    ),
    "sign-up": (Policy("sign-up-ip", 20, HOUR, ("ip",)),),
    # A family shares an address; a stranger's mailbox must not be flooded through the form.
    "sign-up-mail": (Policy("sign-up-mail", 10, HOUR, ("person",)),),
    "captcha-issue": (Policy("captcha-issue", 30, MINUTE, ("ip",)),),
    # Staff look a person up by her number: enough for a desk, too few to walk through a file.
    "nir-search": (Policy("nir-search", 60, HOUR, ("person",)),),
    # Any search of the desk, by name or by address too: a busy hour of calls.
    "desk-search": (Policy("desk-search", 120, HOUR, ("person",)),),
    # A number in full is hardly ever needed: who asks for many of them is stopped.
    "nir-reveal": (
        Policy("nir-reveal-1h", 10, HOUR, ("person",)),
        Policy("nir-reveal-1d", 30, DAY, ("person",)),
    ),
    # The page of a number that was shown, posted again by a reload: it serves once.
    "nir-reveal-once": (Policy("nir-reveal-once", 1, DAY, ("person",)),),
    # The number of an agent herself, given once: who tries several looks for somebody else's.
    "own-number": (Policy("own-number-1d", 5, DAY, ("person",)),),
    # A list of people taken away: a few in a day of work.
    "people-export": (Policy("people-export", 5, DAY, ("person",)),),
    # Mails that the staff sends once more: no mailbox is flooded through the desk.
    "desk-mail": (Policy("desk-mail", 6, HOUR, ("person",)),),
    # The same words to the same person: a button pressed twice.
    "desk-same-mail": (Policy("desk-same-mail", 1, 5 * MINUTE, ("person",)),),
    "reset": (
        Policy("reset-ip", 20, HOUR, ("ip",)),
        Policy("reset-person", 3, HOUR, ("person",)),
    ),
    # Six digits, of which three are good at a time: a day of tries finds one in 17,000. Whoever tries
    # has the password already, so that locking the account harms nobody but her.
    "second-factor": (
        Policy("second-factor-ip", 50, HOUR, ("ip",)),
        Policy("second-factor-15m", 5, 15 * MINUTE, ("person",)),
        Policy("second-factor-1d", 20, DAY, ("person",)),
    ),
    # Codes are long: this is a brake on hammering, the person has ten of them.
    "recovery": (
        Policy("recovery-ip", 20, HOUR, ("ip",)),
        Policy("recovery-person", 10, DAY, ("person",)),
    ),
    # The password that a signed-in person gives again, before a sensitive page.
    "password-again": (Policy("password-again", 5, 5 * MINUTE, ("person",)),),
    "email-change": (
        Policy("email-change-person", 5, DAY, ("person",)),
        Policy("email-change-ip", 20, DAY, ("ip",)),
    ),
    "support": (
        Policy("support-ip", 10, HOUR, ("ip",)),
        Policy("support-person", 5, DAY, ("person",)),
    ),
    "contact": (
        Policy("contact-ip", 10, HOUR, ("ip",)),
        Policy("contact-person", 5, DAY, ("person",)),
    ),
    "support-follow": (Policy("support-follow-ip", 30, HOUR, ("ip",)),),
    # Each departure writes a row; a household shares an address.
    "franceconnect": (Policy("franceconnect-ip", 60, HOUR, ("ip",)),),
    # A verified person who looks for somebody else's number, born where and when she was.
    "franceconnect-nir": (
        Policy("franceconnect-nir-ip", 30, HOUR, ("ip",)),
        Policy("franceconnect-nir-1h", 5, HOUR, ("person",)),
        Policy("franceconnect-nir-1d", 10, DAY, ("person",)),
    ),
    # The software of a provider: enough to follow its dossiers, too little to hinder the portal.
    "provider-api": (
        Policy("provider-api-1m", 120, MINUTE, ("person",)),
        Policy("provider-api-1d", 20_000, DAY, ("person",)),
    ),
    # Wrong keys only: no guess of 256 bits succeeds, this is a brake on hammering.
    "provider-key": (Policy("provider-key-ip", 60, HOUR, ("ip",)),),
    "resend": (
        Policy("resend-1m", 1, MINUTE, ("person",)),
        Policy("resend-1d", 5, DAY, ("person",)),
    ),
}


# The policies that refuse a person at sign-in, by name: the last of a chain, its limit.
_REFUSING = {
    policy.name: policy.limit
    for first in POLICIES["sign-in"]
    for policy in (first.beyond or first,)
    if "person" in policy.counts
}


@dataclass(frozen=True, slots=True)
class Attempt:
    """What a call of `hit` counted, so that a success can be given back."""

    keys: tuple[str, ...]


def hit(action: str, *, ip: str = "", person: str = "") -> Attempt:
    """Count one try of `action` (a key of POLICIES) by the address `ip` on the account of `person`.

    `person` is what names the account (NIR, e-mail address, pk). Raises TooManyRequests, with the
    seconds to wait, when a policy refuses.
    """
    now = timezone.now()
    counter = _Counter(now, {"ip": _network(ip), "person": person})
    # durable: an error, not a silent gap, if somebody calls this inside a transaction
    with transaction.atomic(durable=True):
        refused_until = counter.refused_until(POLICIES[action])
    if refused_until:
        seconds = (refused_until - now).total_seconds()
        raise TooManyRequests(seconds, is_first=counter.is_first_refusal)
    return Attempt(tuple(counter.keys))


def give_back(attempt: Attempt) -> None:
    """Take one try back where `attempt` counted it: it succeeded. What failed before stays counted."""
    with transaction.atomic():
        for key in attempt.keys:  # in the order of `hit`, so that two of them cannot deadlock
            RateLimit.objects.filter(pk=key, hits__gt=0).update(hits=models.F("hits") - 1)


def unlock(titulaire: Titulaire) -> int:
    """Forget what was counted against this person; return how many counters there were."""
    return counters_of(titulaire).delete()[0]


def counters_of(titulaire: Titulaire) -> models.QuerySet[RateLimit]:
    """The counters that stand against this person; they name her by a keyed hash only."""
    return RateLimit.objects.filter(subject=_subject(titulaire.nir.value))


def locked_until(titulaire: Titulaire) -> datetime | None:
    """Return until when she is refused at sign-in, from one address at least; None when she is not."""
    if not titulaire.encrypted_nir:
        return None
    full = [
        counter.expires_at
        for counter in counters_of(titulaire).filter(expires_at__gt=timezone.now())
        if counter.hits >= _REFUSING.get(counter.key.partition(":")[0], counter.hits + 1)
    ]
    return max(full, default=None)


def purge(now: datetime) -> int:
    """Delete the counters whose window is over; return how many."""
    return RateLimit.objects.filter(expires_at__lte=now).delete()[0]


class _Counter:
    """One try: counts it by one policy after the other and remembers where."""

    def __init__(self, now: datetime, what: dict[str, str]) -> None:
        self.now = now
        self.what = what
        self.keys: list[str] = []
        self.is_first_refusal = False

    def refused_until(self, policies: tuple[Policy, ...]) -> datetime | None:
        """Count, and return the end of the window of the policy that refuses, if one does."""
        for policy in policies:
            applied: Policy | None = policy
            while applied and not self.is_within(applied):
                applied = applied.beyond
            if applied is None:
                return RateLimit.objects.get(pk=self.keys[-1]).expires_at
        return None

    def is_within(self, policy: Policy) -> bool:
        """Add one to the counter of `policy`; tell whether it stays within the limit."""
        self.keys.append(self.key(policy))
        subject = _subject(self.what["person"]) if "person" in policy.counts else ""
        now, end = (
            connection.ops.adapt_datetimefield_value(moment)
            for moment in (self.now, self.now + timedelta(seconds=policy.seconds))
        )
        with connection.cursor() as cursor:
            cursor.execute(COUNT, [self.keys[-1], subject, end, now, now])
            hits = cursor.fetchone()[0]
        self.is_first_refusal = hits == policy.limit + 1
        return hits <= policy.limit

    def key(self, policy: Policy) -> str:
        counted = "\0".join(self.what[name] for name in policy.counts)
        return f"{policy.name}:{blind_index(counted, purpose=policy.name)}"


def _subject(person: str) -> str:
    return blind_index(person, purpose="limit-subject")


def _network(ip: str) -> str:
    """Return what stands for one visitor: the address, or the /64 of an IPv6 one, which is all his."""
    try:
        address = ipaddress.ip_address(ip)
    except ValueError:
        return ip
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped:
            return str(address.ipv4_mapped)
        return str(ipaddress.ip_network((address, 64), strict=False))
    return str(address)
