"""Texts of the providers: HTML in, plain text out. The model never holds HTML, the pages never show it."""

import html
import re
from functools import lru_cache

import nh3

from cpf_portal.ui.text import fold

# What may shape a text: the rest is dropped, and what these would have run or hidden with it.
KEPT_TAGS = {
    "p",
    "br",
    "ul",
    "ol",
    "li",
    "div",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "tr",
    "td",
    "th",
}
DROPPED_WITH_CONTENT = {
    "script",
    "style",
    "title",
    "template",
    "textarea",
    "noscript",
    "iframe",
    "svg",
}
SANITIZER = nh3.Cleaner(
    tags=KEPT_TAGS, attributes={}, clean_content_tags=DROPPED_WITH_CONTENT, strip_comments=True
)
MAX_ROUNDS = 3
# Texts read last: the sessions and places of a training repeat the same ones.
KEPT_TEXTS = 1024
LONGEST_KEPT = 4000  # characters

LOOKS_LIKE_HTML = re.compile(
    r"<[a-zA-Z/!?][^<>]*>|<(?:script|style|img|svg|iframe|a)\b|&#?\w+;", re.I
)
ITEM = re.compile(r"<li>\s*(?:<(?:p|div)>)?\s*")
CELL = re.compile(r"</t[dh]>")
LINE_END = re.compile(r"<br>|</(?:li|tr)>|<(?:ul|ol)>")
BLOCK_END = re.compile(r"</?(?:p|div|h[1-6])>|</(?:ul|ol)>")
TAG_LIKE = re.compile(r"<[^<>]*>")
TAG = re.compile(r"</?[a-z][a-z0-9]*>")
# two spaces or more, or one of another kind (but for the one before « : », which French wants)
SPACES = re.compile(r"[^\S\n]{2,}|[^\S\n \xa0\u202f]")
# a space that is neither a line's end nor the ordinary one: looked for before SPACES, which is slow
ODD_SPACE = re.compile(r"[^\S\n ]")
BLANK_LINES = re.compile(r"\n{3,}")
CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x80-\x9f\ud800-\udfff\ufffe\uffff]")
# What Windows writes under the name of ISO-8859-1: « ’ », « œ », « € »…
WINDOWS = {
    code: bytes([code]).decode("windows-1252")
    for code in range(0x80, 0xA0)
    if code not in (0x81, 0x8D, 0x8F, 0x90, 0x9D)
}
# What providers type where a text is compulsory and they have none.
FILLERS = {
    "-",
    "--",
    "---",
    ".",
    "..",
    "...",
    "…",
    "–",
    "—",
    "/",
    "_",
    "x",
    "n/a",
    "na",
    "néant",
    "neant",
    "ras",
}
MAX_FILLER = 1 + max(map(len, FILLERS))


def clean(text: str | None) -> str:
    """Return `text` as plain text: paragraphs apart by a blank line, items on lines that begin « - ».

    Understands HTML, also escaped once more (&lt;p&gt;). A filler (« - », « néant ») becomes an empty
    text. The result cleaned again is the same.
    """
    if not text:
        return ""
    return _cleaned(text) if len(text) <= LONGEST_KEPT else _cleaned.__wrapped__(text)


def folded(text: str) -> str:
    """Return the text as texts compare, for what is looked for in it."""
    return _folded(text) if len(text) <= LONGEST_KEPT else fold(text)


_folded = lru_cache(KEPT_TEXTS)(fold)


@lru_cache(KEPT_TEXTS)
def _cleaned(text: str) -> str:
    for _round in range(MAX_ROUNDS):
        if not (("<" in text or "&" in text) and LOOKS_LIKE_HTML.search(text)):
            break
        text = _from_html(text)
    else:
        text = TAG_LIKE.sub("", text).replace("<", " ")
    text = tidy(text)
    return "" if len(text) < MAX_FILLER and text.lower() in FILLERS else text


def tidy(text: str) -> str:
    """Return `text` without control characters, trailing spaces or more than one blank line."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if CONTROLS.search(text):
        text = CONTROLS.sub("", text.translate(WINDOWS))
    if "  " in text or ODD_SPACE.search(text):
        text = SPACES.sub(" ", text)
    text = text.replace(" \n", "\n").replace("\n ", "\n")
    if "\n\n\n" in text:
        text = BLANK_LINES.sub("\n\n", text)
    return text.strip()


def one_line(text: str | None) -> str:
    """Return `text` cleaned, on one line."""
    return " ".join(clean(text).split())


def _from_html(text: str) -> str:
    safe = SANITIZER.clean(_without_source_lines(text))
    safe = ITEM.sub("\n- ", safe)
    safe = CELL.sub(" ", safe)
    safe = LINE_END.sub("\n", safe)
    safe = BLOCK_END.sub("\n\n", safe)
    lines = html.unescape(TAG.sub("", safe))
    # a list is one block: no blank line between its items
    return re.sub(r"\n\s*\n(?=- )", "\n", lines) if "<li>" in text.lower() else lines


def _without_source_lines(text: str) -> str:
    """Inside HTML a line break of the source is a space; in a text with a few entities it is a line."""
    return text.replace("\n", " ") if re.search(r"</?(?:p|br|li|div)\b", text, re.I) else text
