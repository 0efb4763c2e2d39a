"""Requests per second and p95 of the main pages, as ratios to an empty Django view of the same run.

`make bench` starts gunicorn (gthread, 2 workers of 4 threads) with production settings on SQLite, the
demonstration catalogue and one person with eight movements; each page is measured in turn, ROUNDS
times, and the median round is kept. Ratios carry over from one machine to another, figures do not.
"""

import socket
import statistics
import subprocess
import sys
import time
from pathlib import Path

from tests.bench.load import Measure, run
from tests.net import free_port
from tests.serve import prepare, serve_environment

FOLDER = Path("var/bench")
ROUNDS = 5
REQUESTS = 300
CONNECTIONS = 8
PAGES = {
    "vue vide": ("/vide/", False),
    "accueil, visiteur": ("/", False),
    "accueil, connecté": ("/", True),
    "inscription": ("/inscription/", False),
    "recherche « anglais » à Lyon": ("/formations/?quoi=anglais&format=centre&ou=Lyon", False),
    "recherche à distance": ("/formations/?quoi=comptabilite&format=distance", False),
    "mes droits": ("/mes-droits/", True),
}


def main() -> None:
    port = free_port()
    environment = serve_environment(port, FOLDER) | {
        "DJANGO_SETTINGS_MODULE": "tests.bench.settings"
    }
    prepare(environment)
    cookie = subprocess.run(
        [sys.executable, "-m", "tests.bench.person"],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()
    server = subprocess.Popen(gunicorn(port), env=environment)
    try:
        wait_for(port)
        report(measure(port, cookie))
    finally:
        server.terminate()
        server.wait(timeout=20)


def measure(port: int, cookie: str) -> dict[str, Measure]:
    """Return the median round of each page; the rounds are interleaved and the first one warms up."""
    rounds: dict[str, list[Measure]] = {name: [] for name in PAGES}
    for number in range(ROUNDS + 1):
        for name, (path, is_personal) in PAGES.items():
            result = run(
                port,
                path,
                requests=REQUESTS,
                connections=CONNECTIONS,
                cookie=cookie if is_personal else "",
            )
            if number:
                rounds[name].append(result)
    return {
        name: Measure(
            *(statistics.median(values) for values in zip(*map(as_tuple, results), strict=True))
        )
        for name, results in rounds.items()
    }


def as_tuple(result: Measure) -> tuple[float, float, float]:
    return result.per_second, result.p50_ms, result.p95_ms


def report(results: dict[str, Measure]) -> None:
    base = results["vue vide"]
    rows = [f"{'page':32}{'req/s':>8}{'ratio':>8}{'p50 ms':>9}{'p95 ms':>9}{'ratio':>8}"]
    for name, result in results.items():
        rows.append(
            f"{name:32}{result.per_second:8.0f}{result.per_second / base.per_second:8.2f}"
            f"{result.p50_ms:9.1f}{result.p95_ms:9.1f}{result.p95_ms / base.p95_ms:8.2f}"
        )
    sys.stdout.write("\n".join(rows) + "\n")


def gunicorn(port: int) -> list[str]:
    return [
        sys.executable, "-m", "gunicorn", "cpf_portal.wsgi", "--bind", f"127.0.0.1:{port}",
        "--worker-class", "gthread", "--workers", "2", "--threads", "4", "--log-level", "error",
    ]  # fmt: skip


def wait_for(port: int) -> None:
    for _ in range(100):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError("le serveur ne démarre pas")


if __name__ == "__main__":
    main()
