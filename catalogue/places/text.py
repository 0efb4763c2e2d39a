"""Reading of a typed place: folding, postcodes, arrondissements, spelling mistakes."""

import re
import unicodedata
from os.path import commonprefix

from cpf_portal.ui.text import fold

ABBREVIATIONS = {"st": "saint", "ste": "sainte"}
ARTICLES = ("le", "la", "les", "l")
# fmt: off
ROMAN = [
    "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x",
    "xi", "xii", "xiii", "xiv", "xv", "xvi", "xvii", "xviii", "xix", "xx",
]
# fmt: on

CEDEX = re.compile(r"\bcedex\b( \d{1,2}\b)?")
SPACED_POSTCODE = re.compile(r"\b(\d{2}) (\d{3})\b", re.ASCII)

# « Toulouse (31000) », the form of our suggestions
LABEL = re.compile(r"(?P<name>.+)\((?P<hint>[^()]+)\)\s*")
# a postcode or an INSEE code
CODE = re.compile(r"\d{5}|2[ab]\d{3}", re.ASCII)
CODE_BEGINNING = re.compile(r"\d{2,5}|2[ab]\d{0,3}", re.ASCII)
DISTRICT = re.compile(
    r"(?P<city>paris|lyon|marseille) (?P<number>\d{1,2}|[ivx]+)"
    r"(?: ?(?:er|e|eme|ieme|nd|nde|ere|arr|ardt|arrdt|arrondissement))*",
    re.ASCII,
)
POSTCODE_AND_NAME = re.compile(r"(?P<before>.*?) ?\b(?P<postcode>\d{5})\b ?(?P<after>.*)", re.ASCII)
NAME_AND_DEPARTMENT = re.compile(r"(?P<name>.+) (?P<department>\d{1,3}|2[ab])", re.ASCII)


def clean(text: str) -> str:
    """Fold a text, drop CEDEX, join « 31 000 », spell « st » and « s/ » out."""
    text = unicodedata.normalize("NFKC", text).lower().replace("s/", "sur ")
    words = CEDEX.sub(" ", fold(text)).split()
    return SPACED_POSTCODE.sub(r"\1\2", " ".join(ABBREVIATIONS.get(w, w) for w in words))


def with_articles(words: str) -> list[str]:
    """Return the name as typed, then with each article people leave out: « Havre », « Mans »."""
    return [words, *(f"{article} {words}" for article in ARTICLES)]


def district_name(words: str) -> str | None:
    """Return the folded official name of « paris 15 », « lyon 3e » or « paris xve »."""
    if not (parts := DISTRICT.fullmatch(words)):
        return None
    number = parts["number"]
    if not number.isdecimal():
        number = ROMAN.index(number) + 1 if number in ROMAN else 0
    ending = "er" if int(number) == 1 else "e"
    return f"{parts['city']} {int(number)}{ending} arrondissement"


def edit_distance(a: str, b: str, limit: int) -> int:
    """Count the letters to add, drop, change or swap to go from `a` to `b`; beyond `limit`, limit + 1."""
    # Each mistake adds or removes at most two different letters: this spares most comparisons.
    if abs(len(a) - len(b)) > limit or len(set(a) ^ set(b)) > 2 * limit:
        return limit + 1
    common = len(commonprefix((a, b)))  # noqa: RUF071 letter by letter: what begins alike costs nothing
    a, b = a[common:], b[common:]
    before: list[int] = []
    previous = list(range(len(b) + 1))
    for i, letter in enumerate(a, start=1):
        current = [i]
        for j, other in enumerate(b, start=1):
            cost = previous[j - 1] + (letter != other)
            if i > 1 and j > 1 and letter == b[j - 2] and a[i - 2] == other:
                cost = min(cost, before[j - 2] + 1)
            current.append(min(cost, previous[j] + 1, current[-1] + 1))
        if min(current) > limit:
            return limit + 1
        before, previous = previous, current
    return min(previous[-1], limit + 1)
