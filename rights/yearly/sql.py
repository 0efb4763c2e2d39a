"""The statements of the credit, the same on both databases but for two words.

The rule itself is not here: `rights.rules.yearly` answers once for each profile (Entitlement), these
statements join the answers to the people and apply `below_cap` and `hours_below_cap`.
"""

from typing import Any

from django.db import connection

from rights.rules.work import FULL_YEAR
from rights.rules.yearly import BOETH, ESAT, LOW_QUALIFIED, TOO_YOUNG

ROWS_AT_ONCE = 500
PROFILE = ("salarie_work", "independant_work", "agent_work", "agent_c_work", "flags")


def _work(*statuses: str) -> str:
    """The work of a person in these statuses, a full year at most."""
    names = ", ".join(f"'{status}'" for status in statuses)
    total = f"SUM(CASE WHEN a.status IN ({names}) THEN a.work ELSE 0 END)"
    return f"CAST(CASE WHEN {total} > {FULL_YEAR} THEN {FULL_YEAR} ELSE {total} END AS BIGINT)"


def _has(status: str) -> str:
    return f"MAX(CASE WHEN a.status = '{status}' THEN 1 ELSE 0 END)"


def _in_batch(column: str) -> str:
    """The range of the batch, said of each table: else a planner may read all of it for each batch."""
    return f"{column} > %(after)s AND {column} <= %(upto)s"


Values = dict[str, Any]
TABLES = ("credit_people", "credit_profile", "credit_entitlement", "credit_ready", "credit_batch")

# Everybody who is not credited yet, each with the profile of her year.
PEOPLE = f"""
    CREATE TEMPORARY TABLE credit_people AS
    SELECT a.titulaire_id, {_work("salarie", "apprenti")} AS salarie_work,
        {_work("independant")} AS independant_work, {_work("agent_public")} AS agent_work,
        {_work("agent_public_c")} AS agent_c_work,
        {ESAT} * {_has("esat")}
        + COALESCE(MAX(d.flags), 0)
        + {TOO_YOUNG} * CASE
            WHEN MAX(t.birth_year) IN (%(under_apprentice)s) THEN 1
            WHEN MAX(t.birth_year) IN (%(under_opening)s) AND {_has("apprenti")} = 0 THEN 1
            ELSE 0 END AS flags
    FROM rights_activity a
    JOIN accounts_titulaire t ON t.id = a.titulaire_id
    LEFT JOIN (
        SELECT titulaire_id,
            {LOW_QUALIFIED} * MAX(CASE WHEN kind = 'low_qualified' THEN 1 ELSE 0 END)
            + {BOETH} * MAX(CASE WHEN kind = 'boeth' THEN 1 ELSE 0 END) AS flags
        FROM rights_declaration
        WHERE declared_on <= %(last_day)s AND (withdrawn_on IS NULL OR withdrawn_on >= %(first_day)s)
        GROUP BY titulaire_id
    ) d ON d.titulaire_id = a.titulaire_id
    WHERE a.run_id = %(run)s AND a.titulaire_id > %(after)s
    GROUP BY a.titulaire_id
"""  # noqa: S608 constants of this module

_PROFILE = ", ".join(PROFILE)
PROFILES = f"""
    CREATE TEMPORARY TABLE credit_profile AS
    SELECT ROW_NUMBER() OVER () AS id, p.* FROM (SELECT DISTINCT {_PROFILE} FROM credit_people) p
"""  # noqa: S608
SOME_PROFILES = f"""
    SELECT id, {_PROFILE} FROM credit_profile
    WHERE id > %(after)s AND id <= %(after)s + %(some)s ORDER BY id
"""  # noqa: S608

# On SQLite a key of this type is the table's own tree.
TYPES = {
    "postgresql": {"key": "BIGINT PRIMARY KEY", "json": "JSONB"},
    "sqlite": {"key": "INTEGER PRIMARY KEY", "json": "TEXT"},
}

# What the rule answers for each profile; `details` is the calculation but for what the person holds.
ENTITLEMENTS = """
    CREATE TEMPORARY TABLE credit_entitlement (id {key}, amount_cents BIGINT, cap_cents BIGINT,
        hours BIGINT, hours_step BIGINT, hours_then BIGINT, hours_cap BIGINT,
        legal_basis TEXT, hours_legal_basis TEXT, details {json})
"""
INSERT_ENTITLEMENTS = "INSERT INTO credit_entitlement VALUES {rows}"

