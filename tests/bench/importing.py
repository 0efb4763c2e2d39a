"""`make bench-import`: what an import costs beside what it cannot do without.

The ratio is the time of `import_catalogue` on an empty catalogue to that of a bare `lxml.iterparse` of
the same file plus the database's own bulk load of the same rows (COPY, or executemany in one
transaction), on SQLite and on PostgreSQL. Ratios carry over from one machine to another, seconds do not.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

from tests.clock import own_time
from tests.postgres import temporary_postgres

TABLES = ("catalogue_offer", "catalogue_session")
TARGET = 4.0


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--offers", type=int, default=25_000)
    parser.add_argument("--child", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--make", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--prepare", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.prepare:
        return prepare()
    if options.make:
        return make(options.make, options.offers)
    if options.child:
        return child(options.child)
    with tempfile.TemporaryDirectory(prefix="portal-bench-") as folder:
        return measure(Path(folder), options.offers)


def measure(folder: Path, offers: int) -> int:
    file = folder / "catalogue.xml"
    sqlite = f"sqlite:///{folder}/bench.sqlite3"
    run(folder, sqlite, "--make", str(file), "--offers", str(offers))
    megabytes = file.stat().st_size / 1e6
    print(f"{offers} offres, {megabytes:.0f} Mo", flush=True)  # noqa: T201
    found = measured(folder, sqlite, file)
    print(line("SQLite", found), flush=True)  # noqa: T201
    worst = found["ratio"]
    with temporary_postgres() as url:
        found = measured(folder, url, file)
    print(line("PostgreSQL", found))  # noqa: T201
    return int(max(worst, found["ratio"]) > TARGET)


def measured(folder: Path, url: str, file: Path) -> dict:
    """Measure an import in a process of its own: the memory that loading the communes took is not its."""
    run(folder, url, "--prepare")
    return run(folder, url, "--child", str(file))


def line(name: str, found: dict) -> str:
    return (
        f"{name:<11} import {found['import']:6.1f} s, iterparse seul {found['parse']:5.1f} s, chargement"
        f" seul {found['load']:5.1f} s : rapport {found['ratio']:.2f} (au plus {TARGET:.0f}) ;"
        f" encore le même fichier {found['again']:.1f} s ; mémoire {found['megabytes']:.0f} Mo"
    )


def run(folder: Path, url: str, *arguments: str) -> dict:
    environment = {
        **os.environ,
        "PORTAL_ENV": "development",
        "DATABASE_URL": url,
        "VAR_DIR": str(folder / "var"),
        "LOG_LEVEL": "CRITICAL",
        "DJANGO_SETTINGS_MODULE": "cpf_portal.settings",
    }
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.importing", *arguments],
        env=environment,
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    return json.loads(done.stdout.splitlines()[-1])


def prepare() -> int:
    set_up()
    from django.core.management import call_command  # noqa: PLC0415 only once Django is set up

    call_command("migrate", verbosity=0)
    call_command("load_communes", verbosity=0)
    print("{}")  # noqa: T201
    return 0


def set_up() -> None:
    import django  # noqa: PLC0415 the settings come from the environment of the child

    django.setup()


def make(file: Path, offers: int) -> int:
    """Write a catalogue as providers do: its long texts are HTML, escaped, to be cleaned one by one."""
    prepare()
    from django.utils import timezone  # noqa: PLC0415 as above

    from catalogue.exports import write_lheo  # noqa: PLC0415 as above
    from cpf_portal.demo.national import NationalCatalogue  # noqa: PLC0415 as above

    made = NationalCatalogue(offers, 1, timezone.localdate())
    drafts = (
        replace(draft, content=as_html(draft.content), objectives=as_html(draft.objectives))
        for draft in made.offers()
    )
    with file.open("wb") as stream:
        write_lheo(HtmlFile(stream), drafts, made.providers())
    print("{}")  # noqa: T201
    return 0


def as_html(text: str) -> str:
    items = "".join(f"<li>{line[2:]}</li>" for line in text.split("\n") if line.startswith("- "))
    others = "".join(f"<p>{line}</p>" for line in text.split("\n") if not line.startswith("- "))
    return f"<ul>{items}</ul>{others}"


class HtmlFile:
    """Leaves out the mark by which our own exports say that their texts are plain."""

    def __init__(self, stream) -> None:
        self._stream = stream

    def write(self, data: bytes) -> None:
        self._stream.write(data.replace(b' info="texte"', b"", 1))


def child(file: Path) -> int:
    set_up()
    first = timed_import(file)
    megabytes = peak_megabytes()
    again = timed_import(file)
    load = timed_load()
    parse = timed_parse(file)
    found = {"import": first, "again": again, "load": load, "parse": parse, "megabytes": megabytes}
    print(json.dumps(found | {"ratio": first / (load + parse)}))  # noqa: T201
    return 0


def timed_import(file: Path) -> float:
    from catalogue.imports import import_path  # noqa: PLC0415 as above
    from catalogue.models import ImportReport, ImportState  # noqa: PLC0415 as above

    row = ImportReport(file_name=file.name)
    start = clock()
    import_path(file, row)
    seconds = clock() - start
    assert row.state == ImportState.DONE, row.reason
    return seconds


def clock() -> float:
    """Return a time without what a busy machine makes this process and its database server wait."""
    from django.db import connection  # noqa: PLC0415 as above

    if connection.vendor != "postgresql":
        return own_time()
    connection.ensure_connection()
    return own_time(connection.connection.info.backend_pid)


def peak_megabytes() -> float:
    import resource  # noqa: PLC0415 of Unix only, as the bench

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000


def timed_parse(file: Path) -> float:
    from lxml import etree  # noqa: PLC0415 not part of what the child measures first

    start = clock()
    for _event, element in etree.iterparse(file):
        element.clear()
    return clock() - start


def timed_load() -> float:
    """Empty the two tables, then load the same rows again as the database does it best."""
    from django.db import connection  # noqa: PLC0415 as above

    if connection.vendor == "postgresql":
        return load_postgres(connection)
    return load_sqlite(connection)


def load_postgres(connection) -> float:
    held = {}
    with connection.cursor() as cursor, tempfile.TemporaryDirectory() as folder:
        for table in TABLES:
            held[table] = Path(folder) / table
            with held[table].open("wb") as file, cursor.copy(f"COPY {table} TO STDOUT") as copy:
                for data in copy:
                    file.write(data)
        cursor.execute(f"TRUNCATE {', '.join(TABLES)} CASCADE")
        start = clock()
        for table, path in held.items():
            with path.open("rb") as file, cursor.copy(f"COPY {table} FROM STDIN") as copy:
                while data := file.read(256 * 1024):
                    copy.write(data)
        return clock() - start


def load_sqlite(connection) -> float:
    with connection.cursor() as cursor:
        held = {}
        for table in TABLES:
            cursor.execute(f"SELECT * FROM {table}")  # noqa: S608 a name of ours
            held[table] = list(cursor.fetchall())
        for table in reversed(TABLES):
            cursor.execute(f"DELETE FROM {table}")  # noqa: S608 a name of ours
        start = clock()
        cursor.execute("BEGIN")
        for table, rows in held.items():
            marks = ", ".join(["%s"] * len(rows[0]))
            cursor.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)  # noqa: S608 as above
        cursor.execute("COMMIT")
        return clock() - start


if __name__ == "__main__":
    sys.exit(main())
