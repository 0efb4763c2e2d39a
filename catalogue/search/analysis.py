"""From a text to the terms of the index, in the same way for the offers and for what people type."""

import re
import unicodedata
from functools import cache, lru_cache

from tantivy import Filter, TextAnalyzer, TextAnalyzerBuilder, Tokenizer

from cpf_portal.ui.text import fold

# Little words that say nothing of a training; « formation » is of them, every offer is one, and its
# stem would be that of « former ». Left in: letters that name things (permis B, langage C).
_LITTLE_WORDS = """
    a à au aux avec ce ces cette comment dans de des du elle en est et eux il ils je la le les leur
    leurs ma mais me mes moi mon ne nos notre nous on ou où par pas pour qu que qui sa sans se ses
    son sont sous sur ta te tes toi ton tu un une vers vos votre vous y
    formation formations stage stages cours apprendre devenir
"""
STOP_WORDS = frozenset(_LITTLE_WORDS.split())
_FOLDED_STOP_WORDS = frozenset(fold(word) for word in STOP_WORDS)
LETTERS = [chr(code) for code in range(ord("a"), ord("z") + 1)]
KEPT_TEXTS = 10_000  # of some 100 characters
LONGEST_TERM = 60  # characters; no French word is as long

_ELISION = re.compile(r"\b(?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu|quoiqu)['’ʼ]", re.IGNORECASE)
# « RNCP 35584 », « RS n° 5550 », « R.489 » are written as one word.
_SPLIT_CODE = re.compile(
    r"\b(?:(RNCP|RS|CPF)[\s:.-]*(?:n[°o]\.?\s*)?(\d{2,6})|(R)[\s.-]?(\d{3}))\b", re.IGNORECASE
)
_PIECE = re.compile(r"[^\W_]+")
# Feminine and masculine endings that the stemmer leaves apart.
_FEMININE = {"euse": "eur", "trice": "teur", "iere": "ier", "enne": "en"}
_MASCULINE = {masculine: feminine for feminine, masculine in _FEMININE.items()}


def normalize(text: str) -> str:
    """Return `text` with split codes joined and elisions (l’, d’, qu’) removed."""
    text = composed(text).replace("_", " ")
    joined = _SPLIT_CODE.sub(lambda found: "".join(filter(None, found.groups())), text)
    return _ELISION.sub(" ", joined)


# Names, titles and certifications come again and again: each is read once.
normalized = lru_cache(KEPT_TEXTS)(normalize)


def composed(text: str) -> str:
    """Return `text` with each accent in its letter, else the index would cut the word there."""
    return unicodedata.normalize("NFKC", text)


def pieces(text: str) -> list[str]:
    """Return the words of a query as typed, without the stop words."""
    return [
        word for word in _PIECE.findall(normalize(text)) if fold(word) not in _FOLDED_STOP_WORDS
    ]


def stems(word: str) -> list[str]:
    """Return the terms that stand for one word of either gender, masculine first as titles are."""
    folded = fold(word).removesuffix("s")
    forms = [*_other_gender(folded, _FEMININE), word, *_other_gender(folded, _MASCULINE)]
    return list(dict.fromkeys(term for form in forms for term in analyzer().analyze(form)))


def _other_gender(folded: str, endings: dict[str, str]) -> list[str]:
    return [
        folded.removesuffix(ending) + other
        for ending, other in endings.items()
        if folded.endswith(ending) and len(folded) > len(ending) + 2
    ]


def vocabulary(text: str) -> frozenset[str]:
    """Return the words of a normalized text in lower case with their accents, stop words left out."""
    return frozenset(_words_analyzer().analyze(text))


def label_words(text: str) -> list[str]:
    """Return the words of a label, or of its beginning, without accents."""
    return list(labels_analyzer().analyze(composed(text)))


@cache
def labels_analyzer() -> TextAnalyzer:
    """Whole words without accents: what is typed is compared with their beginnings."""
    builder = TextAnalyzerBuilder(Tokenizer.simple()).filter(Filter.lowercase())
    return builder.filter(Filter.remove_long(LONGEST_TERM)).filter(Filter.ascii_fold()).build()


@cache
def analyzer() -> TextAnalyzer:
    """Stems without accents, for the fields that matter."""
    return _build(Filter.ascii_fold(), Filter.stemmer("french"))


@cache
def body_analyzer() -> TextAnalyzer:
    """The same for long texts, where a single letter is only what an elision left."""
    return _build(Filter.custom_stopword(LETTERS), Filter.ascii_fold(), Filter.stemmer("french"))


@cache
def _words_analyzer() -> TextAnalyzer:
    return _build()


def _build(*filters: Filter) -> TextAnalyzer:
    builder = TextAnalyzerBuilder(Tokenizer.simple())
    common = [
        Filter.remove_long(LONGEST_TERM),
        Filter.lowercase(),
        Filter.custom_stopword(sorted(STOP_WORDS)),
    ]
    for step in [*common, *filters]:
        builder = builder.filter(step)
    return builder.build()
