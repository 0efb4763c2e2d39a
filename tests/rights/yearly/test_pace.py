"""A batch grows while it is quick and shrinks when it is slow, within its bounds."""

import pytest

from rights.yearly.pace import Pace, next_size


@pytest.mark.parametrize(
    ("people", "seconds", "vendor", "expected"),
    [
        (4000, 0.3, "postgresql", 2000),
        (4000, 0.15, "postgresql", 4000),
        (4000, 0.1, "postgresql", 6000),
        (4000, 0.001, "postgresql", 8000),
        (2000, 60, "postgresql", 2000),
        (2000, 0.2, "sqlite", 1000),
        (2000, 60, "sqlite", 250),
        (15_000, 0, "sqlite", 20_000),
    ],
)
def test_next_batch_takes_what_is_allowed(people, seconds, vendor, expected):
    assert next_size(people, seconds, vendor) == expected


@pytest.mark.django_db
def test_size_that_is_asked_for_stays():
    pace = Pace(7)

    pace.start()
    pace.rest()

    assert pace.people == 7
