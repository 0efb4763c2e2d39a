"""Sixty searches as people make them, for every measure of the search."""

from collections.abc import Iterator

from catalogue.places import resolve
from catalogue.search import Filters, Format, SearchCriteria

# Four of the facets are what is compared with other engines.
FACETS = ("modalite", "certification", "prix", "duree")
WORDS = (
    "anglais", "comptabilité", "permis B", "bilan de compétences", "excel", "aide-soignante",
    "CACES R489", "SST", "développeur web", "cuisine", "petite enfance", "soudure", "anglais TOEIC",
    "gestionnaire de paie", "RNCP37948", "VAE", "secrétaire médicale", "coifure", "python",
    "permis poids lourd",
)  # fmt: skip
TOWNS = ("Toulouse", "Lyon", "Paris", "Lille", "Nantes")
BEGINNINGS = (
    "an", "ang", "comp", "compta", "aide", "perm", "permis b", "dev", "cais", "gest pa", "sec", "x",
)  # fmt: skip
TOWN_BEGINNINGS = (
    "to", "tou", "toulouse", "saint", "saint d", "31", "310", "par", "x", "l", "lyo", "vileurb",
    "clrmont ferr",
)  # fmt: skip


def searches() -> Iterator[SearchCriteria]:
    """Yield sixty mixed searches: words alone, near a town, narrowed."""
    for rank, words in enumerate(WORDS):
        yield SearchCriteria(words=words)
        yield SearchCriteria(words=words, place=resolve(TOWNS[rank % len(TOWNS)]).place)
        chosen = {"prix": ("1000", "1500")} if rank % 2 else {"certification": ("rncp", "rs")}
        wanted = Format.DISTANCE if rank % 4 == 3 else None
        yield SearchCriteria(words=words, format=wanted, filters=Filters(chosen=chosen))


def parameters() -> Iterator[dict]:
    """Yield the same as parameters of the address of a page."""
    for rank, words in enumerate(WORDS):
        yield {"quoi": words}
        yield {"quoi": words, "ou": TOWNS[rank % len(TOWNS)]}
        narrowed = {"prix": ["1000", "1500"]} if rank % 2 else {"certification": ["rncp", "rs"]}
        yield {"quoi": words, **narrowed, **({"format": "distance"} if rank % 4 == 3 else {})}
