import os
import subprocess
import sys

import pytest

SHOW = "from cpf_portal.settings import ALLOWED_HOSTS; print(*ALLOWED_HOSTS)"


@pytest.mark.parametrize(
    ("site", "host"),
    [
        ("http://127.0.0.1:8000", "127.0.0.1"),
        ("http://192.168.1.5:8001", "192.168.1.5"),
        ("http://0.0.0.0:8000", "*"),
    ],
)
def test_development_answers_under_the_host_that_it_is_run_on(tmp_path, site, host):
    environment = dict(os.environ, PORTAL_ENV="development", SITE_URL=site, VAR_DIR=str(tmp_path))
    environment.pop("ALLOWED_HOSTS", None)

    hosts = subprocess.run(
        [sys.executable, "-c", SHOW], env=environment, capture_output=True, text=True, check=True
    ).stdout.split()

    assert host in hosts
    assert ("*" in hosts) is (host == "*")
