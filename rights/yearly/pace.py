"""How many people a batch has, so that nobody waits long behind it.

A batch keeps its accounts until it commits; on SQLite, which has one writer, it keeps everybody out.
"""

import time

from django.db import connection

FIRST_BATCH, LARGEST = 2000, 20_000
# What a batch should take, in seconds, and how small it may become on a slow machine: on PostgreSQL
# only its own accounts wait, so that the cost of each batch counts more.
BATCH_SECONDS = {"postgresql": 0.15, "sqlite": 0.1}
SMALLEST = {"postgresql": 2000, "sqlite": 250}
# On SQLite a writer that waits looks again every 25 ms for an eighth of a second, then less and less
# often: without a pause it would meet one batch after the other until its patience ends. A batch that
# lasts less than that, and a pause of 25 ms, let it in at the end of the first batch that it meets.
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
            self.people = next_size(self.people, taken, connection.vendor)
        if connection.vendor == "sqlite" and not connection.in_atomic_block:
            time.sleep(max(SHORTEST_PAUSE, taken * PAUSE_SHARE))


def next_size(people: int, seconds: float, vendor: str) -> int:
    """Return how many people take BATCH_SECONDS when `people` took `seconds`; at most twice as many."""
    wanted = round(people * min(2, BATCH_SECONDS[vendor] / max(seconds, 0.001)))
    return max(SMALLEST[vendor], min(LARGEST, wanted))
