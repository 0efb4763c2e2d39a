"""Django's deployment checks under production settings, nothing silenced: python -m tests.production_check"""

import subprocess
import sys
import tempfile

from tests.production import production_environment

COMMAND = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"]


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        environment = production_environment(VAR_DIR=folder)
        return subprocess.run(COMMAND, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
