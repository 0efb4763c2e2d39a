"""What the audit trail costs a sign-in: python -m tests.bench.signin [pairs], or behind tests.postgres.

Accounts sign in by the form on a database with the hashes of production: one after the other, then eight at
the same time. Each try with the line of the trail stands beside one without it, in an order that
changes from one pair to the next, and what is told is the median of the ratios of the pairs: what slows
the machine down for a while slows both. Of those who come together the best of BEST turns counts: one of
them without a processor, while it holds a lock, makes the seven others wait. The quartiles tell how far
to trust it.
"""

import logging
import os
import random
import statistics
import sys
import tempfile
from contextlib import nullcontext
from math import inf
from unittest.mock import patch

import django

AT_ONCE, BEST = 8, 3
MOST = 1.10  # what the line may cost


def main() -> int:
    pairs = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    with tempfile.TemporaryDirectory(prefix="portal-signin-") as folder:
        if not os.environ.get("TEST_DATABASE_URL"):
            os.environ["TEST_DATABASE_URL"] = f"sqlite:///{folder}/signin.sqlite3"
        os.environ["DJANGO_SETTINGS_MODULE"] = "tests.bench.credit_settings"
        django.setup()
        from django.core.management import call_command  # noqa: PLC0415 needs the settings
        from django.test.utils import setup_test_environment  # noqa: PLC0415

        setup_test_environment()
        call_command("migrate", verbosity=0)
        return measure(pairs)


def measure(pairs: int) -> int:
    """Print the ratio of each way; return 1 when one is above MOST by more than its spread."""
    from django.conf import settings  # noqa: PLC0415

    from tests.factories import UserFactory  # noqa: PLC0415

    settings.PASSWORD_HASHERS = ["accounts.hashers.PortalArgon2PasswordHasher"]
    logging.disable(logging.INFO)
    people = [UserFactory().titulaire.nir.value for _ in range(AT_ONCE)]
    results = [
        compare("seul", lambda: sign_in(people[0]), pairs),
        compare(f"{AT_ONCE} à la fois", lambda: together(people), max(8, pairs // 5), best_of=BEST),
    ]
    return 0 if all(results) else 1


def compare(label: str, turn, pairs: int, *, best_of: int = 1) -> bool:
    """Tell the median ratio of `pairs` pairs of turns; whether it is within what is allowed."""
    from django.db import connection  # noqa: PLC0415

    turn()  # warm
    ratios, plain = [], []
    for _ in range(pairs):
        seconds: dict[bool, float] = {}
        for is_told in shuffled(best_of):
            seconds[is_told] = min(timed(turn, is_told=is_told), seconds.get(is_told, inf))
        if inf not in seconds.values():
            ratios.append(seconds[True] / seconds[False])
            plain.append(seconds[False])
    low, middle, high = statistics.quantiles(ratios, n=4)
    error = 1.25 * (high - low) / 1.35 / len(ratios) ** 0.5  # of a median
    print(  # noqa: T201 what is asked for
        f"{connection.vendor}, {label} : {statistics.median(plain) * 1000:.1f} ms sans la piste, "
        f"rapport {middle:.3f} ± {error:.3f} (quartiles {low:.3f} et {high:.3f}, {len(ratios)} paires, "
        f"charge {os.getloadavg()[0]:.1f})",
        flush=True,
    )
    return middle - 2 * error <= MOST


def shuffled(times: int) -> list[bool]:
    return [is_told for _ in range(times) for is_told in random.sample([True, False], 2)]


def timed(turn, *, is_told: bool) -> float:
    """Return the seconds of a turn, with the line of the trail or without it."""
    with nullcontext() if is_told else patch("accounts.services.sessions.audit.record"):
        return turn()


def together(people: list[str]) -> float:
    """Return the mean of the seconds that each of those who come at the same time takes.

    Without end when one of them is refused, as the portal does when every hasher has been busy for long.
    """
    from tests.parallel import in_parallel  # noqa: PLC0415

    times = in_parallel(sign_in, people)
    return statistics.mean(times) if all(isinstance(time, float) for time in times) else inf


def sign_in(nir: str) -> float:
    """Return the seconds that a sign-in takes, but for what a busy machine makes it wait."""
    from django.db import connection  # noqa: PLC0415
    from django.test import Client  # noqa: PLC0415

    from tests.clock import own_time  # noqa: PLC0415
    from tests.factories import PASSWORD  # noqa: PLC0415

    connection.ensure_connection()
    server = [connection.connection.info.backend_pid] if connection.vendor == "postgresql" else []
    client = Client()
    begun = own_time(*server)
    answer = client.post("/connexion/", {"nir": nir, "password": PASSWORD})
    seconds = own_time(*server) - begun
    if answer.status_code != 302:
        raise RuntimeError(f"refused: {answer.status_code}")
    return seconds


if __name__ == "__main__":
    sys.exit(main())
