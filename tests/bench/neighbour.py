"""python -m tests.bench.neighbour: somebody who spends while the yearly run goes on, and how long she waits.

Until its standard input closes, this process adds a cent to one account and takes it back, by the
conditional UPDATE of the ledger; then it prints how many writes it made, and the longest and the 99th
percentile of their durations, in milliseconds.
"""

import os
import random
import select
import sys
import time

import django

EVERY = 0.02


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.bench.credit_settings")
    django.setup()
    from rights.models import RightsAccount  # noqa: PLC0415 needs the settings

    accounts = list(RightsAccount.objects.order_by("pk").values_list("pk", flat=True)[:200_000])
    waits, chance = [write(accounts[0])], random.Random(6323)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    waits.clear()
    while not select.select([sys.stdin], [], [], EVERY)[0]:
        waits.append(write(chance.choice(accounts)))
    waits.sort()
    sys.stdout.write(f"{len(waits)} {waits[-1]:.0f} {waits[len(waits) * 99 // 100]:.0f}\n")


def write(account: int) -> float:
    """Return the milliseconds of one write to `account` and of its commit."""
    from django.db import transaction  # noqa: PLC0415

    from rights.models import RightsAccount  # noqa: PLC0415
    from rights.services.ledger import _add  # noqa: PLC0415

    started = time.perf_counter()
    with transaction.atomic():
        _add(RightsAccount, account, {"cpf_cents": 1})
        _add(RightsAccount, account, {"cpf_cents": -1})
    return (time.perf_counter() - started) * 1000


if __name__ == "__main__":
    main()
