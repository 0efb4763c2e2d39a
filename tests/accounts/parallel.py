"""Real threads, each with a connection of its own, that start together."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from django.db import connection

THREADS = 20


def in_parallel(times: int, work: Callable[[int], Any]) -> list[Any]:
    """Call `work` with 0 to `times` - 1, THREADS at once (a divisor of `times`); return the results."""
    start = Barrier(THREADS, timeout=60)

    def share(first: int) -> list[Any]:
        connection.ensure_connection()
        start.wait()
        try:
            return [work(number) for number in range(first, times, THREADS)]
        finally:
            connection.close()

    with ThreadPoolExecutor(THREADS) as pool:
        return [result for part in pool.map(share, range(THREADS)) for result in part]
