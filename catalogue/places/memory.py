"""The places asked for last, understood once for each loading of the communes."""

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache

from catalogue.places import distances, loading, names, postcodes, reading
from catalogue.places.reading import Place, PlaceMatch

KEPT = 500


def resolve(text: str) -> PlaceMatch:
    """Understand what was typed as a place. Never fails: the answer to any nonsense is UNKNOWN."""
    return _resolve(text, loading.version())


def communes_around(
    place: Place, km: float, version: datetime | None = None
) -> Mapping[str, float]:
    """Return the INSEE codes around a town and their distance in km; nothing for a departement.

    `version` is that of the table (`loading.version`), for who has asked for it already.
    """
    return _communes_around(place, km, version or loading.version())


def suggest(text: str, limit: int = 8) -> list[Place]:
    """Return up to `limit` places for a text being typed, the most populated first."""
    return list(_suggest(text, limit, loading.version()))


def forget() -> None:
    """Read everything again at the next call."""
    loading.look_again()
    distances.forget_positions()
    postcodes.forget()
    names.forget()
    _resolve.cache_clear()
    _suggest.cache_clear()
    _communes_around.cache_clear()


@lru_cache(KEPT)
def _resolve(text: str, _version: datetime | None) -> PlaceMatch:
    return reading.resolve(text)


@lru_cache(KEPT)
def _suggest(text: str, limit: int, _version: datetime | None) -> tuple[Place, ...]:
    return tuple(reading.suggest(text, limit))


@lru_cache(KEPT)
def _communes_around(place: Place, km: float, _version: datetime | None) -> Mapping[str, float]:
    return distances.communes_around(place, km)
