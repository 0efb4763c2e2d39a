"""The same searches on PostgreSQL: its own full text with a GIN index, and ILIKE, on a side table."""

import time
from collections.abc import Sequence

import psycopg

from catalogue.models import Offer
from catalogue.places import communes_around
from catalogue.search import FACETS, Format, SearchCriteria
from catalogue.search.analysis import pieces
from tests.postgres import temporary_postgres

COLUMNS = ("modalite", "certification", "prix", "duree")
BY_NAME = {facet.name: facet for facet in FACETS}
ILIKE_ROUNDS = 1
TABLE = """
CREATE TABLE doc (id bigint, title text, body text, commune text, modalite text, certification text,
                  prix text, duree text, tsv tsvector)
"""
FILL_INDEX = """
UPDATE doc SET tsv = setweight(to_tsvector('french', title), 'A') || to_tsvector('french', body);
CREATE INDEX ON doc USING gin (tsv);
CREATE INDEX ON doc (commune);
"""


def measure(searches: Sequence[SearchCriteria], rounds: int) -> dict[str, list[float]]:
    """Return the milliseconds of each search, for both ways."""
    with temporary_postgres() as url, psycopg.connect(url, autocommit=True) as connection:
        fill(connection)
        fulltext = [timed(connection, c, by_words=True) for _ in range(rounds) for c in searches]
        ilike = [
            timed(connection, c, by_words=False) for _ in range(ILIKE_ROUNDS) for c in searches
        ]
    return {"PostgreSQL tsvector + GIN": fulltext, "PostgreSQL ILIKE": ilike}


def fill(connection: psycopg.Connection) -> None:
    connection.execute(TABLE)
    offers = Offer.objects.select_related("certification").prefetch_related("sessions")
    copy = "COPY doc (id, title, body, commune, modalite, certification, prix, duree) FROM STDIN"
    with connection.cursor() as cursor, cursor.copy(copy) as rows:
        for offer in offers.iterator(chunk_size=2000):
            certification = offer.certification
            named = f"{certification.title} {certification.code} {certification.jobs}"
            body = f"{named} {offer.skills} {offer.objectives} {offer.content} {offer.results}"
            facets = (BY_NAME[name].value_of(offer) for name in COLUMNS)
            rows.write_row((offer.pk, offer.title, body, offer.commune_id, *facets))
    for statement in filter(str.strip, FILL_INDEX.split(";")):
        connection.execute(statement)
    connection.execute("VACUUM ANALYZE doc")


def timed(connection: psycopg.Connection, criteria: SearchCriteria, *, by_words: bool) -> float:
    """Run a search: twelve keys in order, the total and four facets; return its milliseconds."""
    where, rank, values = conditions(criteria, by_words=by_words)
    counts = "".join(
        f" UNION ALL SELECT '{name}', {name}, count(*) FROM m GROUP BY {name}"  # noqa: S608 ours
        for name in COLUMNS
    )
    started = time.perf_counter()
    connection.execute(
        f"SELECT id FROM doc WHERE {where} ORDER BY {rank} DESC, id LIMIT 12",  # noqa: S608 ours
        values,
    ).fetchall()
    connection.execute(
        f"WITH m AS MATERIALIZED (SELECT {', '.join(COLUMNS)} FROM doc WHERE {where})"  # noqa: S608
        f" SELECT 'total', '', count(*) FROM m{counts}",
        values,
    ).fetchall()
    return 1000 * (time.perf_counter() - started)


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
