"""Judged queries, and how good the first answers of any search are: nDCG@10."""

import csv
from collections import defaultdict
from collections.abc import Callable, Sequence
from math import log2
from pathlib import Path

from django.utils import timezone

from catalogue.imports import import_path
from catalogue.models import Certification, ImportReport, ImportState, Modality, Offer
from catalogue.places import communes_around, resolve
from catalogue.search import DEFAULT_RADIUS_KM, SearchCriteria, indexing, search, twins
from catalogue.search.paging import MOST_OF_A_PROVIDER
from tests.factories import OfferFactory

HERE = Path(__file__).parent
# The synonyms and weights were chosen with the first table in sight; nothing was, with the second.
TUNED, HELD = HERE / "relevance.csv", HERE / "relevance_held.csv"
REGISTER = HERE / "data" / "rncp-standard-extrait.csv"
FIRST = 10
OFFERS_A_SHEET = 3

Codes = list[str]


def rows(table: Path) -> list[dict[str, str]]:
    with table.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))


def add_register() -> None:
    """Publish offers for each sheet of the sample of the RNCP, under its own title."""
    report = ImportReport(file_name=REGISTER.name)
    import_path(REGISTER, report)
    assert report.state == ImportState.DONE, report.reason
    for certification in Certification.objects.filter(offers=None):
        for _ in range(OFFERS_A_SHEET):
            title = " ".join(certification.title.split())[:255]
            OfferFactory(title=title, certification=certification)
    indexing.apply_changes()


def possible_answers() -> Callable[[Sequence[str], set[str] | None], int]:
    """Return how many right answers a page could show: of each provider, no more than its share."""
    held = defaultdict(set)
    for offer in Offer.objects.select_related("certification", "commune"):
        commune = None if offer.modality == Modality.REMOTE else offer.commune_id
        if offer.certification:
            held[offer.certification.code].add((offer.provider_id, twins.number(offer), commune))

    def possible(codes: Sequence[str], communes: set[str] | None) -> int:
        twins_of = defaultdict(set)
        for provider, twin, commune in set().union(*(held[code] for code in codes)):
            if communes is None or commune in communes:
                twins_of[provider].add(twin)
        return sum(min(len(found), MOST_OF_A_PROVIDER) for found in twins_of.values())

    return possible


def ndcg(gains: Sequence[bool], possible: int) -> float:
    ideal = sum(1 / log2(rank + 1) for rank in range(1, min(FIRST, possible) + 1))
    found = sum(gain / log2(rank + 1) for rank, gain in enumerate(gains[:FIRST], start=1))
    return found / ideal if ideal else 1.0


def ours(row: dict[str, str]) -> Codes:
    """Return the certifications of our first answers."""
    place = resolve(row["place"]).place if row["place"] else None
    results = search(SearchCriteria(words=row["query"], place=place), today=timezone.localdate())
    return [certified(hit.offer) for hit in results.hits[:FIRST]]


def certified(offer: Offer) -> str:
    return offer.certification.code if offer.certification else ""


def judged(row: dict[str, str], codes: Codes, possible) -> tuple[float, set[str]]:
    """Return the nDCG@10 of a row, and the forbidden certifications that are shown."""
    relevant = row["relevant"].split()
    score = ndcg([code in relevant for code in codes], possible(relevant, near(row)))
    return score, set(codes) & set(row["forbidden"].split())


def near(row: dict[str, str]) -> set[str] | None:
    """Return the communes around the place of a row; None without a place."""
    place = resolve(row["place"]).place if row["place"] else None
    return set(communes_around(place, DEFAULT_RADIUS_KM)) if place else None
