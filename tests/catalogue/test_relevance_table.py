"""Judged queries (relevance.csv) over the demonstration catalogue, measured by nDCG@10.

An answer is right when it leads to one of the certifications of its row (`relevant`); those of
`forbidden` must stay out of the first ten. Lower FLOOR only with a reason in the commit.
"""

import csv
from collections import defaultdict
from math import log2
from pathlib import Path

import pytest
from django.core.management import call_command
from django.utils import timezone

from catalogue.models import Modality, Offer
from catalogue.places import communes_around, resolve
from catalogue.search import DEFAULT_RADIUS_KM, SearchCriteria, search, twins
from catalogue.search.paging import MOST_OF_A_PROVIDER

TABLE = Path(__file__).parent / "relevance.csv"
FIRST = 10
FLOOR = 0.97
AIM = 0.95


@pytest.fixture
def catalogue(db):
    call_command("load_demo", without_people=True, verbosity=0)


@pytest.fixture
def possible(catalogue):
    """Return how many right answers a page could show: of each provider, no more than its share."""
    held = defaultdict(set)
    for offer in Offer.objects.select_related("certification", "commune"):
        commune = None if offer.modality == Modality.REMOTE else offer.commune_id
        held[offer.certification.code].add((offer.provider_id, twins.number(offer), commune))

    def possible(codes, communes):
        twins_of = defaultdict(set)
        for provider, twin, commune in set().union(*(held[code] for code in codes)):
            if communes is None or commune in communes:
                twins_of[provider].add(twin)
        return sum(min(len(found), MOST_OF_A_PROVIDER) for found in twins_of.values())

    return possible


def rows():
    with TABLE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))


def ndcg(gains, possible):
    ideal = sum(1 / log2(rank + 1) for rank in range(1, min(FIRST, possible) + 1))
    found = sum(gain / log2(rank + 1) for rank, gain in enumerate(gains[:FIRST], start=1))
    return found / ideal if ideal else 1.0


def judged(row, possible):
    """Return the nDCG@10 of a row, and the forbidden certifications that it shows."""
    place = resolve(row["place"]).place if row["place"] else None
    results = search(SearchCriteria(words=row["query"], place=place), today=timezone.localdate())
    codes = [hit.offer.certification.code for hit in results.hits[:FIRST]]
    relevant = row["relevant"].split()
    communes = set(communes_around(place, DEFAULT_RADIUS_KM)) if place else None
    score = ndcg([code in relevant for code in codes], possible(relevant, communes))
    return score, set(codes) & set(row["forbidden"].split())


def test_table_holds_enough_queries():
    queries = [(row["query"], row["place"]) for row in rows()]

    assert len(queries) >= 120
    assert len(set(queries)) == len(queries)
    assert all(row["relevant"] for row in rows())


@pytest.mark.slow
def test_first_answers_are_the_right_ones(possible, capsys):
    scores = {(row["query"], row["place"]): judged(row, possible) for row in rows()}

    mean = sum(score for score, _ in scores.values()) / len(scores)
    with capsys.disabled():
        print(f"\nnDCG@{FIRST} de {len(scores)} recherches : {mean:.4f}")  # noqa: T201 what is asked
        for (query, place), (score, shown) in sorted(scores.items(), key=lambda item: item[1][0]):
            if score < AIM or shown:
                print(f"  {score:.2f}  {query} {place} {' '.join(shown)}")  # noqa: T201
    assert mean >= FLOOR
    assert {query: shown for query, (_, shown) in scores.items() if shown} == {}
