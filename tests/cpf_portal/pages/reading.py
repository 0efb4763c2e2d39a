"""What a reader meets on a page: its words, its links, its headings."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"meta", "link", "img", "input", "br", "hr", "path", "source", "wbr", "circle", "rect"}


@dataclass
class Link:
    href: str
    text: str = ""


@dataclass
class Page:
    title: str = ""
    text: str = ""
    headings: list[tuple[int, str]] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    ids: set[str] = field(default_factory=set)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.page = Page()
        self.path: list[str] = []
        self.in_main = False

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if tag not in VOID:
            self.path.append(tag)
        if attrs.get("id"):
            self.page.ids.add(attrs["id"])
        self.in_main = self.in_main or tag == "main"
        if not self.in_main:
            return
        if tag == "a":
            self.page.links.append(Link(attrs["href"]))
        elif tag in {"h1", "h2", "h3", "h4"}:
            self.page.headings.append((int(tag[1]), ""))

    def handle_endtag(self, tag):
        while tag in self.path and self.path.pop() != tag:
            pass
        if tag == "main":
            self.in_main = False

    def handle_data(self, data):
        if "title" in self.path:
            self.page.title += data
        if not self.in_main:
            return
        self.page.text += data
        if "a" in self.path:
            self.page.links[-1].text += data
        if self.path[-1] in {"h1", "h2", "h3", "h4"} or "a" in self.path:
            self._name_heading(data)

    def _name_heading(self, data):
        if {"h1", "h2", "h3", "h4"} & set(self.path):
            level, text = self.page.headings[-1]
            self.page.headings[-1] = (level, text + data)


def read(html: str) -> Page:
    """Return what `<main>` says, with the tab's title and every id of the document."""
    reader = _Reader()
    reader.feed(html)
    return reader.page