READY = (
    "CREATE TEMPORARY TABLE credit_ready (titulaire_id INTEGER PRIMARY KEY, entitlement_id BIGINT)"
)
_SAME_PROFILE = " AND ".join(f"f.{name} = p.{name}" for name in PROFILE)
FILL_READY = f"""
    INSERT INTO credit_ready SELECT p.titulaire_id, f.id
    FROM credit_people p JOIN credit_profile f ON {_SAME_PROFILE} ORDER BY p.titulaire_id
"""  # noqa: S608

UPPER_BOUND = """
    SELECT MAX(titulaire_id), COUNT(*) FROM (
        SELECT titulaire_id FROM credit_ready
        WHERE titulaire_id > %(after)s ORDER BY titulaire_id LIMIT %(people)s
    ) batch
"""

OPEN_ACCOUNTS = """
    INSERT INTO rights_rightsaccount (titulaire_id, cpf_cents, dif_cents, abondement_cents,
        cpf_reserved_cents, dif_reserved_cents, abondement_reserved_cents, public_hours,
        unfitness_hours, closing_reason, opened_at)
    SELECT p.titulaire_id, 0, 0, 0, 0, 0, 0, 0, 0, '', %(now)s FROM credit_ready p
    WHERE p.titulaire_id > %(after)s AND p.titulaire_id <= %(upto)s
        AND NOT EXISTS (SELECT 1 FROM rights_rightsaccount r WHERE r.titulaire_id = p.titulaire_id)
    ON CONFLICT (titulaire_id) DO NOTHING
"""

# How many accounts the people of the batch have, once nobody else can change them.
_COUNT_ACCOUNTS = f"""
    SELECT COUNT(*) FROM (
        SELECT r.id FROM rights_rightsaccount r JOIN credit_ready p ON p.titulaire_id = r.titulaire_id
        WHERE {_in_batch("r.titulaire_id")} AND {_in_batch("p.titulaire_id")}
        {{lock}}
    ) accounts
"""  # noqa: S608
LOCK_ACCOUNTS = {
    "postgresql": _COUNT_ACCOUNTS.format(lock="ORDER BY r.id FOR NO KEY UPDATE OF r"),
    "sqlite": _COUNT_ACCOUNTS.format(lock=""),  # it has one writer: this one
}

_HELD = "(r.cpf_cents + r.cpf_reserved_cents + r.dif_cents + r.dif_reserved_cents)"
_HOURS = """CASE WHEN r.public_hours < e.hours_step THEN
    CASE WHEN e.hours < e.hours_step - r.public_hours THEN e.hours
        ELSE e.hours_step - r.public_hours END ELSE e.hours_then END"""
_GAINS = "(r.closed_on IS NULL OR r.closed_on > %(effective_on)s)"

# What each person of the batch gets; `held` and both « was » tell why it may be nothing. Not EXISTS:
# PostgreSQL may answer it for everybody at once, and read the whole ledger for each batch.
BATCH = f"""
    CREATE TEMPORARY TABLE credit_batch AS
    WITH q AS MATERIALIZED (
        SELECT p.titulaire_id, r.id AS account_id, e.id AS entitlement_id, {_HELD} AS held,
            CASE WHEN {_GAINS} THEN e.amount_cents ELSE 0 END AS wanted,
            e.cap_cents - {_HELD} AS room,
            CASE WHEN {_GAINS} THEN {_HOURS} ELSE 0 END AS hours,
            e.hours_cap - r.public_hours AS hours_room,
            COALESCE((SELECT 1 FROM rights_movement m WHERE m.account_id = r.id
                AND m.kind = 'yearly_credit' AND m.year = %(year)s LIMIT 1), 0) AS was_credited,
            CASE WHEN e.hours = 0 THEN 0 ELSE COALESCE((SELECT 1 FROM rights_hoursmovement h
                WHERE h.account_id = r.id AND h.kind = 'yearly_credit' AND h.year = %(year)s
                LIMIT 1), 0) END AS had_hours
        FROM credit_ready p
        JOIN credit_entitlement e ON e.id = p.entitlement_id
        JOIN rights_rightsaccount r ON r.titulaire_id = p.titulaire_id
            AND {_in_batch("r.titulaire_id")}
        WHERE {_in_batch("p.titulaire_id")}
    )
    SELECT q.titulaire_id, q.account_id, q.entitlement_id, q.held, q.was_credited, q.wanted,
        CASE WHEN q.was_credited = 1 OR q.room <= 0 THEN 0
            WHEN q.wanted < q.room THEN q.wanted ELSE q.room END AS cents,
        CASE WHEN q.had_hours = 1 OR q.hours_room <= 0 THEN 0
            WHEN q.hours < q.hours_room THEN q.hours ELSE q.hours_room END AS hours
    FROM q
"""  # noqa: S608

