"""Argon2id at OWASP's parameters, with a bound on how many hashes are computed at once."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.contrib.auth.hashers import Argon2PasswordHasher

from cpf_portal.ui.errors import ServiceBusy

SLOTS = 2 * (os.cpu_count() or 1)
WAIT_SECONDS = 2.0
POLL_SECONDS = 0.01
RETRY_AFTER_SECONDS = 5


@contextmanager
def hashing_slot() -> Iterator[None]:
    """Hold one of SLOTS places of this machine, shared by threads and processes through file locks.

    Raises ServiceBusy when none is free within WAIT_SECONDS: the visitor is asked to come back
    instead of taking the memory and the processors away from everybody.
    """
    deadline = time.monotonic() + WAIT_SECONDS
    while (slot := _take_slot()) is None:
        if time.monotonic() > deadline:
            raise ServiceBusy(retry_after=RETRY_AFTER_SECONDS)
        time.sleep(POLL_SECONDS)
    try:
        yield
    finally:
        os.close(slot)  # closing the file frees the lock, and so does the death of the process


def _take_slot() -> int | None:
    folder = settings.VAR_DIR / "hashing"
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(SLOTS):
        slot = os.open(folder / str(number), os.O_CREAT | os.O_RDWR, 0o600)
        try:
            fcntl.flock(slot, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(slot)
        else:
            return slot
    return None


class PortalArgon2PasswordHasher(Argon2PasswordHasher):
    """Argon2id m=19456, t=2, p=1 (OWASP Password Storage Cheat Sheet): 20 MB and about 25 ms."""

    memory_cost = 19456
    time_cost = 2
    parallelism = 1

    def encode(self, password, salt):
        with hashing_slot():
            return super().encode(password, salt)

    def verify(self, password, encoded):
        with hashing_slot():
            return super().verify(password, encoded)
