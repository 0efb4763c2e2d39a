"""Words of the same meaning, kept with each generation: a search reads no table for them.

Each group of words is known by its stems: `("sst",)` and `("sauveteur", "secour", "travail")`.
"""

import json
from collections.abc import Iterable
from pathlib import Path

from catalogue.models import Synonym
from catalogue.search import analysis
from cpf_portal.ui.text import fold

FILE = "synonyms.json"

Pieces = tuple[str, ...]
Synonyms = dict[Pieces, list[Pieces]]


def publish(generation: Path) -> bool:
    """Write the list of the database to a generation; tell whether it was another one."""
    pairs = sorted(Synonym.objects.values_list("term", "meaning"))
    text = json.dumps(pairs)
    path = generation / FILE
    if path.exists() and path.read_text() == text:
        return False
    aside = path.with_suffix(".new")
    aside.write_text(text)
    aside.replace(path)
    return True


def read(generation: Path) -> Synonyms:
    """Return what stands for each group of words, in both directions."""
    try:
        pairs = json.loads((generation / FILE).read_text())
    except FileNotFoundError:
        return {}
    known: Synonyms = {}
    for term, meanings in pairs:
        for meaning in meanings.split(","):
            one, other = pieces(term), pieces(meaning)
            if one and other and one != other:
                known.setdefault(key(one), []).append(other)
                known.setdefault(key(other), []).append(one)
    return known


def pieces(text: str) -> Pieces:
    """Return the words that matter, folded."""
    return tuple(fold(piece) for piece in analysis.pieces(text))


def key(words: Iterable[str]) -> Pieces:
    """Return what the same words share in the plural and the feminine."""
    return tuple((analysis.stems(word) or [word])[0] for word in words)
