"""python -m tests.rights.yearly.worker ANNÉE FICHIER.csv [pauses]: a yearly run in small batches."""

import os
import sys
import time
from datetime import date

import django


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()
    from rights import yearly  # noqa: PLC0415 the models need the settings
    from rights.yearly import pace  # noqa: PLC0415

    year, path, *words = int(sys.argv[1]), *sys.argv[2:]
    pace.SHORTEST_PAUSE = pace.PAUSE_SHARE = 0  # so that a kill meets work, not a pause
    pause = 0.04 if "pauses" in words else 0  # so that whoever spends meanwhile meets the run
    with open(path, "rb") as stream:
        run = yearly.open_run(stream, year=year, name="dsn.csv", today=date(2022, 4, 15))
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        run = yearly.load_feed(run, stream, batch_lines=20)
    yearly.credit_everybody(run, batch_people=10, on_progress=lambda run: time.sleep(pause))


if __name__ == "__main__":
    main()
