"""Durations as they would be on an idle machine."""

import time
from pathlib import Path


def own_time(*others: int) -> float:
    """Return the seconds that pass, without those in which this thread waits for a processor.

    Nor those in which the processes `others` (by number) do, for who asks them for something. What a
    sleep, a lock or the network costs is in it. Where the system does not tell: all the time.
    """
    paths = ["/proc/thread-self/schedstat", *(f"/proc/{number}/schedstat" for number in others)]
    return time.perf_counter() - sum(map(_waited, paths))


def _waited(path: str) -> float:
    try:
        _ran, waited, _times = Path(path).read_text().split()
    except OSError:
        return 0.0
    return int(waited) / 1e9
