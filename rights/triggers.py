"""The database itself refuses to change or remove a movement, whoever asks: shell, SQL or a bug.

TRUNCATE stays allowed on PostgreSQL: it is the privilege of the table's owner, and the tests empty
the tables with it. SQLite has only DELETE for that, so the tests drop the triggers around it.

SQLite forgets the triggers of a table that a migration rebuilds: a migration that alters
rights_movement ends with `create`, and check_ledger tells when one is missing.
"""

from django.db.backends.base.base import BaseDatabaseWrapper

NAMES = ("rights_movement_refuses_delete", "rights_movement_refuses_update")
_MESSAGE = "rights_movement is append-only: record another movement"

_CREATE = {
    "sqlite": [
        f"""CREATE TRIGGER IF NOT EXISTS rights_movement_refuses_{event} BEFORE {event}
            ON rights_movement BEGIN SELECT RAISE(ABORT, '{_MESSAGE}'); END"""
        for event in ("delete", "update")
    ],
    "postgresql": [
        f"""CREATE OR REPLACE FUNCTION rights_movement_refuse() RETURNS trigger LANGUAGE plpgsql
            AS $$ BEGIN
                RAISE EXCEPTION '{_MESSAGE}' USING ERRCODE = 'integrity_constraint_violation';
            END $$""",
        *(
            f"""CREATE OR REPLACE TRIGGER rights_movement_refuses_{event} BEFORE {event}
                ON rights_movement FOR EACH ROW EXECUTE FUNCTION rights_movement_refuse()"""
            for event in ("delete", "update")
        ),
    ],
}
_DROP = {
    "sqlite": [f"DROP TRIGGER IF EXISTS {name}" for name in NAMES],
    "postgresql": [
        *(f"DROP TRIGGER IF EXISTS {name} ON rights_movement" for name in NAMES),
        "DROP FUNCTION IF EXISTS rights_movement_refuse()",
    ],
}
_LIST = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'rights_movement'",
    "postgresql": """SELECT tgname FROM pg_trigger
        WHERE tgrelid = 'rights_movement'::regclass AND NOT tgisinternal AND tgenabled <> 'D'""",
}


def create(connection: BaseDatabaseWrapper) -> None:
    """Make UPDATE and DELETE of a movement raise IntegrityError; nothing more when they do already."""
    _execute(connection, _CREATE)


def drop(connection: BaseDatabaseWrapper) -> None:
    """Let the movements be changed and removed; nothing more when they can be already."""
    _execute(connection, _DROP)


def missing(connection: BaseDatabaseWrapper) -> list[str]:
    """Return the names of the triggers that do not stand."""
    with connection.cursor() as cursor:
        cursor.execute(_LIST[connection.vendor])
        standing = {name for (name,) in cursor.fetchall()}
    return [name for name in NAMES if name not in standing]


def _execute(connection: BaseDatabaseWrapper, statements: dict[str, list[str]]) -> None:
    with connection.cursor() as cursor:
        for statement in statements[connection.vendor]:
            cursor.execute(statement)
