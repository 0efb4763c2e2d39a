"""From the words that a person typed to a query, and to what she is told of the changes made to them.

Everything is decided on the text alone, before any filter: a filter never changes the words.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from tantivy import Occur, Query

from catalogue.search import analysis, spelling
from catalogue.search.labels import code_in
from catalogue.search.schema import OFFERS, TOWN, WEIGHTS
from catalogue.search.snapshot import Snapshot, count
from catalogue.search.synonyms import Pieces, key
from cpf_portal.ui.text import fold

MAX_CHARACTERS = 100
MAX_WORDS = 10
# What the other fields add to the best one: a word found twice ranks above a word found once.
OTHER_FIELDS_SHARE = 0.2
OTHER_GENDER_SHARE = 0.6
# A word of the catalogue weighs more than its synonyms, which are often rarer, hence dearer.
SYNONYM_SHARE = 0.2
# With fewer offers that hold all the words, others are shown after them.
ENOUGH = 3
AHEAD = 1000.0
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
    # words left out because too few offers hold them together with the others
    dropped: tuple[str, ...] = ()
    # offers that hold all the words; they come before those found without the words dropped
    complete: int = 0
    # words that no offer holds together: each offer found holds at least one of them
    either: tuple[str, ...] = ()
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
    # what the synonyms put in its place: any of these groups, each as a whole
    synonyms: tuple[tuple["Word", ...], ...] = ()

    @property
    def is_known(self) -> bool:
        return bool(self.terms or self.synonyms)


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
    words = _words(pieces[:MAX_WORDS], snapshot)
    known = [word for word in words if word.is_known]
    kept, query, is_any_word, complete = _relax(known, snapshot)
    return Match(
        query,
        complete=complete,
        corrections=tuple((word.typed, word.used) for word in kept if word.typed != word.used),
        unknown=tuple(word.typed for word in words if not word.is_known),
        dropped=tuple(word.typed for word in known if word not in kept),
        either=tuple(word.typed for word in kept) if is_any_word else (),
        is_shortened=is_shortened,
        is_unknown=not known,
    )


def every_word(text: str, snapshot: Snapshot) -> Query:
    """Return what finds the offers that hold all the words of `text`; nothing when one is unknown."""
    text = text.encode(errors="replace").decode()[:MAX_CHARACTERS]
    if code := _exact_code(text, snapshot):
        return _with_code(code)
    pieces = analysis.pieces(text)[:MAX_WORDS]
    if not pieces:
        return Query.all_query()
    words = _words(pieces, snapshot)
    return _all_of(words if all(word.is_known for word in words) else [], snapshot)


def _exact_code(text: str, snapshot: Snapshot) -> str | None:
    for form in (text, analysis.normalize(text), code_in(text) or ""):
        code = form.strip().lower()
        if code and snapshot.offers.doc_freq("code", code):
            return code
    return None


def _with_code(code: str) -> Query:
    return Query.const_score_query(Query.term_query(OFFERS, "code", code, "basic"), 1.0)


def _words(pieces: Sequence[str], snapshot: Snapshot) -> list[Word]:
    """Read the pieces one after the other, or as many together as a synonym stands for."""
    words, start = list[Word](), 0
    while start < len(pieces):
        word, length = _with_synonyms(pieces[start:], snapshot)
        words.append(word)
        start += length
    return words


def _with_synonyms(pieces: Sequence[str], snapshot: Snapshot) -> tuple[Word, int]:
    """Return the word at the beginning of the pieces, and how many of them it takes."""
    stems = key(pieces)
    for length in range(len(pieces), 0, -1):
        groups = _groups(snapshot.synonyms.get(stems[:length], ()), snapshot)
        if not groups:
            continue
        alone = [_known(piece, piece, WEIGHTS, snapshot) for piece in pieces[:length]]
        if length == 1:
            word = alone[0] or Word(pieces[0], pieces[0])
            return replace(word, synonyms=groups, frequency=_frequency(word, groups)), 1
        if all(alone):
            groups = (tuple(word for word in alone if word), *groups)
        typed = " ".join(pieces[:length])
        word = Word(typed, typed, synonyms=groups)
        return replace(word, frequency=_frequency(word, groups)), length
    return _read(pieces[0], snapshot), 1


def _groups(found: Iterable[Pieces], snapshot: Snapshot) -> tuple[tuple[Word, ...], ...]:
    """Return the synonyms of which the index knows every word."""
    read = ([_known(piece, piece, WEIGHTS, snapshot) for piece in pieces] for pieces in found)
    return tuple(tuple(word for word in words if word) for words in read if all(words))


def _frequency(word: Word, groups: tuple[tuple[Word, ...], ...]) -> int:
    return max(word.frequency, *(min(part.frequency for part in group) for group in groups))


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


def _relax(words: list[Word], snapshot: Snapshot) -> tuple[list[Word], Query, bool, int]:
    """Return the words kept, their query, whether it asks for any of them only, and how many hold all.

    All words, when enough offers hold them. Else those offers first, then those that hold fewer words:
    the rarest is let go first, because an offer that lacks it is still about the rest; of two words the
    last, since French begins with what matters. Two words never found together are asked for either.
    """
    everything = _all_of(words, snapshot)
    complete = count(snapshot.offers, everything) if len(words) > 1 else 0
    if len(words) < 2 or complete >= ENOUGH:
        return words, everything, False, complete
    kept = list(words)
    while len(kept) > 1:
        if len(kept) == 2 and not complete:
            return words, _any_of(words, snapshot), True, complete
        kept.remove(_least(kept))
        query = _all_of(kept, snapshot)
        found = count(snapshot.offers, query)
        if found >= ENOUGH or (found > complete and len(kept) == 1):
            return kept, _first(everything, query) if complete else query, False, complete
        if found and not complete:
            return kept, query, False, complete
    return words, everything, False, complete


def _least(words: list[Word]) -> Word:
    """Return the word to let go: the rarest, and of two as rare the one typed last."""
    if len(words) == 2:
        return words[-1]
    return min(reversed(words), key=lambda word: word.frequency)


def _first(better: Query, query: Query) -> Query:
    """Find what `query` finds, with what `better` finds ahead of the rest."""
    ahead = Query.const_score_query(better, AHEAD)
    return Query.boolean_query([(Occur.Must, query), (Occur.Should, ahead)])


def _all_of(words: Sequence[Word], snapshot: Snapshot) -> Query:
    clauses = [(Occur.Must, _clause(word, snapshot)) for word in words]
    if len(words) > 1 and all(word.terms for word in words):
        phrase = Query.phrase_query(
            OFFERS, "title", [word.terms[0] for word in words], slop=PHRASE_SLOP
        )
        clauses.append((Occur.Should, Query.boost_query(phrase, PHRASE_WEIGHT)))
    return Query.boolean_query(clauses) if clauses else Query.empty_query()


def _any_of(words: Sequence[Word], snapshot: Snapshot) -> Query:
    return Query.boolean_query([(Occur.Should, _clause(word, snapshot)) for word in words])


def _clause(word: Word, snapshot: Snapshot) -> Query:
    """One word, or a synonym of it, in any field, scored by the field where it weighs most."""
    options = [
        Query.boost_query(
            Query.term_query(OFFERS, name, term, "freq"),
            weight * (OTHER_GENDER_SHARE if position else 1.0),
        )
        for position, term in enumerate(word.terms)
        for name, weight in word.fields.items()
        if snapshot.offers.doc_freq(name, term)
    ]
    share = SYNONYM_SHARE if word.terms else 1.0
    options += [
        Query.boost_query(_all_of(group, snapshot), share / len(group)) for group in word.synonyms
    ]
    return Query.disjunction_max_query(options, OTHER_FIELDS_SHARE)