INSERT_MOVEMENTS = """
    INSERT INTO rights_movement (account_id, kind, pocket, amount_cents, effective_on, year, source,
        legal_basis, reason, idempotency_key, recorded_at, details)
    SELECT b.account_id, 'yearly_credit', 'cpf', b.cents, %(effective_on)s, %(year)s, %(source)s,
        e.legal_basis, '', %(key)s || b.account_id, %(now)s, {json}
    FROM credit_batch b JOIN credit_entitlement e ON e.id = b.entitlement_id
    WHERE b.cents > 0 ORDER BY b.account_id
"""
# The calculation of the profile, and what the person held: text is not parsed again for each row.
JSON = {
    "postgresql": "e.details || jsonb_build_object('held_cents', b.held)",
    "sqlite": """substr(e.details, 1, length(e.details) - 1) || ', "held_cents": ' || b.held || '}'""",
}

INSERT_HOURS = """
    INSERT INTO rights_hoursmovement (account_id, kind, hours, effective_on, year, source,
        legal_basis, reason, idempotency_key, recorded_at)
    SELECT b.account_id, 'yearly_credit', b.hours, %(effective_on)s, %(year)s, %(source)s,
        e.hours_legal_basis, '', %(key)s || b.account_id, %(now)s
    FROM credit_batch b JOIN credit_entitlement e ON e.id = b.entitlement_id
    WHERE b.hours > 0 ORDER BY b.account_id
"""

UPDATE_ACCOUNTS = f"""
    UPDATE rights_rightsaccount AS r
    SET cpf_cents = r.cpf_cents + b.cents, public_hours = r.public_hours + b.hours
    FROM credit_batch b
    WHERE b.titulaire_id = r.titulaire_id AND {_in_batch("r.titulaire_id")}
        AND (b.cents > 0 OR b.hours > 0)
"""  # noqa: S608

TOTALS = """
    SELECT COUNT(*), COALESCE(SUM(CASE WHEN cents > 0 THEN 1 ELSE 0 END), 0),
        COALESCE(SUM(cents), 0), COALESCE(SUM(hours), 0), COALESCE(SUM(was_credited), 0),
        COALESCE(SUM(CASE WHEN was_credited = 0 AND cents < wanted THEN 1 ELSE 0 END), 0)
    FROM credit_batch
"""

INSERT_ACTIVITY = """
    INSERT INTO rights_activity (run_id, titulaire_id, status, employer, started_on, ended_on, work)
    VALUES {rows} ON CONFLICT DO NOTHING
"""

LAST_OF_ACTIVITY = """
    SELECT MAX(titulaire_id) FROM (
        SELECT DISTINCT titulaire_id FROM rights_activity
        WHERE run_id = %(run)s AND titulaire_id > %(after)s ORDER BY titulaire_id LIMIT %(people)s
    ) batch
"""

FORGET_ACTIVITY = f"""
    DELETE FROM rights_activity WHERE run_id = %(run)s AND {_in_batch("titulaire_id")}
"""  # noqa: S608


def insert_rows(statement: str, rows: list[tuple[Any, ...]]) -> None:
    """Write `rows` in the place `{rows}` of `statement`, many by a statement: one by one costs thrice."""
    with connection.cursor() as cursor:
        for first in range(0, len(rows), ROWS_AT_ONCE):
            chunk = rows[first : first + ROWS_AT_ONCE]
            places = "(" + ", ".join(["%s"] * len(chunk[0])) + ")"
            cursor.execute(
                statement.replace("{rows}", ", ".join([places] * len(chunk))),
                [value for row in chunk for value in row],
            )


def execute(statement: str, values: Values | None = None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(*_bound(statement, values or {}))


def row(statement: str, values: Values | None = None) -> tuple[Any, ...]:
    return rows(statement, values)[0]


def rows(statement: str, values: Values | None = None) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(*_bound(statement, values or {}))
        return cursor.fetchall()


def check_keys_at_once() -> None:
    """Let PostgreSQL look for the account of each movement while it still has the lock that it took.

    At the end of the transaction, once the accounts are updated, it would write another lock in each.
    """
    if connection.vendor == "postgresql":
        execute("SET CONSTRAINTS ALL IMMEDIATE")


def tell_planner(table: str) -> None:
    """Let PostgreSQL know how large a table just made is: it would read whole tables to join it."""
    if connection.vendor == "postgresql":
        execute(f"ANALYZE {table}")


def _bound(statement: str, values: Values) -> tuple[str, Values | None]:
    """Write the lists of years in the statement, leave the other values to the driver."""
    lists = {name: value for name, value in values.items() if isinstance(value, list)}
    for name, numbers in lists.items():
        statement = statement.replace(f"%({name})s", ", ".join(str(int(n)) for n in numbers))
    return statement, {name: value for name, value in values.items() if name not in lists} or None
