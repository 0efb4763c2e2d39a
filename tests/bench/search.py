"""What a search costs at national size, as ratios to its parts measured in the same run.

`make bench-search OFFERS=250000` fills var/bench-search (make_catalogue) the first time, then measures
the rows of the table of docs/search.md. Each search is timed ROUNDS times and its best time kept; p95
is that of the sixty searches. Times are without what a busy machine makes wait (tests.clock). Ratios
carry over from one machine to another, figures do not.
"""

import os
import statistics
import time
from collections.abc import Callable
from pathlib import Path

FOLDER = Path("var/bench-search")
os.environ.setdefault("PORTAL_ENV", "development")
os.environ.setdefault("LOG_LEVEL", "WARNING")
os.environ["VAR_DIR"] = str(FOLDER.resolve())
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cpf_portal.settings")

import django  # noqa: E402

django.setup()

from django.core.management import call_command  # noqa: E402
from django.utils import timezone  # noqa: E402

from catalogue.models import Offer, Session  # noqa: E402
from catalogue.places.reading import suggest  # noqa: E402 nothing of it is kept
from catalogue.search import (  # noqa: E402
    SearchCriteria,
    engine,
    filtering,
    indexing,
    matching,
    search,
    snapshot,
    suggest_labels,
)
from tests.bench import pages, postgres, updates  # noqa: E402
from tests.bench.searches import BEGINNINGS, FACETS, TOWN_BEGINNINGS, searches  # noqa: E402
from tests.bench.table import Table, say  # noqa: E402
from tests.clock import own_time  # noqa: E402

ROUNDS = 7
TODAY = timezone.localdate()


def main() -> None:
    offers = int(os.environ.get("OFFERS", "25000"))
    table = Table()
    fill(offers, table)
    say(f"{Offer.objects.count()} offres, {Session.objects.count()} sessions, {ROUNDS} tours")
    asked = list(searches())
    ours = measure_search(asked, table)
    measure_suggestions(table)
    updates.measure(table)
    pages.measure(FOLDER, table)
    postgres.measure(asked, ours, table)
    table.show()


def fill(offers: int, table: Table) -> None:
    """Fill the database of the measures once, and always build its index anew."""
    call_command("migrate", verbosity=0)
    if Offer.objects.count() < offers:
        call_command("load_communes", verbosity=0)
        call_command("make_catalogue", offers=offers, without_index=True)
    started, used, clock = own_time(), time.process_time(), time.perf_counter()
    count = indexing.rebuild()
    seconds = own_time() - started
    processor = time.process_time() - used
    say(f"index : {time.perf_counter() - clock:.1f} s, dont {processor:.1f} s de processeur")
    table.at_most(f"index de {count} offres", seconds, 60 * count / 250_000, " s")


def measure_search(asked: list[SearchCriteria], table: Table) -> list[float]:
    """Measure our searches beside the same on bare tantivy; return the best time of each of ours."""
    pairs = [
        best_of_both(lambda c=criteria: first_time(c), bare_search(criteria)) for criteria in asked
    ]
    ours, bare = (list(times) for times in zip(*pairs, strict=True))
    line("recherche (12 cartes, total, facettes)", ours)
    line("tantivy nu (12 clés, total, 4 facettes)", bare)
    table.at_most("recherche, p95, rapport à tantivy nu", p95(ours) / p95(bare), 1.5)
    return ours


def first_time(criteria: SearchCriteria) -> None:
    engine._windows.clear()  # what a search costs that nobody asked for lately
    search(criteria, today=TODAY)


def bare_search(criteria: SearchCriteria) -> Callable[[], None]:
    """Return the same query, ready, that asks tantivy for twelve keys, the total and four facets."""
    state = snapshot.snapshot()
    query = filtering.narrowed(
        matching.understand(criteria.words, state).query,
        engine.basic_conditions(criteria, engine.distances_of(criteria, state)),
    )
    query = filtering.narrowed(query, filtering.conditions(criteria.filters, TODAY))
    tally = {name: {"terms": {"field": f"facet_{name}", "size": 200}} for name in FACETS}

    def run() -> None:
        hits = state.offers.search(query, 12).hits
        state.offers.fast_field_values("pk", [address for _score, address in hits])
        state.offers.aggregate(query, tally)

    return run


def measure_suggestions(table: Table) -> None:
    words = [best(lambda t=t: suggest_labels(t)) for t in BEGINNINGS]
    towns = [best(lambda t=t: suggest(t)) for t in TOWN_BEGINNINGS]
    line("propositions d’intitulés", words)
    line("propositions de villes", towns)
    table.at_most("propositions, p95", max(p95(words), p95(towns)), 5, " ms")


def best(call: Callable[[], object]) -> float:
    """Return the milliseconds of the fastest of ROUNDS calls, after one that warms up."""
    call()
    return min(_milliseconds(call) for _ in range(ROUNDS))


def best_of_both(one: Callable[[], object], other: Callable[[], object]) -> tuple[float, float]:
    """Return the same for two calls in turn, so that what disturbs one disturbs the other."""
    one(), other()
    rounds = [(_milliseconds(one), _milliseconds(other)) for _ in range(ROUNDS)]
    return min(time for time, _ in rounds), min(time for _, time in rounds)


def _milliseconds(call: Callable[[], object]) -> float:
    started = own_time()
    call()
    return 1000 * (own_time() - started)


def p95(samples: list[float]) -> float:
    return sorted(samples)[int(len(samples) * 0.95)]


def line(name: str, samples: list[float]) -> None:
    say(f"{name:44} p50 {statistics.median(samples):8.2f} ms   p95 {p95(samples):8.2f} ms")


if __name__ == "__main__":
    main()
