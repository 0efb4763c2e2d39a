"""A client that refuses a bad page, whatever the test is about."""

import re
from collections import Counter
from html.parser import HTMLParser

from django.test import Client

from tests.desk import sign_in

UNRENDERED = re.compile(r"\{\{|\{%|\{#")
NOT_FIELDS = {"hidden", "submit", "button", "image", "reset"}


class GuardedClient(Client):
    """Django's client, which checks every HTML answer of the portal (the admin has its own code)."""

    def force_login(self, user, backend=None):
        """Sign in without a page; a member of the staff with her second factor (see tests.desk)."""
        if user.is_staff:
            sign_in(self, user)
        else:
            super().force_login(user, backend)

    def request(self, **request):
        response = super().request(**request)
        is_ours = not request["PATH_INFO"].startswith("/admin/")
        if (
            is_ours
            and response.get("Content-Type", "").startswith("text/html")
            and response.content
        ):
            check_page(response.content.decode())
        return response


class Outline(HTMLParser):
    """What the guards ask of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.headings, self.ids, self.inline, self.fields = [], [], [], []
        self.links, self.labelled, self.lang, self.title = [], set(), None, ""
        self._labels, self._in_title = 0, False
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        self.ids += [value for name, value in attrs if name == "id"]
        self.inline += [name for name, _ in attrs if name == "style" or name.startswith("on")]
        # a data block is never run, whatever the policy of the page
        is_data = attributes.get("type") == "application/ld+json"
        if tag == "style" or (tag == "script" and "src" not in attributes and not is_data):
            self.inline.append(tag)
        if tag == "html":
            self.lang = attributes.get("lang")
        if tag in {"h1", "h2", "h3", "h4"}:
            self.headings.append(int(tag[1]))
        if tag == "a" and attributes.get("href"):
            self.links.append(attributes["href"])
        if tag == "label":
            self._labels += 1
            self.labelled.add(attributes.get("for"))
        if tag in {"input", "select", "textarea"} and attributes.get("type") not in NOT_FIELDS:
            self.fields.append((attributes, self._labels > 0))
        self._in_title = tag == "title" or (self._in_title and tag != "body")

    def handle_endtag(self, tag):
        if tag == "label":
            self._labels -= 1
        if tag == "title":
            self._in_title = False

    def handle_data(self, data):
        if self._in_title:
            self.title += data

    @property
    def unlabelled(self) -> list[dict]:
        return [
            attributes
            for attributes, is_inside_label in self.fields
            if not is_inside_label
            and attributes.get("id") not in self.labelled
            and "aria-label" not in attributes
            and "aria-labelledby" not in attributes
        ]


def check_page(page: str) -> Outline:
    """Fail on unrendered tags, inline code, repeated ids, missing h1, title or labels."""
    outline = Outline(page)
    assert not UNRENDERED.search(page), "unrendered template tag"
    assert outline.inline == [], "inline code"
    assert outline.lang == "fr"
    assert outline.title.strip(), "empty title"
    assert outline.headings.count(1) == 1, "a page has exactly one h1"
    assert [name for name, n in Counter(outline.ids).items() if n > 1] == [], "repeated ids"
    assert outline.unlabelled == []
    return outline
