"""Communes within a distance, from positions kept in the memory of each process."""

import math
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache
from typing import Generic, TypeVar

from catalogue.models import Commune
from catalogue.places import loading
from catalogue.places.reading import CITIES_WITH_DISTRICTS, Place

EARTH_RADIUS_KM = 6371.0088

Key = TypeVar("Key", str, int)
Vector = tuple[float, float, float]


class Points(Generic[Key]):
    """Places on the unit sphere, given by latitude, each with its key."""

    def __init__(self, rows: Iterable[tuple[Key, float, float]]):
        self.codes: list[Key] = []
        self.latitudes, self.x, self.y, self.z = (array("d") for _ in range(4))
        for code, latitude, longitude in rows:
            x, y, z = _unit_vector(latitude, longitude)
            self.codes.append(code)
            self.latitudes.append(latitude)
            self.x.append(x)
            self.y.append(y)
            self.z.append(z)

    def within(self, latitude: float, longitude: float, km: float) -> list[tuple[float, Key]]:
        """Return (distance in km, key) of the places within `km` of a point, nearest first."""
        angle = km / EARTH_RADIUS_KM
        start = bisect_left(self.latitudes, latitude - math.degrees(angle))
        end = bisect_right(self.latitudes, latitude + math.degrees(angle))
        band = slice(start, end)
        x, y, z = _unit_vector(latitude, longitude)
        least = math.cos(min(angle, math.pi))
        return sorted(
            (EARTH_RADIUS_KM * math.acos(min(cosine, 1.0)), code)
            for code, a, b, c in zip(
                self.codes[band], self.x[band], self.y[band], self.z[band], strict=True
            )
            if (cosine := x * a + y * b + z * c) >= least
        )


def distance_km(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Return the distance between two points (latitude and longitude in degrees)."""
    return _distance_km(_unit_vector(*a), _unit_vector(*b))


def _distance_km(a: Vector, b: Vector) -> float:
    return EARTH_RADIUS_KM * math.acos(min(a[0] * b[0] + a[1] * b[1] + a[2] * b[2], 1.0))


def _unit_vector(latitude: float, longitude: float) -> Vector:
    phi, theta = math.radians(latitude), math.radians(longitude)
    return math.cos(phi) * math.cos(theta), math.cos(phi) * math.sin(theta), math.sin(phi)


_cached: tuple[datetime | None, Points[str]] | None = None


def communes_within(latitude: float, longitude: float, km: float) -> dict[str, float]:
    """Return the INSEE codes within `km` of a point (degrees) and their distance, nearest first."""
    return {code: distance for distance, code in _positions().within(latitude, longitude, km)}


def communes_around(place: Place, km: float) -> dict[str, float]:
    """Return the INSEE codes around a town and their distance in km; nothing for a departement.

    A city comes with all its arrondissements and an arrondissement with its city, whatever the
    distance: an offer « à Paris » may be in any of them, and their centres are up to 9 km apart.
    """
    if place.latitude is None or place.longitude is None:
        return {}
    found = communes_within(place.latitude, place.longitude, km)
    if place.code not in CITIES_WITH_DISTRICTS and not place.city:
        return found
    centre = _unit_vector(place.latitude, place.longitude)
    for code, parent, latitude, longitude in _cities_and_districts(loading.version()):
        if parent == place.code or code == place.city:
            found.setdefault(code, _distance_km(centre, _unit_vector(latitude, longitude)))
    return found


@lru_cache(1)
def _cities_and_districts(
    _version: datetime | None,
) -> list[tuple[str, str | None, float, float]]:
    wanted = Commune.objects.exclude(parent=None) | Commune.objects.filter(
        code__in=CITIES_WITH_DISTRICTS
    )
    return list(wanted.values_list("code", "parent", "latitude", "longitude"))


def forget_positions() -> None:
    """Read the positions again at the next call."""
    global _cached
    _cached = None
    _cities_and_districts.cache_clear()


def _positions() -> Points[str]:
    """Positions of the table as it is now, read once per process and per loading of the table.

    Every worker asks the table itself for its last change, one step in an index: no message between
    processes can be lost. The date is read before the rows: a loading in between only makes the next
    call read again.
    """
    global _cached
    now = loading.version()
    if _cached is None or _cached[0] != now:
        rows = Commune.objects.order_by("latitude", "code").values_list(
            "code", "latitude", "longitude"
        )
        _cached = now, Points(rows)
    return _cached[1]
