"""The yearly credit as a ratio to the plain INSERT … SELECT of the same rows: make bench-credit.

Makes a database of its own with PEOPLE titulaires and loads a feed of 1,25 lines a person; then the
run credits them, and the rows that it wrote are written once more by one statement into an empty
ledger, which is the base of the ratio.
"""

import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from itertools import pairwise
from pathlib import Path

import django

CHUNK = 20_000
LEDGER = ("rights_movement", "rights_hoursmovement")
EMPTY = {"postgresql": "TRUNCATE {} CASCADE", "sqlite": "DELETE FROM {}"}
KEPT_BALANCES = """
    CREATE TEMPORARY TABLE kept_balances AS
    SELECT id, cpf_cents, public_hours FROM rights_rightsaccount
    WHERE cpf_cents > 0 OR public_hours > 0
"""
PLAIN_BALANCES = """
    UPDATE rights_rightsaccount
    SET cpf_cents = rights_rightsaccount.cpf_cents + k.cpf_cents,
        public_hours = rights_rightsaccount.public_hours + k.public_hours
    FROM kept_balances k WHERE k.id = rights_rightsaccount.id
"""


def main() -> None:
    people = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with tempfile.TemporaryDirectory(prefix="portal-credit-") as folder:
        if not os.environ.get("TEST_DATABASE_URL"):
            os.environ["TEST_DATABASE_URL"] = f"sqlite:///{folder}/credit.sqlite3"
        os.environ["DJANGO_SETTINGS_MODULE"] = "tests.bench.credit_settings"
        django.setup()
        from django.core.management import call_command  # noqa: PLC0415 needs the settings

        call_command("migrate", verbosity=0)
        measure(people, Path(folder) / "dsn.csv")


def measure(people: int, feed: Path) -> None:
    from django.db import connection  # noqa: PLC0415

    from rights import yearly  # noqa: PLC0415
    from rights.audit import find_faults  # noqa: PLC0415

    tell(f"{connection.vendor}, {people} titulaires, un peu plus d’une ligne chacun")
    write_people(people, feed)
    with feed.open("rb") as stream:
        run = yearly.open_run(stream, year=2021, name=feed.name, today=date(2022, 4, 15))
        run, loading = timed(lambda: yearly.load_feed(run, stream))
    with neighbour() as waits:
        started, marks = time.perf_counter(), []
        run = yearly.credit_everybody(run, on_progress=lambda _: marks.append(time.perf_counter()))
        cleaned = time.perf_counter() - marks[-1]
    crediting = marks[-1] - started
    # the first mark also ends the preparation, which keeps nobody waiting
    slowest = max(after - before for before, after in pairwise(marks))
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    movements, both = timed_plain_writes()
    checking = timed(lambda: list(find_faults()))[1]
    tell(f"lecture du fichier          {loading:8.2f} s  ({run.lines_read / loading:.0f} lignes/s)")
    tell(f"alimentation                {crediting:8.2f} s  ({run.credited} mouvements)")
    tell(f"INSERT … SELECT seul        {movements:8.2f} s  ratio {crediting / movements:.2f}")
    tell(f"le même et les soldes       {both:8.2f} s  ratio {crediting / both:.2f}")
    tell(f"plus long lot, pause comprise{slowest * 1000:7.0f} ms  ({len(marks)} lots)")
    tell(
        f"attente d’un voisin         {waits[1]:8} ms  (99 % sous {waits[2]} ms, {waits[0]} écritures)"
    )
    tell(f"mémoire de tout le processus{memory:8.0f} Mio")
    tell(f"ménage des lignes lues      {cleaned:8.2f} s")
    tell(f"check_ledger                {checking:8.2f} s")


@contextmanager
def neighbour() -> Iterator[list[str]]:
    """Let another process write meanwhile; its counts come when it ends."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.bench.neighbour"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    process.stdout.readline()  # ready
    waits: list[str] = []
    try:
        yield waits
    finally:
        waits += process.communicate(timeout=60)[0].split()


def write_people(people: int, feed: Path) -> None:
    from django.utils import timezone  # noqa: PLC0415

    from accounts.models import Titulaire  # noqa: PLC0415
    from accounts.nir import Nir  # noqa: PLC0415
    from rights.models import RightsAccount  # noqa: PLC0415

    now = timezone.now()
    with feed.open("w", encoding="utf-8") as file:
        file.write("nir;statut;quotite;du;au\n")
        for first in range(0, people, CHUNK):
            rows = []
            for n in range(first, min(first + CHUNK, people)):
                nir = Nir(number(n))
                # encrypted once for all: it is not what is measured
                row = Titulaire(birth_name="Personne", birth_name_folded="personne")
                row.nir = nir
                row.created_at = now
                rows.append(row)
                write_lines(file, n, nir.value)
            created = Titulaire.objects.bulk_create(rows, batch_size=2000)
            RightsAccount.objects.bulk_create(
                [RightsAccount(titulaire=row) for row in created], batch_size=2000
            )


def number(n: int) -> str:
    """Return a number of somebody born abroad in the 998th country, which nobody is."""
    month, rest = n % 12 + 1, n // 12
    year, rest = 40 + rest % 50, rest // 50
    department, rest = 60 + rest % 30, rest // 30
    born = f"{1 + n % 2}{year:02d}{month:02d}{department:02d}"
    return f"{born}{998 - rest // 999:03d}{rest % 999 + 1:03d}"


def write_lines(file, n: int, nir: str) -> None:
    status = ("salarie",) * 8 + ("independant", "agent_public")
    share = (100, 100, 100, 80, 60, 50, 40, f"{n % 50 + 1},{n % 97:02d}")[n % 8]
    file.write(f"{nir};{status[n % 10]};{share};01/01/2021;{28 if n % 3 else 31}/{n % 12 + 1:02d}/2021\n"
               if n % 3 else f"{nir};{status[n % 10]};{share};01/01/2021;31/12/2021\n")  # fmt: skip
    if n % 4 == 0:
        file.write(f"{nir};salarie;{n % 30 + 1};01/06/2021;31/12/2021\n")


def timed_plain_writes() -> tuple[float, float]:
    """Write the rows of the run once more, by the statements that nobody could do without."""
    from django.db import connection  # noqa: PLC0415

    from rights import triggers  # noqa: PLC0415

    with connection.cursor() as cursor:
        triggers.drop(connection)
        for table in LEDGER:
            cursor.execute(f"CREATE TEMPORARY TABLE kept_{table} AS SELECT * FROM {table}")  # noqa: S608
            cursor.execute(EMPTY[connection.vendor].format(table))
        cursor.execute(KEPT_BALANCES)
        cursor.execute("UPDATE rights_rightsaccount SET cpf_cents = 0, public_hours = 0")
        triggers.create(connection)
        if connection.vendor == "postgresql":
            cursor.execute("VACUUM FULL ANALYZE rights_rightsaccount")
            cursor.execute("ANALYZE kept_balances")
    inserting = sum(
        timed_statement(f"INSERT INTO {table} SELECT * FROM kept_{table}")  # noqa: S608
        for table in LEDGER
    )
    return inserting, inserting + timed_statement(PLAIN_BALANCES)


def timed_statement(statement: str) -> float:
    """Return the seconds of one statement and of its commit."""
    from django.db import connection  # noqa: PLC0415

    started = time.perf_counter()
    with connection.cursor() as cursor:
        cursor.execute(statement)
    return time.perf_counter() - started


def timed(function: Callable):
    started = time.perf_counter()
    result = function()
    return result, time.perf_counter() - started


def tell(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
