"""What another process needs to work on the database of a test."""

from django.db import connection


def database_url() -> str:
    """Return the database of this test, as another process names it (TEST_DATABASE_URL)."""
    settings = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{settings['NAME']}"
    return f"postgres://{settings['USER']}@{settings['HOST']}:{settings['PORT']}/{settings['NAME']}"
