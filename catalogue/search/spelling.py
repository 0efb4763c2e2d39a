"""The words that the catalogue knows, and the nearest of them for a word that it does not."""

from collections import Counter
from collections.abc import Iterable

import tantivy
from tantivy import Document, Query

from catalogue.search.schema import WORDS
from cpf_portal.ui.text import fold

SHORTEST_WORD = 4  # below, everything is near everything
SHORTEST_FOR_TWO_MISTAKES = 6
MAX_CANDIDATES = 10


def add_words(writer: tantivy.IndexWriter, counts: Counter[str]) -> None:
    """Write words (lower case, accents kept) with the number of offers that hold them."""
    for label, frequency in sorted(counts.items()):  # of two as frequent, always the same one
        made = Document()
        made.add_text("word", fold(label))
        made.add_text("label", label)
        made.add_unsigned("frequency", frequency)
        writer.add_document(made)


def unknown_words(searcher: tantivy.Searcher, words: Iterable[str]) -> list[str]:
    return [word for word in words if not searcher.doc_freq("label", word)]


def nearest(searcher: tantivy.Searcher, word: str) -> list[str]:
    """Return the known words nearest to an unknown one, best first.

    One mistake away (letter added, dropped, changed, or two swapped), else begun by it (« compta »),
    else two mistakes away; within each, the most frequent first. A word with a digit is a code or a
    number: its neighbour would be another thing.
    """
    folded = fold(word)
    if len(folded) < SHORTEST_WORD or not folded.isalpha():
        return []
    ways = [_near(folded, 1), _begun(folded)]
    if len(folded) >= SHORTEST_FOR_TWO_MISTAKES:
        ways.append(_near(folded, 2))
    return next((found for way in ways if (found := _labels(searcher, way))), [])


def _near(word: str, distance: int) -> Query:
    return Query.fuzzy_term_query(WORDS, "word", word, distance=distance)


def _begun(word: str) -> Query:
    return Query.fuzzy_term_query(WORDS, "word", word, distance=0, prefix=True)


def _labels(searcher: tantivy.Searcher, query: Query) -> list[str]:
    hits = searcher.search(query, MAX_CANDIDATES, order_by_field="frequency").hits
    return [searcher.doc(address)["label"][0] for _frequency, address in hits]
