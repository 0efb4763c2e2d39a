"""What the audit trail costs a sign-in: python -m tests.bench.signin [rounds], or behind tests.postgres.

The same account signs in by the form with the line of the trail and without it, by turns, on a database
with the durability and the hashes of production.
"""

import os
import statistics
import sys
import tempfile
import time
from unittest.mock import patch

import django


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
    nir = UserFactory().titulaire.nir.value
    times: dict[bool, list[float]] = {True: [], False: []}
    for number in range(2 * rounds + 10):
        is_told = number % 2 == 0
        seconds = sign_in(nir, is_told=is_told)
        if number >= 10:  # warm
            times[is_told].append(seconds * 1000)
    told, untold = (statistics.median(times[is_told]) for is_told in (True, False))
    print(  # noqa: T201 what is asked for
        f"{connection.vendor} : {untold:.2f} ms sans la piste, {told:.2f} ms avec, "
        f"rapport {told / untold:.3f} (médianes de {rounds})"
    )


def sign_in(nir: str, *, is_told: bool) -> float:
    """Return the seconds that a sign-in takes."""
    from django.test import Client  # noqa: PLC0415

    from tests.factories import PASSWORD  # noqa: PLC0415

    client = Client()
    begun = time.perf_counter()
    if is_told:
        answer = client.post("/connexion/", {"nir": nir, "password": PASSWORD})
    else:
        with patch("accounts.services.sessions.audit.record"):
            answer = client.post("/connexion/", {"nir": nir, "password": PASSWORD})
    seconds = time.perf_counter() - begun
    assert answer.status_code == 302
    return seconds


if __name__ == "__main__":
    main()
