"""Our first ten answers beside those of PostgreSQL's full text, query by query, on the judged tables.

`make bench-relevance` writes docs/search-comparison.md. Both search the demonstration catalogue with the
sample of the RNCP. tsvector has its French dictionary, the title before the rest, the town by its
communes as ours; it does not fold accents, collapse offers or relax words.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

from tests.postgres import temporary_postgres

REPORT = Path("docs/search-comparison.md")
HEAD = """# The first ten answers, ours and PostgreSQL's

Written by `make bench-relevance` on the demonstration catalogue and the sample of the RNCP: nDCG@10
of each judged query ([search.md](search.md)) in our search and in PostgreSQL's full text (tsvector +
GIN, dictionary `french`, title before the rest, the town as the list of its communes). *Shared* counts
the certifications that both show among their first ten.

"""


def main() -> int:
    if len(sys.argv) > 1:
        return compare()
    with (
        tempfile.TemporaryDirectory(prefix="portal-relevance-") as folder,
        temporary_postgres() as url,
    ):
        environment = {
            **os.environ,
            "PORTAL_ENV": "development",
            "DATABASE_URL": url,
            "VAR_DIR": folder,
            "LOG_LEVEL": "ERROR",
            "DJANGO_SETTINGS_MODULE": "cpf_portal.settings",
        }
        command = [sys.executable, "-m", "tests.bench.relevance", "--child"]
        return subprocess.run(command, env=environment, check=False).returncode


def compare() -> int:
    import django  # noqa: PLC0415 the settings come from the environment of the child

    django.setup()
    from django.core.management import call_command  # noqa: PLC0415 only once Django is set up

    from tests.catalogue import judgments  # noqa: PLC0415 as above

    call_command("migrate", verbosity=0)
    call_command("load_demo", without_people=True, verbosity=0)
    judgments.add_register()
    parts = [
        table_of(title, table)
        for title, table in (("Tuned with", judgments.TUNED), ("Held out", judgments.HELD))
    ]
    REPORT.write_text(HEAD + "\n".join(parts), encoding="utf-8")
    sys.stdout.write(f"{REPORT}\n")
    return 0


def table_of(title: str, table: Path) -> str:
    """Return a table of the report; print its means."""
    import psycopg  # noqa: PLC0415 as above
    from django.db import connection  # noqa: PLC0415 as above

    from tests.bench import postgres  # noqa: PLC0415 as above
    from tests.catalogue import judgments  # noqa: PLC0415 as above

    possible, lines = judgments.possible_answers(), []
    means: tuple[list[float], list[float]] = [], []
    with psycopg.connect(**connection.get_connection_params(), autocommit=True) as other:
        other.execute("DROP TABLE IF EXISTS doc")
        postgres.fill(other)
        for row in judgments.rows(table):
            ours, theirs = judgments.ours(row), full_text(other, row, judgments.near(row))
            scores = [min(1.0, judgments.judged(row, c, possible)[0]) for c in (ours, theirs)]
            for kept, score in zip(means, scores, strict=True):
                kept.append(score)
            shared = len(set(ours) & set(theirs))
            lines.append(
                f"| {row['query']} | {row['place']} | {scores[0]:.2f} | {scores[1]:.2f} | {shared} |"
            )
    summary = summarised(*means)
    sys.stdout.write(f"{title}: {summary}\n")
    head = "| query | place | ours | tsvector | shared |\n| --- | --- | --- | --- | --- |\n"
    return f"## {title}\n\n{summary}\n\n{head}" + "\n".join(lines) + "\n"


def summarised(ours: list[float], theirs: list[float]) -> str:
    pairs = list(zip(ours, theirs, strict=True))
    better, worse = count(a > b for a, b in pairs), count(a < b for a, b in pairs)
    return (
        f"{len(pairs)} queries: nDCG@10 {sum(ours) / len(pairs):.3f} (tsvector"
        f" {sum(theirs) / len(pairs):.3f}), better on {better}, worse on {worse}, without a right answer"
        f" {count(not a for a in ours)} (tsvector {count(not b for b in theirs)})."
    )


def count(found: Iterable[bool]) -> int:
    return sum(found)


def full_text(connection, row: dict[str, str], communes: set[str] | None) -> list[str]:
    """Return the certifications of the first ten answers of PostgreSQL."""
    where, values = "tsv @@ plainto_tsquery('french', %(words)s)", {"words": row["query"]}
    if communes is not None:
        where, values = (
            f"{where} AND commune = ANY(%(communes)s)",
            {
                **values,
                "communes": list(communes),
            },
        )
    found = connection.execute(
        f"SELECT coalesce(c.code, '') FROM doc JOIN catalogue_offer o USING (id)"  # noqa: S608 ours
        f" LEFT JOIN catalogue_certification c ON c.id = o.certification_id WHERE {where}"
        " ORDER BY ts_rank(tsv, plainto_tsquery('french', %(words)s)) DESC, doc.id LIMIT 10",
        values,
    )
    return [code for (code,) in found]


if __name__ == "__main__":
    sys.exit(main())
