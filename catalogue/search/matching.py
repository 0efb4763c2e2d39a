"""From the words that a person typed to a query, and to what she is told of the changes made to them.

Everything is decided on the text alone, before any filter: a filter never changes the words.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from tantivy import Occur, Query

from catalogue.search import analysis, spelling
from catalogue.search.schema import OFFERS, TOWN, WEIGHTS
from catalogue.search.snapshot import Snapshot, count
from cpf_portal.ui.text import fold

MAX_CHARACTERS = 100
MAX_WORDS = 10
# What the other fields add to the best one: a word found twice ranks above a word found once.
OTHER_FIELDS_SHARE = 0.2
OTHER_GENDER_SHARE = 0.6
PHRASE_WEIGHT = 4.0
PHRASE_SLOP = 2
IN_TOWN = {TOWN: 1.0}
# Words that ask for a format and say nothing of the subject, wherever else they stand.
FORMAT_WORDS = {"distance", "visioconference", "visio", "elearning"}
IN_FORMAT = {"format": 0.5}


@dataclass(frozen=True)
class Match:
    """A query, and how it departs from the words typed."""

    query: Query
    # False when nothing ranks the offers: no word, or little words only
    has_words: bool = True
    # (typed, used instead)
    corrections: tuple[tuple[str, str], ...] = ()
    # words that no offer holds, nor anything near them
    unknown: tuple[str, ...] = ()
    # words left out because no offer holds them together with the others
    dropped: tuple[str, ...] = ()
    # nothing holds several of the words together: each offer holds at least one
    is_any_word: bool = False
    # the end of the text was not read
    is_shortened: bool = False
    # none of the words is known: whatever the filters, nothing can be found
    is_unknown: bool = False


@dataclass(frozen=True)
class Word:
    """A word as typed, the one it is read as, and the terms of the index that stand for it."""

    typed: str
    used: str
    terms: tuple[str, ...] = ()
    frequency: int = 0
    fields: Mapping[str, float] = field(default_factory=lambda: WEIGHTS)


def understand(text: str, snapshot: Snapshot) -> Match:
    """Return what `text` means in the index: an exact code, all words, or as many as can be."""
    text = text.encode(errors="replace").decode()  # a lone surrogate has no place in an index
    is_shortened = len(text) > MAX_CHARACTERS
    text = text[:MAX_CHARACTERS]
    if code := _exact_code(text, snapshot):
        return Match(_with_code(code))
    pieces = analysis.pieces(text)
    is_shortened = is_shortened or len(pieces) > MAX_WORDS
    if not pieces:
        return Match(Query.all_query(), has_words=False, is_shortened=is_shortened)
    words = [_read(piece, snapshot) for piece in pieces[:MAX_WORDS]]
    known = [word for word in words if word.terms]
    kept, query, is_any_word = _relax(known, snapshot)
    return Match(
        query,
        corrections=tuple((word.typed, word.used) for word in kept if word.typed != word.used),
        unknown=tuple(word.typed for word in words if not word.terms),
        dropped=tuple(word.typed for word in known if word not in kept),
        is_any_word=is_any_word,
        is_shortened=is_shortened,
        is_unknown=not known,
    )


def _exact_code(text: str, snapshot: Snapshot) -> str | None:
    for form in (text, analysis.normalize(text)):
        code = form.strip().lower()
        if code and snapshot.offers.doc_freq("code", code):
            return code
    return None


def _with_code(code: str) -> Query:
    return Query.const_score_query(Query.term_query(OFFERS, "code", code, "basic"), 1.0)


def _read(typed: str, snapshot: Snapshot) -> Word:
    """Return the word itself when the index knows it, else the nearest word that it knows."""
    readings = [WEIGHTS, IN_TOWN]
    if fold(typed) in FORMAT_WORDS:
        readings.insert(0, IN_FORMAT)
    for fields in readings:
        if word := _known(typed, typed, fields, snapshot):
            return word
    for near in spelling.nearest(snapshot.words, typed):
        if word := _known(typed, near, WEIGHTS, snapshot):
            return word
    return Word(typed, typed)


def _known(typed: str, used: str, fields: Mapping[str, float], snapshot: Snapshot) -> Word | None:
    frequencies = {
        term: max(snapshot.offers.doc_freq(name, term) for name in fields)
        for term in analysis.stems(used)
    }
    terms = tuple(term for term, frequency in frequencies.items() if frequency)
    return Word(typed, used, terms, max(frequencies.values()), fields) if terms else None


def _relax(words: list[Word], snapshot: Snapshot) -> tuple[list[Word], Query, bool]:
    """Return the words kept, their query, and whether it asks for any of them only.

    All words; then without the rarest, down to two; then any of them. The rarest goes first because
    an offer that lacks it is still about the rest; with two words left, neither can be let go.
    """
    kept = list(words)
    while len(kept) > 1:
        query = _all_of(kept, snapshot)
        if count(snapshot.offers, query):
            return kept, query, False
        if len(kept) == 2:
            return words, _any_of(words, snapshot), True
        # of two as rare, the one typed last: people begin with what matters
        kept.remove(min(reversed(kept), key=lambda word: word.frequency))
    return kept, _all_of(kept, snapshot), False


def _all_of(words: Sequence[Word], snapshot: Snapshot) -> Query:
    clauses = [(Occur.Must, _clause(word, snapshot)) for word in words]
    if len(words) > 1:
        phrase = Query.phrase_query(
            OFFERS, "title", [word.terms[0] for word in words], slop=PHRASE_SLOP
        )
        clauses.append((Occur.Should, Query.boost_query(phrase, PHRASE_WEIGHT)))
    return Query.boolean_query(clauses) if clauses else Query.empty_query()


def _any_of(words: Sequence[Word], snapshot: Snapshot) -> Query:
    return Query.boolean_query([(Occur.Should, _clause(word, snapshot)) for word in words])


def _clause(word: Word, snapshot: Snapshot) -> Query:
    """One word in any field, scored by the field where it weighs most."""
    options = [
        Query.boost_query(
            Query.term_query(OFFERS, name, term, "freq"),
            weight * (OTHER_GENDER_SHARE if position else 1.0),
        )
        for position, term in enumerate(word.terms)
        for name, weight in word.fields.items()
        if snapshot.offers.doc_freq(name, term)
    ]
    return Query.disjunction_max_query(options, OTHER_FIELDS_SHARE)
