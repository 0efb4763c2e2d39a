"""The database itself refuses to change or remove a movement, whoever asks: shell, SQL or a bug.

TRUNCATE stays allowed on PostgreSQL: it is the privilege of the table's owner, and the tests empty
the tables with it. SQLite has only DELETE for that, so the tests drop the triggers around it.

SQLite forgets the triggers of a table that a migration rebuilds: a migration that alters
rights_movement ends with `create`, and check_ledger tells when one is missing.
"""

from django.db.backends.base.base import BaseDatabaseWrapper

TABLES = ("rights_movement", "rights_hoursmovement")
NAMES = tuple(f"{table}_refuses_{event}" for table in TABLES for event in ("delete", "update"))

_SQLITE = """CREATE TRIGGER IF NOT EXISTS {table}_refuses_{event} BEFORE {event} ON {table}
    BEGIN SELECT RAISE(ABORT, '{table} is append-only: record another movement'); END"""
_POSTGRESQL_FUNCTION = """CREATE OR REPLACE FUNCTION rights_movement_refuse() RETURNS trigger
    LANGUAGE plpgsql AS $$ BEGIN
        RAISE EXCEPTION '% is append-only: record another movement', TG_TABLE_NAME
            USING ERRCODE = 'integrity_constraint_violation';
    END $$"""
_POSTGRESQL = """CREATE OR REPLACE TRIGGER {table}_refuses_{event} BEFORE {event} ON {table}
    FOR EACH ROW EXECUTE FUNCTION rights_movement_refuse()"""


def _for_each(statement: str) -> list[str]:
    return [
        statement.format(table=table, event=event)
        for table in TABLES
        for event in ("delete", "update")
    ]


_CREATE = {
    "sqlite": _for_each(_SQLITE),
    "postgresql": [_POSTGRESQL_FUNCTION, *_for_each(_POSTGRESQL)],
}
_DROP = {
    "sqlite": _for_each("DROP TRIGGER IF EXISTS {table}_refuses_{event}"),
    "postgresql": [
        *_for_each("DROP TRIGGER IF EXISTS {table}_refuses_{event} ON {table}"),
        "DROP FUNCTION IF EXISTS rights_movement_refuse()",
    ],
}
_LIST = {
    "sqlite": """SELECT name FROM sqlite_master WHERE type = 'trigger'
        AND tbl_name IN ('rights_movement', 'rights_hoursmovement')""",
    "postgresql": """SELECT tgname FROM pg_trigger
        WHERE tgrelid IN ('rights_movement'::regclass, 'rights_hoursmovement'::regclass)
        AND NOT tgisinternal AND tgenabled <> 'D'""",
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
