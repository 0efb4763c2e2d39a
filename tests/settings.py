"""Settings of the tests: the portal's own, with at most a handful of differences."""

import os

os.environ["PORTAL_ENV"] = "test"
if url := os.environ.get("TEST_DATABASE_URL"):
    os.environ["DATABASE_URL"] = url
else:
    os.environ.pop("DATABASE_URL", None)  # a developer's own database is never touched

from cpf_portal.settings import *  # noqa: F403 the line above must come first

# Argon2id costs 25 ms a hash on purpose; one test proves that production uses it.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES = {
    **STORAGES,  # noqa: F405
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
