"""Where communes are: GeoNames places matched by name, neighbours for the others (README.md)."""

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from statistics import fmean

from cpf_portal.ui.text import fold

EARTH_RADIUS_KM = 6371.0088
SAINTS = {"st": "saint", "ste": "sainte"}

# How a place of the same name was found, best first: a better way takes the place before others.
OWN_NAME, SEAT_NAME, OTHER_SPELLING, FORMER_NAME, LONGER_NAME = range(5)

# Both populations describe the same town a few years apart (99 % of the names that exist once on
# both sides are within a ratio of 2). A wider gap is a town that grew or merged, or a homonym.
USUAL_POPULATION_RATIO = 2
# More than that is never the same town under a slightly different name.
LARGEST_POPULATION_RATIO = 3

# A place further from the nearest located neighbour is a homonym, or GeoNames is wrong: communes of
# one postcode are close, those of one intercommunality less so, above all in the mountains.
SAME_POSTCODE_WITHIN_KM = 15
SAME_INTERCOMMUNALITY_WITHIN_KM = 10
ALONE_WITH_ITS_POSTCODE_WITHIN_KM = 30
DOUBTFUL_NAME_WITHIN_KM = 10


@dataclass(frozen=True)
class Point:
    latitude: float
    longitude: float


@dataclass
class Commune:
    code: str
    name: str
    region: str
    department: str
    postcodes: tuple[str, ...]
    population: int
    intercommunality: str
    arrondissement: str
    parent: str = ""
    is_overseas: bool = False
    seat_names: list[str] = field(default_factory=list)
    former_names: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class GeoPlace:
    geoname_id: int
    name: str
    other_names: tuple[str, ...]
    region: str
    population: int
    point: Point


def name_key(name: str) -> str:
    return " ".join(SAINTS.get(word, word) for word in fold(name).split())


def distance_km(a: Point, b: Point) -> float:
    lat_a, lat_b = math.radians(a.latitude), math.radians(b.latitude)
    half_lat = (lat_b - lat_a) / 2
    half_lon = math.radians(b.longitude - a.longitude) / 2
    chord = math.sin(half_lat) ** 2 + math.cos(lat_a) * math.cos(lat_b) * math.sin(half_lon) ** 2
    return 2 * EARTH_RADIUS_KM * math.asin(math.sqrt(chord))


def centre(points: list[Point]) -> Point:
    return Point(fmean(p.latitude for p in points), fmean(p.longitude for p in points))


@dataclass(frozen=True)
class Pair:
    """A commune and a place of its region that bears one of its names."""

    way: int
    commune: Commune
    place: GeoPlace

    @property
    def gap(self) -> float:
        return abs(math.log((self.commune.population + 1) / (self.place.population + 1)))

    @property
    def rank(self) -> tuple:
        return self.way, self.gap, self.commune.code, self.place.geoname_id

    @property
    def is_credible(self) -> bool:
        if self.way in (OTHER_SPELLING, LONGER_NAME):
            return self.gap <= math.log(LARGEST_POPULATION_RATIO)
        # A part is smaller than the whole commune.
        return self.way == OWN_NAME or self.place.population <= 1.2 * self.commune.population

    @property
    def is_doubtful(self) -> bool:
        if self.way == OWN_NAME:
            return self.gap > math.log(USUAL_POPULATION_RATIO)
        # The seat is smaller than the whole commune: its population says nothing.
        return self.way != SEAT_NAME


class PlaceIndex:
    """Places by region and name, other spelling, or beginning of the name."""

    def __init__(self, places: list[GeoPlace]):
        self.names, self.spellings, self.beginnings = (defaultdict(list) for _ in range(3))
        for place in places:
            key = name_key(place.name)
            self.names[place.region, key].append(place)
            for spelling in {name_key(name) for name in place.other_names} - {key}:
                self.spellings[place.region, spelling].append(place)
            for beginning in beginnings(key):
                self.beginnings[place.region, beginning].append(place)

    def pairs(self, commune: Commune) -> Iterator[Pair]:
        own = name_key(commune.name)
        for way, names, index in (
            (OWN_NAME, [own], self.names),
            (SEAT_NAME, map(name_key, commune.seat_names), self.names),
            (OTHER_SPELLING, [own], self.spellings),
            (FORMER_NAME, map(name_key, commune.former_names), self.names),
            (LONGER_NAME, [own], self.beginnings),
            (LONGER_NAME, beginnings(own), self.names),
        ):
            for name in names:
                for place in index.get((commune.region, name), ()):
                    yield Pair(way, commune, place)


def beginnings(key: str) -> list[str]:
    words = key.split()
    return [" ".join(words[:count]) for count in range(1, len(words))]


def match_places(communes: list[Commune], places: list[GeoPlace]) -> dict[str, Point]:
    """Exact positions: one place per commune and one commune per place."""
    index = PlaceIndex(places)
    pairs = [pair for commune in communes for pair in index.pairs(commune) if pair.is_credible]
    pairs.sort(key=lambda pair: pair.rank)
    located = unmistakable(pairs)
    # The second round no longer compares with the homonyms that the first one threw out.
    for _ in range(2):
        located = choose(pairs, Surroundings(communes, located))
    return located


