"""Settings of the tests: the portal's own, with at most a handful of differences."""

import os
from pathlib import Path

os.environ["PORTAL_ENV"] = "test"
# A developer's own data are never touched: neither by a variable nor by a .env file.
os.environ["VAR_DIR"] = str(Path(__file__).parent.parent / "var" / "tests")
os.environ["DATABASE_URL"] = os.environ.get("TEST_DATABASE_URL") or (
    f"sqlite:///{os.environ['VAR_DIR']}/portal.sqlite3"
)

from cpf_portal.settings import *  # noqa: F403 the lines above must come first
from cpf_portal.settings import DATABASE, STORAGES, VAR_DIR

if DATABASE["ENGINE"] == "django.db.backends.sqlite3":
    # A file, so that parallel requests meet as they do in production; nothing of it must last.
    # Of this process, so that two runs at once do not share it.
    DATABASE["TEST"] = {"NAME": str(VAR_DIR / f"test-{os.getpid()}.sqlite3")}
    DATABASE["OPTIONS"]["init_command"] += "PRAGMA synchronous=OFF;"

else:
    DATABASE["CONN_MAX_AGE"] = 0  # no thread keeps a connection that would hold the test database

# Argon2id costs 25 ms a hash on purpose; one test proves that production uses it.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
# Served straight from their source, without a collectstatic before each run.
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
