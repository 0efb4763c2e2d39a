"""What a search costs at national size, as ratios to its parts measured in the same run.

`make bench-search OFFERS=25000` fills var/bench-search (make_catalogue) the first time, then measures:
the search in process against the same queries on bare tantivy, on PostgreSQL's full text and on ILIKE,
the suggestions, and the page under gunicorn against an empty view. Ratios carry over from one machine
to another, figures do not.
"""

import os
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

FOLDER = Path("var/bench-search")
os.environ.setdefault("PORTAL_ENV", "development")
os.environ["VAR_DIR"] = str(FOLDER.resolve())
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cpf_portal.settings")

import django  # noqa: E402

django.setup()

from django.core.management import call_command  # noqa: E402
from django.utils import timezone  # noqa: E402

from catalogue.models import Offer  # noqa: E402
from catalogue.places import resolve  # noqa: E402
from catalogue.search import (  # noqa: E402  # noqa: E402
    Filters,
    Format,
    SearchCriteria,
    engine,
    filtering,
    indexing,
    matching,
    search,
    snapshot,
    suggest_labels,
)
from tests.bench import pages, postgres  # noqa: E402

ROUNDS = 5
TODAY = timezone.localdate()
FACETS = ("modalite", "certification", "prix", "duree")
WORDS = (
    "anglais", "comptabilité", "permis B", "bilan de compétences", "excel", "aide-soignante",
    "CACES R489", "SST", "développeur web", "cuisine", "petite enfance", "soudure", "anglais TOEIC",
    "gestionnaire de paie", "RNCP37948", "VAE", "secrétaire médicale", "coifure", "python",
    "permis poids lourd",
)  # fmt: skip
TOWNS = ("Toulouse", "Lyon", "Paris", "Lille", "Nantes")
BEGINNINGS = (
    "an",
    "ang",
    "comp",
    "compta",
    "aide",
    "perm",
    "permis b",
    "dev",
    "cais",
    "gest pa",
    "sec",
    "x",
)


def main() -> None:
    offers = int(os.environ.get("OFFERS", "25000"))
    fill(offers)
    show(f"{Offer.objects.count()} offres, {len(list(queries()))} recherches, {ROUNDS} tours")
    before = memory_mb()
    ours, bare = [], []
    for number in range(ROUNDS + 1):
        for criteria in queries():
            tantivy = bare_search(criteria)
            engine._windows.clear()  # what a search costs that nobody asked for lately
            found = milliseconds(lambda c=criteria: search(c, today=TODAY))
            alone = milliseconds(tantivy)
            if number:
                ours.append(found)
                bare.append(alone)
    line("recherche (12 cartes, total, facettes)", ours)
    line("tantivy nu (12 clés, total, 4 facettes)", bare)
    show(f"  rapport des p95 à tantivy nu : {p95(ours) / p95(bare):.2f} (au plus 1,5)")
    for name, samples in postgres.measure(list(queries()), ROUNDS).items():
        line(name, samples)
        show(f"  rapport de son p95 au nôtre : {p95(samples) / p95(ours):.1f}")
    line("propositions", [milliseconds(lambda t=t: suggest_labels(t)) for t in BEGINNINGS * 20])
    show(f"mémoire gagnée par ces mesures : {memory_mb() - before:.0f} Mo (au plus 150)")
    pages.measure(FOLDER)


def fill(offers: int) -> None:
    """Fill the database of the measures once, and always build its index anew."""
    call_command("migrate", verbosity=0)
    if Offer.objects.count() < offers:
        call_command("load_communes", verbosity=0)
        call_command("make_catalogue", offers=offers, without_index=True)
    started = time.perf_counter()
    count = indexing.rebuild()
    show(
        f"index de {count} offres : {time.perf_counter() - started:.1f} s (au plus 60 s pour 250000)"
    )


def queries():
    """Yield sixty mixed searches: words alone, near a town, narrowed."""
    for rank, words in enumerate(WORDS):
        yield SearchCriteria(words=words)
        yield SearchCriteria(words=words, place=resolve(TOWNS[rank % len(TOWNS)]).place)
        chosen = {"prix": ("1000", "1500")} if rank % 2 else {"certification": ("rncp", "rs")}
        wanted = Format.DISTANCE if rank % 4 == 3 else None
        yield SearchCriteria(words=words, format=wanted, filters=Filters(chosen=chosen))


def bare_search(criteria: SearchCriteria) -> Callable[[], None]:
    """Return the same query, ready, that asks tantivy for twelve keys, the total and four facets."""
    state = snapshot.snapshot()
    query = filtering.narrowed(
        matching.understand(criteria.words, state).query,
        engine._base(criteria, engine._distances(criteria)),
    )
    query = filtering.narrowed(query, filtering.conditions(criteria.filters, TODAY))
    tally = {name: {"terms": {"field": f"facet_{name}", "size": 200}} for name in FACETS}

    def run() -> None:
        hits = state.offers.search(query, 12).hits
        state.offers.fast_field_values("pk", [address for _score, address in hits])
        state.offers.aggregate(query, tally)

    return run


def milliseconds(call: Callable[[], object]) -> float:
    started = time.perf_counter()
    call()
    return 1000 * (time.perf_counter() - started)


def p95(samples: list[float]) -> float:
    return sorted(samples)[int(len(samples) * 0.95)]


def line(name: str, samples: list[float]) -> None:
    show(f"{name:44} p50 {statistics.median(samples):8.2f} ms   p95 {p95(samples):8.2f} ms")


def memory_mb() -> float:
    """Return the private memory of this process."""
    rollup = Path("/proc/self/smaps_rollup").read_text()
    return (
        sum(int(row.split()[1]) for row in rollup.splitlines() if row.startswith("Private_")) / 1024
    )


def show(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
