"""Settings of the tests, with the durability of production on SQLite and keys that cost nothing."""

from tests.settings import *  # noqa: F403
from tests.settings import DATABASE

if DATABASE["ENGINE"] == "django.db.backends.sqlite3":
    DATABASE["OPTIONS"]["init_command"] = DATABASE["OPTIONS"]["init_command"].replace(
        "PRAGMA synchronous=OFF;", ""
    )