def choose(pairs: list[Pair], surroundings: "Surroundings") -> dict[str, Point]:
    """Best way first, then nearest population, each side taken once."""
    located, taken = {}, set()
    for pair in pairs:
        if pair.commune.code in located or pair.place.geoname_id in taken:
            continue
        if is_plausible(pair, surroundings):
            located[pair.commune.code] = pair.place.point
            taken.add(pair.place.geoname_id)
    return located


def is_plausible(pair: Pair, surroundings: "Surroundings") -> bool:
    if pair.commune.is_overseas and pair.way == OWN_NAME:
        # Few communes, far apart, and no homonym inside a region.
        return True
    same_postcode = surroundings.nearest_km(pair, "postcode")
    same_group = surroundings.nearest_km(pair, "intercommunality")
    if pair.is_doubtful:
        return min(same_postcode, same_group) <= DOUBTFUL_NAME_WITHIN_KM
    if same_postcode == math.inf:
        return same_group <= ALONE_WITH_ITS_POSTCODE_WITHIN_KM or same_group == math.inf
    return same_postcode <= SAME_POSTCODE_WITHIN_KM or same_group <= SAME_INTERCOMMUNALITY_WITHIN_KM


def unmistakable(pairs: list[Pair]) -> dict[str, Point]:
    """Positions of the names that exist once in their region on both sides."""
    same_name = [pair for pair in pairs if pair.way == OWN_NAME]
    communes = Counter(pair.commune.code for pair in same_name)
    places = Counter(pair.place.geoname_id for pair in same_name)
    return {
        pair.commune.code: pair.place.point
        for pair in same_name
        if communes[pair.commune.code] == places[pair.place.geoname_id] == 1
    }


GroupKey = tuple[str, ...]


def postcode_groups(commune: Commune) -> list[GroupKey]:
    # A postcode may cross the border of a departement; those neighbours are often far.
    return [(commune.department, postcode) for postcode in commune.postcodes]


def intercommunality_group(commune: Commune) -> list[GroupKey]:
    return [(commune.department, commune.intercommunality)] if commune.intercommunality else []


def postcode_and_intercommunality_groups(commune: Commune) -> list[GroupKey]:
    return [
        (*group, postcode)
        for group in intercommunality_group(commune)
        for postcode in commune.postcodes
    ]


def arrondissement_group(commune: Commune) -> list[GroupKey]:
    return [(commune.arrondissement,)] if commune.arrondissement else []


def department_group(commune: Commune) -> list[GroupKey]:
    return [(commune.department,)]


# From the closest neighbours to the furthest (errors measured in README.md).
FALLBACKS: dict[str, Callable[[Commune], list[GroupKey]]] = {
    "postcode and intercommunality": postcode_and_intercommunality_groups,
    "postcode": postcode_groups,
    "intercommunality": intercommunality_group,
    "arrondissement": arrondissement_group,
    "departement": department_group,
}


class Surroundings:
    """The located communes around each commune, by ever wider administrative groups."""

    def __init__(self, communes: Iterable[Commune], points: dict[str, Point]):
        self.groups: dict[str, dict[GroupKey, dict[str, Point]]] = {}
        for way, keys in FALLBACKS.items():
            groups = self.groups[way] = defaultdict(dict)
            for commune in communes:
                if point := points.get(commune.code):
                    for key in keys(commune):
                        groups[key][commune.code] = point

    def neighbours(self, commune: Commune, way: str) -> list[Point]:
        found: dict[str, Point] = {}
        for key in FALLBACKS[way](commune):
            found.update(self.groups[way].get(key, {}))
        found.pop(commune.code, None)
        return list(found.values())

    def nearest_km(self, pair: Pair, way: str) -> float:
        points = self.neighbours(pair.commune, way)
        return min((distance_km(pair.place.point, point) for point in points), default=math.inf)

    def centre(self, commune: Commune) -> tuple[Point, str]:
        """Centre of the nearest neighbours, and the way they were found."""
        for way in FALLBACKS:
            if points := self.neighbours(commune, way):
                return centre(points), way
        raise LookupError(f"no neighbour for {commune.code}: add it to manual_positions.csv")


def approximate_points(
    communes: list[Commune], exact: dict[str, Point]
) -> dict[str, tuple[Point, str]]:
    """Position of the communes without an exact one, and the way it was found."""
    surroundings = Surroundings(communes, exact)
    return {
        commune.code: surroundings.centre(commune)
        for commune in communes
        if commune.code not in exact
    }


def fallback_errors(
    communes: list[Commune], exact: dict[str, Point]
) -> Iterator[tuple[str, float]]:
    """Way and error in km of the fallback on each located commune, its own position hidden."""
    surroundings = Surroundings(communes, exact)
    for commune in communes:
        # Paris, alone in its departement, has nobody to borrow from.
        if commune.code in exact and surroundings.neighbours(commune, "departement"):
            point, way = surroundings.centre(commune)
            yield way, distance_km(exact[commune.code], point)
