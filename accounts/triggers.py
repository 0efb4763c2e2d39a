"""The database itself refuses to change a line of the audit trail, or to remove one before its anchor.

The anchor is the last line that retention purged (accounts.audit.purge): it is sealed, so that moving it
by hand is found by audit_verify. As for the ledger (rights/triggers.py), TRUNCATE stays allowed on
PostgreSQL, and a migration that rebuilds the table on SQLite ends with `create`.
"""

from django.db.backends.base.base import BaseDatabaseWrapper

TABLE = "accounts_auditevent"
EVENTS = ("delete", "update")
NAMES = tuple(f"{TABLE}_refuses_{event}" for event in EVENTS)

_KEPT = """COALESCE((SELECT position FROM accounts_auditmark WHERE name = 'anchor'), 0) < OLD.position"""
_SQLITE = """CREATE TRIGGER IF NOT EXISTS {table}_refuses_{event} BEFORE {event} ON {table}
    WHEN '{event}' = 'update' OR {kept}
    BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"""
_POSTGRESQL_FUNCTION = f"""CREATE OR REPLACE FUNCTION accounts_audit_refuse() RETURNS trigger
    LANGUAGE plpgsql AS $$ BEGIN
        IF TG_OP = 'DELETE' AND NOT ({_KEPT}) THEN RETURN OLD; END IF;
        RAISE EXCEPTION '% is append-only', TG_TABLE_NAME
            USING ERRCODE = 'integrity_constraint_violation';
    END $$"""
_POSTGRESQL = """CREATE OR REPLACE TRIGGER {table}_refuses_{event} BEFORE {event} ON {table}
    FOR EACH ROW EXECUTE FUNCTION accounts_audit_refuse()"""


def _for_each(statement: str) -> list[str]:
    return [statement.format(table=TABLE, event=event, kept=_KEPT) for event in EVENTS]


_CREATE = {
    "sqlite": _for_each(_SQLITE),
    "postgresql": [_POSTGRESQL_FUNCTION, *_for_each(_POSTGRESQL)],
}
_DROP = {
    "sqlite": _for_each("DROP TRIGGER IF EXISTS {table}_refuses_{event}"),
    "postgresql": [
        *_for_each("DROP TRIGGER IF EXISTS {table}_refuses_{event} ON {table}"),
        "DROP FUNCTION IF EXISTS accounts_audit_refuse()",
    ],
}
_LIST = {
    "sqlite": """SELECT name FROM sqlite_master
        WHERE type = 'trigger' AND tbl_name = 'accounts_auditevent'""",
    "postgresql": """SELECT tgname FROM pg_trigger
        WHERE tgrelid = 'accounts_auditevent'::regclass AND NOT tgisinternal AND tgenabled <> 'D'""",
}


def create(connection: BaseDatabaseWrapper) -> None:
    """Make the database guard the trail; nothing more when it does already."""
    _execute(connection, _CREATE)


def drop(connection: BaseDatabaseWrapper) -> None:
    """Let the lines be changed and removed; nothing more when they can be already."""
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
