"""Comparison of French texts as a person would compare them."""

import re
import unicodedata

_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "ß": "ss", "ø": "o", "đ": "d", "ł": "l"})
_NOT_WORD = re.compile(r"[\W_]+")


def fold(text: str) -> str:
    """Return `text` in lower case without accents, punctuation turned to single spaces.

    « Saint-Étienne » and « SAINT ETIENNE » fold to the same string; letters of any script are kept.
    """
    lowered = unicodedata.normalize("NFKC", text).casefold().translate(_LIGATURES)
    bare = "".join(
        c for c in unicodedata.normalize("NFKD", lowered) if not unicodedata.combining(c)
    )
    return _NOT_WORD.sub(" ", bare).strip()
