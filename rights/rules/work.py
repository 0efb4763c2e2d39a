"""How much of a year somebody worked, as a whole number: no float, no rounding before the last step."""

from calendar import monthrange
from collections.abc import Iterator
from datetime import date, timedelta
from functools import lru_cache

# A month divides by each of its possible lengths (28, 29, 30 and 31 days), a share by 0,01 %.
MONTH = 28 * 29 * 15 * 31
FULL_TIME = 100_00
FULL_YEAR = 12 * MONTH * FULL_TIME


def work_of(started_on: date, ended_on: date, share: int, year: int) -> int:
    """Return the work of a period inside `year`, in parts of FULL_YEAR.

    `share` is the share of full time in hundredths of a percent. Each calendar month counts for a
    twelfth, a begun month for its days: six months at full time are half of any year.
    """
    first, last = max(started_on, date(year, 1, 1)), min(ended_on, date(year, 12, 31))
    return share * _parts(first, last)


def proportion(amount: int, work: int) -> int:
    """Return `amount` in proportion of the work, rounded up (Code du travail, art. R6323-1, II)."""
    return -(-amount * min(work, FULL_YEAR) // FULL_YEAR)


@lru_cache(maxsize=4096)  # a feed repeats its periods
def _parts(first: date, last: date) -> int:
    return sum(_months(first, last))


def _months(first: date, last: date) -> Iterator[int]:
    while first <= last:
        length = monthrange(first.year, first.month)[1]
        end = min(last, first.replace(day=length))
        yield MONTH // length * (end.day - first.day + 1)
        first = end + timedelta(days=1)
