"""Issue, find and use up the challenges, kept in django-simple-captcha's CaptchaStore.

A row reads challenge="6.9.3.0.5" (five objects, as shown), response="4:50321" (index of the good one,
spoken digits). The package's own generators and views are not used: they draw with a shared generator
that anybody can seed, and they let two answers win (docs/captcha.md).
"""

import secrets
from dataclasses import dataclass
from datetime import timedelta

from captcha.models import CaptchaStore
from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts import limits
from accounts.captcha.objects import OBJECTS

PICTURES = 5
DIGITS = 5
SESSION_KEY = "captcha_keys"
KEYS_KEPT = 3  # tabs that may be open at once
MAX_ROWS = 20_000  # whatever happens, the table holds no more

random = secrets.SystemRandom()


@dataclass(frozen=True)
class Challenge:
    """What is shown (`objects`, five numbers of OBJECTS) and what is expected (`good`, `digits`)."""

    key: str
    objects: tuple[int, ...]
    good: int
    digits: str

    @classmethod
    def drawn(cls) -> "Challenge":
        return cls(
            key=secrets.token_hex(20),
            objects=tuple(random.sample(range(len(OBJECTS)), PICTURES)),
            good=random.randrange(PICTURES),
            digits="".join(str(random.randrange(10)) for _ in range(DIGITS)),
        )

    @classmethod
    def from_row(cls, row: CaptchaStore) -> "Challenge":
        good, digits = row.response.split(":")
        objects = tuple(int(number) for number in row.challenge.split("."))
        return cls(key=row.hashkey, objects=objects, good=int(good), digits=digits)

    @property
    def word(self) -> str:
        """The French name of the object to click on."""
        return OBJECTS[self.objects[self.good]][1]

    def is_solved_by(self, choice: str, digits: str) -> bool:
        """Tell whether the index of the picture or the digits heard, one at least, are right."""
        return choice == str(self.good) or digits == self.digits


def issue(session: SessionBase, *, ip: str) -> Challenge:
    """Create a challenge that this session alone may see and answer, during CAPTCHA_TIMEOUT minutes.

    Raises TooManyRequests when the address `ip` has asked for too many.
    """
    limits.hit("captcha-issue", ip=ip)
    challenge = Challenge.drawn()
    row = CaptchaStore.objects.create(
        hashkey=challenge.key,
        challenge=".".join(map(str, challenge.objects)),
        response=f"{challenge.good}:{challenge.digits}",
        expiration=timezone.now() + timedelta(minutes=settings.CAPTCHA_TIMEOUT),
    )
    keys = [*session.get(SESSION_KEY, []), challenge.key]
    session[SESSION_KEY] = keys[-KEYS_KEPT:]
    purge(newest=row.pk, dropped=keys[:-KEYS_KEPT])
    return challenge


def purge(*, newest: int, dropped: list[str]) -> None:
    """Delete what can no longer be answered, and the oldest rows beyond MAX_ROWS."""
    CaptchaStore.objects.filter(
        Q(expiration__lte=timezone.now()) | Q(hashkey__in=dropped) | Q(pk__lte=newest - MAX_ROWS)
    ).delete()


def live(session: SessionBase, key: str) -> Challenge | None:
    """Return the challenge `key` if this session got it and it is neither used nor expired."""
    if key not in session.get(SESSION_KEY, []):
        return None
    row = CaptchaStore.objects.filter(hashkey=key, expiration__gt=timezone.now()).first()
    return Challenge.from_row(row) if row else None


def consume(session: SessionBase, key: str) -> Challenge | None:
    """Use the challenge up and return it; None if it cannot be answered (any more).

    The DELETE decides: of several answers at the same moment, one sees a row go. Fails inside a
    transaction, for a rollback would bring the row back.
    """
    challenge = live(session, key)
    if challenge is None:
        return None
    with transaction.atomic(durable=True):
        deleted, _ = CaptchaStore.objects.filter(hashkey=key).delete()
    return challenge if deleted == 1 else None
