"""What the audit trail costs a sign-in: python -m tests.bench.signin [rounds], or behind tests.postgres.

Accounts sign in by the form with the line of the trail and without it, by turns, on a database with the
hashes of production: one after the other, then eight at the same time.
"""

import logging
import os
import statistics
import sys
import tempfile
import time
from contextlib import nullcontext
from unittest.mock import patch

import django

AT_ONCE = 8


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    with tempfile.TemporaryDirectory(prefix="portal-signin-") as folder:
        if not os.environ.get("TEST_DATABASE_URL"):
            os.environ["TEST_DATABASE_URL"] = f"sqlite:///{folder}/signin.sqlite3"
        os.environ["DJANGO_SETTINGS_MODULE"] = "tests.bench.credit_settings"
        django.setup()
        from django.core.management import call_command  # noqa: PLC0415 needs the settings
        from django.test.utils import setup_test_environment  # noqa: PLC0415

        setup_test_environment()
        call_command("migrate", verbosity=0)
        measure(rounds)


def measure(rounds: int) -> None:
    from django.conf import settings  # noqa: PLC0415
    from django.db import connection  # noqa: PLC0415

    from tests.factories import UserFactory  # noqa: PLC0415

    settings.PASSWORD_HASHERS = ["accounts.hashers.PortalArgon2PasswordHasher"]
    logging.disable(logging.INFO)
    people = [UserFactory().titulaire.nir.value for _ in range(AT_ONCE)]
    for label, turn in (("seul", alone), (f"{AT_ONCE} à la fois", together)):
        times: dict[bool, list[float]] = {True: [], False: []}
        turn(people)  # warm
        for number in range(2 * rounds):
            is_told = number % 2 == 0
            with nullcontext() if is_told else patch("accounts.services.sessions.audit.record"):
                times[is_told] += turn(people)
        told, untold = (statistics.median(times[is_told]) for is_told in (True, False))
        print(  # noqa: T201 what is asked for
            f"{connection.vendor}, {label} : {untold * 1000:.1f} ms sans la piste, "
            f"{told * 1000:.1f} ms avec, rapport {told / untold:.3f} "
            f"(médianes de {len(times[True])})",
            flush=True,
        )


def alone(people: list[str]) -> list[float]:
    return [sign_in(people[0])]


def together(people: list[str]) -> list[float]:
    from tests.parallel import in_parallel  # noqa: PLC0415

    return in_parallel(sign_in, people)


def sign_in(nir: str) -> float:
    """Return the seconds that a sign-in takes."""
    from django.test import Client  # noqa: PLC0415

    from tests.factories import PASSWORD  # noqa: PLC0415

    client = Client()
    begun = time.perf_counter()
    answer = client.post("/connexion/", {"nir": nir, "password": PASSWORD})
    seconds = time.perf_counter() - begun
    if answer.status_code != 302:
        raise RuntimeError(f"refused: {answer.status_code}")
    return seconds


if __name__ == "__main__":
    main()
