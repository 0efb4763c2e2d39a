"""Near-identical offers of one provider, which a page shows as one card.

A provider that gives one training in forty towns, or sells it again under forty spellings, has one
card for it: its title without little words, the town and the order is what tells its trainings apart.
"""

from functools import lru_cache
from hashlib import blake2b

from catalogue.models import Modality
from catalogue.search import analysis
from catalogue.search.rows import Placed
from cpf_portal.ui.text import fold

BYTES = 6  # the counts of the index are exact up to 2**53


def number(offer: Placed) -> int:
    """Return what near-identical offers share, and others but by a rare chance do not."""
    is_remote = offer.modality == Modality.REMOTE
    parts = (offer.provider_id, offer.certification_id, is_remote, *_title(offer))
    digest = blake2b(repr(parts).encode(), digest_size=BYTES).digest()
    return int.from_bytes(digest, "big")


@lru_cache(4096)
def _words(title: str) -> frozenset[str]:
    return frozenset(fold(piece) for piece in analysis.pieces(title))


@lru_cache(4096)
def _town(name: str) -> frozenset[str]:
    return frozenset(fold(name).split())


def _title(offer: Placed) -> list[str]:
    town = _town(offer.commune.name) if offer.commune else frozenset()
    words = _words(offer.title)
    # a title made of its town alone (« Lyon ») is still a title
    return sorted(words - town or words)
