"""Look-ups that both databases answer from an ordinary index."""

from django.db.models import lookups


class Begins(lookups.StartsWith):
    """`startswith` which uses the index on SQLite too.

    Django writes LIKE … ESCAPE there, which SQLite never takes from an index; its BINARY order makes
    the range exact. PostgreSQL keeps LIKE and its pattern index: a range would follow the locale.
    """

    lookup_name = "begins"

    def get_rhs_op(self, connection, rhs):
        return connection.operators["startswith"] % rhs

    def as_sqlite(self, compiler, connection):
        column, parameters = self.process_lhs(compiler, connection)
        beginning = str(self.rhs)
        # No character sorts after the last code point: the range holds all that begins so.
        return f"{column} >= %s AND {column} < %s", [
            *parameters,
            beginning,
            *parameters,
            f"{beginning}\U0010ffff",
        ]
