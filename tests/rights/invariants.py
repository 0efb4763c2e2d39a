"""check_ledger after each step of a story: its queries, built once, asked all at once.

Django builds them anew at each call, which costs ten times what they take in a small ledger.
"""

from typing import Any

from django.db import connection

from rights.audit import find_faults

Statement = tuple[str, Any]


class KeptChecks:
    """The queries of `find_faults` that answer nothing on a sound ledger, as it is when this is made."""

    def __init__(self) -> None:
        queries = [query for query in _queries() if not rows(*query)]
        assert len(queries) > 15, "check_ledger asks more than that"
        self._ask = "SELECT " + " OR ".join(f"EXISTS ({sql})" for sql, _ in queries)
        self._values = [value for _, values in queries for value in values or ()]
        if connection.vendor == "postgresql":
            self._prepare()

    def faults(self) -> list[str]:
        """Return what check_ledger says, in its words; it is called when one of its queries answers."""
        return list(find_faults()) if rows(self._ask, self._values)[0][0] else []

    def _prepare(self) -> None:
        """Let PostgreSQL plan them once: that is most of what they cost."""
        with connection.cursor() as cursor:
            asked = cursor.mogrify(self._ask, self._values)
            cursor.execute("DEALLOCATE ALL")
            cursor.execute("PREPARE faults AS " + asked)
        self._ask, self._values = "EXECUTE faults", []


def _queries() -> list[Statement]:
    kept: list[Statement] = []

    def keep(execute, sql, params, many, context):
        kept.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(keep):
        assert list(find_faults()) == []
    return kept


def rows(sql: str, values: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values or None)
        return cursor.fetchall()
