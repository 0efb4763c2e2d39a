"""gunicorn (gthread) with production settings on the loopback, for load and security tests.

`make serve PORT=8000 WORKERS=2 THREADS=4`, then send `X-Forwarded-Proto: https` with each request, as
the TLS proxy of a production would. The data (the demonstration catalogue, nobody's account) and the
keys live in var/serve and are kept from one run to the next. A worker sends the mails to the log.
"""

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path

from tests.production import production_environment

FOLDER = Path("var/serve")
KEYS = ("SECRET_KEY", "NIR_ENCRYPTION_KEYS", "NIR_INDEX_KEY", "AUDIT_KEY")


def main() -> int:
    options = parse_options()
    environment = serve_environment(options.port)
    prepare(environment)
    worker = subprocess.Popen(manage("db_worker", "--queue-name", "*"), env=environment)
    try:
        return subprocess.run(gunicorn(options), env=environment, check=False).returncode
    except KeyboardInterrupt:
        return 0
    finally:
        worker.terminate()
        worker.wait(timeout=10)


def parse_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--threads", type=int, default=4)
    return parser.parse_args()


def serve_environment(port: int, folder: Path = FOLDER) -> dict[str, str]:
    """Return the variables of the server; the keys are drawn once, then read from `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    kept = folder / "keys.json"
    known = json.loads(kept.read_text()) if kept.exists() else {}
    if not known.keys() >= set(KEYS):
        drawn = production_environment()
        known = {name: drawn[name] for name in KEYS} | known
        kept.touch(mode=0o600)
        kept.write_text(json.dumps(known))
    return production_environment(
        **known,
        VAR_DIR=str(folder.resolve()),
        ALLOWED_HOSTS="127.0.0.1,localhost",
        SITE_URL=f"https://127.0.0.1:{port}",
        TRUSTED_PROXIES="1",
        EMAIL_URL="consolemail://",
    )


def prepare(environment: dict[str, str]) -> None:
    """Migrate, load the demonstration catalogue without people, collect the static files."""
    for command in (
        ["migrate", "--verbosity", "0"],
        ["load_demo", "--without-people"],
        ["collectstatic", "--noinput", "--verbosity", "0"],
    ):
        subprocess.run(manage(*command), env=environment, check=True)


def manage(*arguments: str) -> list[str]:
    return [sys.executable, "manage.py", *arguments]


def gunicorn(options: argparse.Namespace) -> list[str]:
    return [
        sys.executable, "-m", "gunicorn", "-c", "python:cpf_portal.serving", "cpf_portal.wsgi",
        "--bind", f"127.0.0.1:{options.port}",
        "--workers", str(options.workers),
        "--threads", str(options.threads),
        "--forwarded-allow-ips", "127.0.0.1",
        "--log-level", os.environ.get("GUNICORN_LOG_LEVEL", "warning"),
    ]  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
