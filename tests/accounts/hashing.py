"""How many password hashes a piece of code computes, with the fast hasher of the tests."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.contrib.auth.hashers import MD5PasswordHasher

HASHER = "tests.accounts.hashing.CountingHasher"


class CountingHasher(MD5PasswordHasher):
    count = 0

    def encode(self, password, salt):  # verify() calls it too: one computation each
        type(self).count += 1
        return super().encode(password, salt)


class Count:
    hashes = 0


@contextmanager
def counted_hashes() -> Iterator[Count]:
    """Yield an object whose `hashes` is, at the end, the number of computations."""
    count = Count()
    before = CountingHasher.count
    yield count
    count.hashes = CountingHasher.count - before
