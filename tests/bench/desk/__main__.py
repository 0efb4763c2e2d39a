"""The desk in a real browser on a full portal: python -m tests.bench.desk [PEOPLE] [ROUNDS].

Fills a database with PEOPLE titulaires and ten movements each, serves it by gunicorn with production
settings over TLS, and has Chromium do each task of the desk ROUNDS times, by clicking and typing.
Ends with 1 when an answer needed more than twelve queries. `make bench-desk` runs it on both databases.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.audit.certificate import write_certificate
from tests.bench.__main__ import wait_for
from tests.net import free_port
from tests.serve import manage, serve_environment

LONGEST = 3600  # seconds: it ends by itself, whatever happens


def main() -> int:
    options = parse_options()
    with tempfile.TemporaryDirectory(prefix="portal-desk-") as made:
        folder = options.keep or Path(made)
        port = free_port()
        environment = desk_environment(folder, port)
        run = Runner(environment)
        for command in (["migrate"], ["collectstatic", "--noinput"]):
            run.wait(manage(*command, "--verbosity", "0"))
        run.wait(child("filling", str(options.people)))
        run.wait(manage("rebuild_index"), stdout=subprocess.DEVNULL)
        with (
            run.beside(gunicorn(port, folder), log=folder / "server.log"),
            run.beside(manage("db_worker", "--queue-name", "*"), log=folder / "worker.log"),
        ):
            wait_for(port)
            walk = child("walk", f"https://127.0.0.1:{port}", str(options.rounds), options.only)
            return subprocess.run(walk, env=environment, check=False, timeout=LONGEST).returncode


def parse_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("people", type=int, nargs="?", default=100_000)
    parser.add_argument("rounds", type=int, nargs="?", default=3)
    parser.add_argument("--keep", type=Path, help="a folder whose database serves again")
    parser.add_argument("--only", default="", help="the tasks whose name has this in it")
    return parser.parse_args()


def desk_environment(folder: Path, port: int) -> dict[str, str]:
    """Return the variables of a production on the database of TEST_DATABASE_URL, or of `folder`."""
    sqlite = f"sqlite:///{folder.resolve()}/desk.sqlite3"
    return serve_environment(port, folder) | {
        "DJANGO_SETTINGS_MODULE": "tests.bench.desk.settings",
        "DJANGO_ALLOW_ASYNC_UNSAFE": "true",  # the browser's loop runs beside our look-ups
        "DATABASE_URL": os.environ.get("TEST_DATABASE_URL") or sqlite,
        "TRUSTED_PROXIES": "0",
        "LOG_LEVEL": "WARNING",
        "DESK_LOG": str(folder.resolve() / "answers.jsonl"),
    }


def child(part: str, *arguments: str) -> list[str]:
    return [sys.executable, "-m", "tests.bench.desk.child", part, *arguments]


def gunicorn(port: int, folder: Path) -> list[str]:
    key, certificate = write_certificate(folder)
    return [
        sys.executable, "-m", "gunicorn", "-c", "python:cpf_portal.serving", "cpf_portal.wsgi",
        "--bind", f"127.0.0.1:{port}", "--workers", "1", "--threads", "16",
        "--keyfile", str(key), "--certfile", str(certificate), "--access-logfile", "/dev/null",
        "--log-level", "error",
    ]  # fmt: skip


class Runner:
    """Starts the processes of the bench, and ends those that it started."""

    def __init__(self, environment: dict[str, str]) -> None:
        self.environment = environment

    def wait(self, command: list[str], **options) -> None:
        subprocess.run(command, env=self.environment, check=True, timeout=LONGEST, **options)

    @contextmanager
    def beside(self, command: list[str], log: Path) -> Iterator[None]:
        with log.open("w") as output:
            process = subprocess.Popen(
                command, env=self.environment, stdout=output, stderr=subprocess.STDOUT
            )
            try:
                yield
            finally:
                process.terminate()
                try:
                    process.wait(timeout=20)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait(timeout=20)


if __name__ == "__main__":
    sys.exit(main())
