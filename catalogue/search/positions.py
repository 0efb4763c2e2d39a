"""Where an offer is: at the position that its provider gives, else at the centre of its commune.

The index holds one number for it, `place`: that of the commune, or the position to a two-hundredth of
a degree (at most 350 m away) with the commune in its last bits. Both are exact up to 2**53.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import lru_cache
from operator import itemgetter

from tantivy import FieldType, Query, Schema, Searcher

from catalogue.models import Commune, Modality, Offer
from catalogue.places import Place, communes_around
from catalogue.places.distances import CITIES_WITH_DISTRICTS, Points, distance_km
from catalogue.places.loading import version
from catalogue.search.rows import OfferRow

STEPS = 200  # in a degree
BITS = 17  # of a column, and of a commune
OWN = 1 << 2 * BITS  # from here on, numbers of positions
LAST = (180 * STEPS + 2) << 2 * BITS
MASK = (1 << BITS) - 1
# A position this far from its commune is a mistake; none in France is as wide, but in Guyane.
MOST_KM_FROM_COMMUNE = 50.0
# Distinct values that one question to the index may bring back.
MOST_BUCKETS = 40_000
KEPT = 30  # of up to 30,000 places, 3 MB each


def commune_number(code: str) -> int:
    """Return an INSEE code as a number below 2**17: 01001, 2A004 (20004) or 2B033 (20533).

    No code begins with 20, which was that of Corsica before it was divided.
    """
    if code[1:2] in ("A", "B"):
        return 20_000 + 500 * (code[1] == "B") + int(code[2:])
    return int(code)


def place_number(offer: Offer | OfferRow) -> int | None:
    """Return what the index holds of the place; None at a distance, or when only a département is known."""
    if offer.modality == Modality.REMOTE:
        return None
    commune = commune_number(offer.commune.code) if offer.commune else 0
    position = _own_position(offer)
    if position is None:
        return commune or None
    row, column = round((position[0] + 90) * STEPS), round((position[1] + 180) * STEPS)
    return (row + 1) << 2 * BITS | column << BITS | commune


def _own_position(offer: Offer | OfferRow) -> tuple[float, float] | None:
    """Return the latitude and longitude of an offer when they can be trusted."""
    if offer.latitude is None or offer.longitude is None:
        return None
    if not (abs(offer.latitude) <= 90 and abs(offer.longitude) <= 180):
        return None
    here, commune = (offer.latitude, offer.longitude), offer.commune
    centre = commune and (commune.latitude, commune.longitude)
    return None if centre and distance_km(here, centre) > MOST_KM_FROM_COMMUNE else here


def _point(number: int) -> tuple[float, float]:
    row, column = (number >> 2 * BITS) - 1, number >> BITS & MASK
    return row / STEPS - 90, column / STEPS - 180


class Positions:
    """The places of the offers of one state of the index."""

    def __init__(self, searcher: Searcher, schema: Schema) -> None:
        self._communes = set(_numbers(searcher, schema, 1, OWN - 1))
        own = sorted(_numbers(searcher, schema, OWN, LAST))  # which is by latitude
        self._own = Points((number, *_point(number)) for number in own)
        self._own_of: dict[int, list[int]] = defaultdict(list)
        for number in own:
            self._own_of[number & MASK].append(number)
        self._kept = lru_cache(KEPT)(self._around)

    def around(self, place: Place, km: float) -> Mapping[int, float]:
        """Return the places within `km` of a town and their distance, nearest first.

        Those of the town itself are among them whatever their distance; nothing for a département.
        """
        return self._kept(place, km, version())

    def _around(self, place: Place, km: float, now: datetime | None) -> Mapping[int, float]:
        if place.code is None or place.latitude is None or place.longitude is None:
            return {}
        communes = communes_around(place, km, now).items()
        near = {commune_number(code): distance for code, distance in communes}
        found = {number: near[number] for number in self._communes.intersection(near)}
        centre = place.latitude, place.longitude
        found |= {number: distance for distance, number in self._own.within(*centre, km)}
        for code in _codes(place.code):
            for number in self._own_of.get(commune_number(code), ()):
                found.setdefault(number, distance_km(centre, _point(number)))
        return dict(sorted(found.items(), key=itemgetter(1, 0)))


def _codes(code: str) -> list[str]:
    """Return the code of a commune, with those of its arrondissements."""
    if code not in CITIES_WITH_DISTRICTS:
        return [code]
    return [code, *Commune.objects.filter(parent=code).values_list("code", flat=True)]


def _numbers(searcher: Searcher, schema: Schema, first: int, last: int) -> Iterator[int]:
    """Yield the distinct places between two numbers, in as many questions as they need."""
    query = Query.range_query(
        schema, "place", FieldType.Unsigned, lower_bound=first, upper_bound=last
    )
    tally = {"places": {"terms": {"field": "place", "size": MOST_BUCKETS}}}
    buckets = searcher.aggregate(query, tally)["places"]["buckets"]
    if len(buckets) < MOST_BUCKETS:
        # offers have one place each, so that none is beside the range
        yield from (int(bucket["key"]) for bucket in buckets)
        return
    middle = (first + last) // 2
    yield from _numbers(searcher, schema, first, middle)
    yield from _numbers(searcher, schema, middle + 1, last)
