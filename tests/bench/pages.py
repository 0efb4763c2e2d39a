"""Pages of results under gunicorn, against an empty view of the same server."""

import json
import statistics
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlencode

from catalogue.models import Offer
from tests.bench.__main__ import gunicorn, wait_for
from tests.bench.load import run
from tests.bench.searches import parameters
from tests.bench.table import Table, say
from tests.net import free_port
from tests.serve import manage, serve_environment

ROUNDS = 5
EMPTY_REQUESTS = 1200
A_PAGE = 100
CONNECTIONS = 16
NEW_SEARCHES = 60


def measure(folder: Path, table: Table) -> None:
    """Measure the requests a second of the pages, the queries of each, and the memory of a worker."""
    port = free_port()
    environment = serve_environment(port, folder) | {
        "DJANGO_SETTINGS_MODULE": "tests.bench.settings"
    }
    subprocess.run(
        manage("collectstatic", "--noinput", "--verbosity", "0"), env=environment, check=True
    )
    server = subprocess.Popen(gunicorn(port), env=environment)
    try:
        wait_for(port)
        compare(port, table)
    finally:
        server.terminate()
        server.wait(timeout=20)
    worker = subprocess.run(
        [sys.executable, "-m", "tests.bench.worker"],
        env=environment,
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    found = json.loads(worker.stdout)
    table.at_most("requêtes SQL d’une page, la plus chère", found["queries"], 3)
    table.at_most("mémoire d’un processus, hors projet vide", found["megabytes"], 150, " Mo")


def compare(port: int, table: Table) -> None:
    paths = [address(**asked) for asked in parameters()]
    for path in paths:
        per_second(port, path, 4)  # both workers have seen it
    empty, kept = [], []
    for _round in range(ROUNDS):
        empty.append(per_second(port, "/vide/", EMPTY_REQUESTS))
        kept.append(statistics.harmonic_mean(per_second(port, path, A_PAGE) for path in paths[::5]))
    new = [all_new(port, paths) for paths in new_searches()]
    base = statistics.median(empty)
    say(
        f"vue vide {base:.0f} requêtes/s, page {statistics.median(kept):.0f},"
        f" page d’une recherche jamais faite {statistics.median(new):.0f}"
    )
    table.at_least(
        "page de résultats, rapport à une vue vide", statistics.median(kept) / base, 0.12
    )
    say(f"  (la même, de recherches jamais faites : {statistics.median(new) / base:.3f})")


def new_searches() -> list[list[str]]:
    """Return addresses that nobody has asked for: titles of the catalogue, for each round."""
    titles = Offer.objects.order_by("title").values_list("title", flat=True).distinct()
    chosen = list(titles[: ROUNDS * NEW_SEARCHES])
    return [
        [address(quoi=title) for title in chosen[number::ROUNDS]]
        for number in range(ROUNDS)
        if chosen[number::ROUNDS]
    ]


def all_new(port: int, paths: list[str]) -> float:
    return run(port, paths, requests=len(paths), connections=CONNECTIONS).per_second


def address(**asked) -> str:
    return f"/formations/?{urlencode(asked, doseq=True)}"


def per_second(port: int, path: str, requests: int) -> float:
    return run(port, path, requests=requests, connections=CONNECTIONS).per_second
