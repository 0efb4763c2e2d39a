"""The same searches on PostgreSQL: its own full text with a GIN index, and ILIKE, on a side table."""

from collections.abc import Sequence

import psycopg

from catalogue.places import communes_around
from catalogue.search import FACETS as ALL_FACETS
from catalogue.search import Format, SearchCriteria
from catalogue.search.analysis import pieces
from catalogue.search.rows import OfferRow, Reading
from tests.bench.searches import FACETS
from tests.bench.table import Table
from tests.clock import own_time
from tests.postgres import temporary_postgres

BY_NAME = {facet.name: facet for facet in ALL_FACETS}
ROUNDS = 3
# It takes seconds: one search in so many is enough.
ILIKE_STEP = 6
TABLE = """
CREATE TABLE doc (id bigint, title text, body text, commune text, modalite text, certification text,
                  prix text, duree text, tsv tsvector)
"""
FILL_INDEX = """
UPDATE doc SET tsv = setweight(to_tsvector('french', title), 'A') || to_tsvector('french', body);
CREATE INDEX ON doc USING gin (tsv);
CREATE INDEX ON doc (commune);
"""


def measure(searches: Sequence[SearchCriteria], ours: Sequence[float], table: Table) -> None:
    """Measure the same searches in both ways; `ours` are our milliseconds for each."""
    with temporary_postgres() as url, psycopg.connect(url, autocommit=True) as connection:
        fill(connection)
        fulltext = [
            min(timed(connection, criteria, by_words=True) for _ in range(ROUNDS))
            for criteria in searches
        ]
        ilike = [timed(connection, c, by_words=False) for c in searches[::ILIKE_STEP]]
    table.at_least("plus rapide que tsvector + GIN, p95", p95(fulltext) / p95(ours), 5, " fois")
    ours_of_these = p95(ours[::ILIKE_STEP])
    table.at_least("plus rapide que ILIKE, p95", p95(ilike) / ours_of_these, 100, " fois")


def p95(samples: Sequence[float]) -> float:
    return sorted(samples)[int(len(samples) * 0.95)]


def fill(connection: psycopg.Connection) -> None:
    connection.execute(TABLE)
    copy = "COPY doc (id, title, body, commune, modalite, certification, prix, duree) FROM STDIN"
    with connection.cursor() as cursor, cursor.copy(copy) as rows:
        for offer in Reading().published():
            facets = (BY_NAME[name].value_of(offer) for name in FACETS)
            rows.write_row((offer.pk, offer.title, text(offer), offer.commune_id, *facets))
    for statement in filter(str.strip, FILL_INDEX.split(";")):
        connection.execute(statement)
    connection.execute("VACUUM ANALYZE doc")


def text(offer: OfferRow) -> str:
    """Return all the words of an offer but its title."""
    certification = offer.certification
    named = (
        f"{certification.title} {certification.code} {certification.jobs}" if certification else ""
    )
    return f"{named} {offer.skills} {offer.objectives} {offer.content} {offer.results}"


def timed(connection: psycopg.Connection, criteria: SearchCriteria, *, by_words: bool) -> float:
    """Run a search: twelve keys in order, the total and four facets; return its milliseconds."""
    where, rank, values = conditions(criteria, by_words=by_words)
    counts = "".join(
        f" UNION ALL SELECT '{name}', {name}, count(*) FROM m GROUP BY {name}"  # noqa: S608 ours
        for name in FACETS
    )
    backend = connection.info.backend_pid
    started = own_time(backend)
    connection.execute(
        f"SELECT id FROM doc WHERE {where} ORDER BY {rank} DESC, id LIMIT 12",  # noqa: S608 ours
        values,
    ).fetchall()
    connection.execute(
        f"WITH m AS MATERIALIZED (SELECT {', '.join(FACETS)} FROM doc WHERE {where})"  # noqa: S608
        f" SELECT 'total', '', count(*) FROM m{counts}",
        values,
    ).fetchall()
    return 1000 * (own_time(backend) - started)


def conditions(criteria: SearchCriteria, *, by_words: bool) -> tuple[str, str, dict]:
    values: dict = {"words": " ".join(pieces(criteria.words))}
    if by_words:
        parts = ["tsv @@ plainto_tsquery('french', %(words)s)"]
        rank = "ts_rank(tsv, plainto_tsquery('french', %(words)s))"
    else:
        words = pieces(criteria.words)
        values |= {f"w{rank}": f"%{word}%" for rank, word in enumerate(words)}
        parts = [f"(title ILIKE %(w{n})s OR body ILIKE %(w{n})s)" for n in range(len(words))]
        rank = "(title ILIKE %(w0)s)::int"
    if criteria.place:
        values["communes"] = list(communes_around(criteria.place, criteria.radius_km))
        parts.append("commune = ANY(%(communes)s)")
    if criteria.format == Format.DISTANCE:
        parts.append("modalite = 'distance'")
    for name, chosen in criteria.filters.chosen.items():
        values[name] = list(chosen)
        parts.append(f"{name} = ANY(%({name})s)")
    return " AND ".join(parts), rank, values
