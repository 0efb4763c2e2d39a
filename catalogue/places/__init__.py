"""Places of the search: what « Ville ou code postal » means, and what is around it."""

from catalogue.places.distances import communes_within
from catalogue.places.memory import communes_around, resolve, suggest
from catalogue.places.memory import forget as forget_positions
from catalogue.places.reading import Place, PlaceMatch, PlaceState

__all__ = [
    "Place",
    "PlaceMatch",
    "PlaceState",
    "communes_around",
    "communes_within",
    "forget_positions",
    "resolve",
    "suggest",
]
