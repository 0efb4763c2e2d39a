"""The search in the help: the questions whose words hold what is asked."""

from collections.abc import Iterable
from dataclasses import dataclass
from html.parser import HTMLParser

from cpf_portal.ui.text import fold

HEADINGS = {"h2", "h3"}
MOST = 8  # answers shown; more would send back to the list of subjects
LEAST_LETTERS = 3  # shorter words, « de » or « un », say nothing


@dataclass(slots=True)
class Answer:
    """A heading of the help, the id that leads to it, and what stands under it."""

    anchor: str
    title: str = ""
    text: str = ""


class _Reader(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[Answer] = []
        self.is_in_heading = False
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        anchor = dict(attrs).get("id")
        if tag in HEADINGS and anchor:
            self.found.append(Answer(anchor))
            self.is_in_heading = True

    def handle_endtag(self, tag):
        self.is_in_heading = self.is_in_heading and tag not in HEADINGS

    def handle_data(self, data):
        if self.found and self.is_in_heading:
            self.found[-1].title += data
        elif self.found:
            self.found[-1].text += data


def read_answers(page: str) -> list[Answer]:
    """Return the answers of the HTML `page`, in its order."""
    return _Reader(page).found


def find_answers(asked: str, answers: Iterable[Answer]) -> list[Answer]:
    """Return at most MOST answers that hold a word begun by each word of `asked`; by their title first."""
    words = [word for word in fold(asked).split() if len(word) >= LEAST_LETTERS]
    if not words:
        return []
    held = [one for one in answers if _holds(f"{one.title} {one.text}", words)]
    return sorted(held, key=lambda one: not _holds(one.title, words))[:MOST]


def _holds(text: str, words: list[str]) -> bool:
    said = fold(text).split()
    return all(any(one.startswith(word) for one in said) for word in words)
