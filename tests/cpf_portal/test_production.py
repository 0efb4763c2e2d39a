import subprocess
import sys

import pytest

from tests.production import production_environment

LOAD = [sys.executable, "-c", "import cpf_portal.wsgi"]


def start(tmp_path, **changes):
    environment = production_environment(VAR_DIR=str(tmp_path), DATABASE_URL=None, **changes)
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    return subprocess.run(LOAD, env=environment, capture_output=True, text=True, check=False)


def test_production_with_every_setting_starts(tmp_path):
    done = start(tmp_path)

    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECRET_KEY", None),
        ("SECRET_KEY", "court"),
        ("SECRET_KEY", "a" * 60),
        ("SECRET_KEY", "cle-de-developpement-sans-valeur-" * 2),
        ("NIR_ENCRYPTION_KEYS", None),
        ("NIR_ENCRYPTION_KEYS", "pas-une-cle"),
        ("NIR_ENCRYPTION_KEYS", "ZGV2ZWxvcHBlbWVudC1zYW5zLXZhbGV1ci0wMDAwMDE="),
        ("NIR_INDEX_KEY", None),
        ("NIR_INDEX_KEY", "de" * 32),
        ("NIR_INDEX_KEY", "zz"),
        ("AUDIT_KEY", None),
        ("AUDIT_KEY", "a5" * 32),
        ("ALLOWED_HOSTS", None),
        ("ALLOWED_HOSTS", "*"),
        ("SITE_URL", None),
        ("SITE_URL", "http://portail.example.org"),
        ("EMAIL_URL", None),
        ("DEFAULT_FROM_EMAIL", None),
        ("CAPTCHA_TEST_MODE", "true"),
        ("DEBUG", "true"),
        ("TRUSTED_PROXIES", "un"),
        ("PORTAL_SPENDING_REQUIRES", "rien"),
        ("PORTAL_SPENDING_REQUIRES", "identity"),
        ("PORTAL_CARD_PAYMENTS", "demonstration"),
        ("DATABASE_URL", "mysql://127.0.0.1/portail"),
    ],
)
def test_production_with_an_unsafe_setting_stops_with_one_sentence_that_names_it(
    tmp_path, name, value
):
    environment = production_environment(
        **{"VAR_DIR": str(tmp_path), "DATABASE_URL": None, name: value}
    )
    environment.pop("DJANGO_SETTINGS_MODULE", None)

    done = subprocess.run(LOAD, env=environment, capture_output=True, text=True, check=False)

    assert done.returncode == 3
    assert done.stderr.startswith(f"Le portail ne démarre pas : {name} ")
    assert done.stderr.count("\n") == 1


def test_manage_with_an_unsafe_setting_ends_with_the_sentence_alone(tmp_path):
    environment = production_environment(VAR_DIR=str(tmp_path), SECRET_KEY="court")
    environment.pop("DJANGO_SETTINGS_MODULE", None)

    done = subprocess.run(
        [sys.executable, "manage.py", "check"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 1
    assert done.stderr.startswith("SECRET_KEY ")
    assert "Traceback" not in done.stderr


FRANCECONNECT = {
    "FRANCECONNECT_CLIENT_ID": "portail",
    "FRANCECONNECT_CLIENT_SECRET": "secret-remis-par-franceconnect",
    "FRANCECONNECT_ISSUER": "https://idp.example.org/api/v2",
    "PORTAL_SPENDING_REQUIRES": "identity",
}


def test_production_with_franceconnect_starts(tmp_path):
    done = start(tmp_path, FRANCECONNECT_BUTTON="img/logo.svg", **FRANCECONNECT)

    assert done.returncode == 0, done.stderr


def test_production_refuses_an_unsafe_franceconnect(tmp_path):
    done = start(tmp_path, **(FRANCECONNECT | {"FRANCECONNECT_CLIENT_SECRET": ""}))

    assert done.returncode == 3
    assert done.stderr.startswith("Le portail ne démarre pas : FRANCECONNECT_CLIENT_SECRET ")
    assert done.stderr.count("\n") == 1
