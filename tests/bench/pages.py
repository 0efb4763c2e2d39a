"""Pages of results under gunicorn, against an empty view of the same server."""

import statistics
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlencode

from tests.bench.__main__ import gunicorn, wait_for
from tests.bench.load import run
from tests.net import free_port
from tests.serve import manage, serve_environment

ROUNDS = 5
REQUESTS = 240
CONNECTIONS = 16
SEARCHES = (
    {"quoi": "anglais"},
    {"quoi": "anglais", "ou": "Toulouse", "format": "centre"},
    {"quoi": "comptabilité", "certification": "rncp"},
    {"quoi": "permis B", "ou": "Lyon"},
    {"quoi": "excel", "format": "distance"},
    {"quoi": "aide-soignante", "page": 2},
)


def measure(folder: Path) -> None:
    """Print the requests a second of the pages, as a ratio to those of the empty view."""
    port = free_port()
    environment = serve_environment(port, folder) | {
        "DJANGO_SETTINGS_MODULE": "tests.bench.settings"
    }
    for arguments in (["collectstatic", "--noinput", "--verbosity", "0"],):
        subprocess.run(manage(*arguments), env=environment, check=True)
    server = subprocess.Popen(gunicorn(port), env=environment)
    try:
        wait_for(port)
        report(port)
    finally:
        server.terminate()
        server.wait(timeout=20)


def report(port: int) -> None:
    empty, results = [], []
    paths = [f"/formations/?{urlencode(parameters)}" for parameters in SEARCHES]
    for number in range(ROUNDS + 1):
        base = per_second(port, "/vide/")
        pages = [per_second(port, path) for path in paths]
        if number:
            empty.append(base)
            results.append(statistics.harmonic_mean(pages))
    ratio = statistics.median(results) / statistics.median(empty)
    sys.stdout.write(
        f"page de résultats : {statistics.median(results):.0f} requêtes/s, vue vide :"
        f" {statistics.median(empty):.0f}, rapport {ratio:.3f} (au moins 0,12, but 0,25)\n"
    )


def per_second(port: int, path: str) -> float:
    return run(port, path, requests=REQUESTS, connections=CONNECTIONS).per_second
