"""How many people a batch has, so that nobody waits long behind it.

A batch keeps its accounts, and on SQLite the whole database, until it commits.
"""

import time

from django.db import connection

FIRST_BATCH = 2000
SMALLEST, LARGEST = 2000, 20_000
BATCH_SECONDS = 0.15
# On SQLite a writer that waits looks again after 25 ms at first, then less and less often: without a
# pause it would meet one batch after the other until its patience ends.
SHORTEST_PAUSE, PAUSE_SHARE = 0.025, 0.25


class Pace:
    """The size of the next batch, from what the last one took; `fixed` people when that is asked for."""

    def __init__(self, fixed: int | None = None) -> None:
        self._is_fixed = fixed is not None
        self.people = fixed or FIRST_BATCH
        self._started = time.monotonic()

    def start(self) -> None:
        self._started = time.monotonic()

    def rest(self) -> None:
        """Learn from the batch that ends, and let the others pass."""
        taken = time.monotonic() - self._started
        if not self._is_fixed:
            self.people = next_size(self.people, taken)
        if connection.vendor == "sqlite" and not connection.in_atomic_block:
            time.sleep(max(SHORTEST_PAUSE, taken * PAUSE_SHARE))


def next_size(people: int, seconds: float) -> int:
    """Return how many people take BATCH_SECONDS when `people` took `seconds`; at most twice as many."""
    wanted = int(people * min(2, BATCH_SECONDS / max(seconds, 0.001)))
    return max(SMALLEST, min(LARGEST, wanted))
