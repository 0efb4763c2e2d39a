"""Tables whose lines the database itself refuses to change or remove, whoever asks: shell, SQL or a bug.

TRUNCATE stays allowed on PostgreSQL: it is the privilege of the table's owner, and the tests empty the
tables with it. SQLite has only DELETE for that, so the tests drop the triggers around it. SQLite also
forgets the triggers of a table that a migration rebuilds: such a migration ends with `create`.
"""

import json
from dataclasses import dataclass

from django.db.backends.base.base import BaseDatabaseWrapper

EVENTS = ("delete", "update")

_SQLITE = """CREATE TRIGGER IF NOT EXISTS {table}_refuses_{event} BEFORE {event} ON {table}
    {when} BEGIN SELECT RAISE(ABORT, '{table} {refusal}'); END"""
_POSTGRESQL_FUNCTION = """CREATE OR REPLACE FUNCTION {function}() RETURNS trigger
    LANGUAGE plpgsql AS $$ BEGIN
        {unless} RAISE EXCEPTION '% {refusal}', TG_TABLE_NAME
            USING ERRCODE = 'integrity_constraint_violation';
    END $$"""
_POSTGRESQL = """CREATE OR REPLACE TRIGGER {table}_refuses_{event} BEFORE {event} ON {table}
    FOR EACH ROW EXECUTE FUNCTION {function}()"""
_LIST = {
    "sqlite": """SELECT name FROM sqlite_master
        WHERE type = 'trigger' AND tbl_name IN (SELECT value FROM json_each(%s))""",
    "postgresql": """SELECT tgname FROM pg_trigger
        WHERE tgrelid IN (SELECT value::regclass FROM json_array_elements_text(%s::json))
        AND NOT tgisinternal AND tgenabled <> 'D'""",
}


@dataclass(frozen=True, slots=True)
class Guard:
    """The triggers of `tables`. All its words are ours: they stand in SQL as they are.

    `function` is the name of PostgreSQL's function, `refusal` what follows the name of the table in the
    error, `kept` a condition on OLD, true of the lines that may not be removed ("": of all).
    """

    tables: tuple[str, ...]
    function: str
    refusal: str
    kept: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the triggers, table by table."""
        return tuple(f"{table}_refuses_{event}" for table in self.tables for event in EVENTS)

    def create(self, connection: BaseDatabaseWrapper) -> None:
        """Make UPDATE and DELETE raise IntegrityError; nothing more when they do already."""
        if connection.vendor == "postgresql":
            unless = f"IF TG_OP = 'DELETE' AND NOT ({self.kept}) THEN RETURN OLD; END IF;"
            function = _POSTGRESQL_FUNCTION.format(
                function=self.function, refusal=self.refusal, unless=unless if self.kept else ""
            )
            _execute(connection, [function, *self._for_each(_POSTGRESQL)])
        else:
            _execute(connection, self._for_each(_SQLITE))

    def drop(self, connection: BaseDatabaseWrapper) -> None:
        """Let the lines be changed and removed; nothing more when they can be already."""
        if connection.vendor == "postgresql":
            drops = self._for_each("DROP TRIGGER IF EXISTS {table}_refuses_{event} ON {table}")
            _execute(connection, [*drops, f"DROP FUNCTION IF EXISTS {self.function}()"])
        else:
            _execute(connection, self._for_each("DROP TRIGGER IF EXISTS {table}_refuses_{event}"))

    def missing(self, connection: BaseDatabaseWrapper) -> list[str]:
        """Return the names of the triggers that do not stand."""
        with connection.cursor() as cursor:
            cursor.execute(_LIST[connection.vendor], [json.dumps(self.tables)])
            standing = {name for (name,) in cursor.fetchall()}
        return [name for name in self.names if name not in standing]

    def _for_each(self, statement: str) -> list[str]:
        return [
            statement.format(
                table=table,
                event=event,
                function=self.function,
                refusal=self.refusal,
                when=f"WHEN '{event}' = 'update' OR {self.kept}" if self.kept else "",
            )
            for table in self.tables
            for event in EVENTS
        ]


def _execute(connection: BaseDatabaseWrapper, statements: list[str]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
