"""Temporary tables where a file is laid out whole, before the catalogue is touched at all.

They belong to the connection: while a file is read, nobody waits for it. The statements are made of
the model's own column names; everything that comes from a file is a parameter.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date

from django.db import connection, transaction

from catalogue.imports.drafts import COLUMNS, OfferDraft, SessionDraft

BATCH = 1000

OFFER_COLUMNS = ("serial", "line", "digest", "public_id", "number", "siret", "certification_code")
VALUE_COLUMNS = ("serial", *COLUMNS)
SESSION_COLUMNS = ("serial", *SessionDraft._fields)
TABLES = ("import_offer", "import_value", "import_session", "import_provider")

# What is looked up and marked is apart from the values: PostgreSQL writes the whole of a row that changes.
CREATE_OFFERS = """
    CREATE TEMPORARY TABLE import_offer AS
    SELECT id AS offer_id, id AS serial, id AS line, source AS kind, digest, public_id, number,
           public_id AS siret, public_id AS certification_code
    FROM catalogue_offer WHERE 1 = 0"""
CREATE_VALUES = f"""
    CREATE TEMPORARY TABLE import_value AS
    SELECT id AS serial, {", ".join(COLUMNS)} FROM catalogue_offer WHERE 1 = 0"""
CREATE_SESSIONS = f"""
    CREATE TEMPORARY TABLE import_session AS
    SELECT id AS serial, {", ".join(SessionDraft._fields)} FROM catalogue_session WHERE 1 = 0"""
CREATE_PROVIDERS = "CREATE TEMPORARY TABLE import_provider (siret varchar(14) PRIMARY KEY)"
# Long texts stay in their row: PostgreSQL would set them apart here, and again in the catalogue.
WHOLE_ROWS = "ALTER TABLE import_value SET (toast_tuple_target = 8160)"
INDEXES = (
    "CREATE INDEX import_offer_public_id ON import_offer (public_id, serial)",
    "CREATE INDEX import_value_serial ON import_value (serial)",
    "CREATE INDEX import_session_serial ON import_session (serial)",
)


class Staging:
    """The offers of one file, written in batches."""

    def __init__(self) -> None:
        self._offers: list[tuple] = []
        self._values: list[list] = []
        self._sessions: list[tuple] = []
        self._serial = 0
        self._adapt = _as_sqlite if connection.vendor == "sqlite" else tuple

    def add(self, draft: OfferDraft) -> None:
        """Lay an offer out; its sessions are numbered, and no two alike."""
        self._serial += 1
        serial, values = self._serial, draft.values()
        digest = draft.digest(values)
        key = (draft.public_id, draft.number, draft.siret, draft.certification_code)
        self._offers.append((serial, draft.line, digest, *key))
        self._values.append([serial, *values])
        adapt = self._adapt
        self._sessions += [(serial, *adapt(session)) for session in draft.sessions]
        if len(self._offers) >= BATCH:
            self.flush()

    def flush(self) -> None:
        with _apart(), connection.cursor() as cursor:
            _write(cursor, "import_offer", OFFER_COLUMNS, self._offers)
            _write(cursor, "import_value", VALUE_COLUMNS, self._values)
            _write(cursor, "import_session", SESSION_COLUMNS, self._sessions)
        self._offers, self._values, self._sessions = [], [], []

    def finish(self, sirets: Iterable[str]) -> None:
        """Lay the rest out, with the providers that the file is about, and make it quick to look up."""
        self.flush()
        with _apart(), connection.cursor() as cursor:
            _write(cursor, "import_provider", ("siret",), [(siret,) for siret in sirets])
            for statement in INDEXES:
                cursor.execute(statement)
            if connection.vendor == "postgresql":  # nobody else counts the rows of such tables
                for table in TABLES:
                    cursor.execute(f"ANALYZE {table}")


@contextmanager
def staging() -> Iterator[Staging]:
    """Make the tables, and drop them whatever happens."""
    with connection.cursor() as cursor:
        _drop(cursor)  # left by a connection that was not closed
        for statement in (CREATE_OFFERS, CREATE_VALUES, CREATE_SESSIONS, CREATE_PROVIDERS):
            cursor.execute(statement)
        if connection.vendor == "postgresql":
            cursor.execute(WHOLE_ROWS)
    try:
        yield Staging()
    finally:
        if not connection.needs_rollback:
            with connection.cursor() as cursor:
                _drop(cursor)


def _drop(cursor) -> None:
    for table in TABLES:
        cursor.execute(f"DROP TABLE IF EXISTS {table}")


@contextmanager
def _apart() -> Iterator[None]:
    """Write many rows at once without the lock on the catalogue that `atomic` takes on SQLite."""
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        with transaction.atomic(savepoint=False):
            yield
        return
    with connection.cursor() as cursor:
        cursor.execute("BEGIN DEFERRED")
        try:
            yield
        finally:
            cursor.execute("COMMIT")


def _write(cursor, table: str, columns: tuple[str, ...], rows: list) -> None:
    if not rows:
        return
    names = ", ".join(columns)
    if connection.vendor == "postgresql":
        with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
    else:
        marks = ", ".join(["%s"] * len(columns))
        cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", rows)


def _as_sqlite(session: SessionDraft) -> tuple:
    return tuple(value.isoformat() if isinstance(value, date) else value for value in session)
