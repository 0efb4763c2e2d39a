"""A client that refuses a bad page, whatever the test is about."""

import re
from collections import Counter

from django.test import Client

UNRENDERED = re.compile(r"\{\{|\{%|\{#")
INLINE = re.compile(r"""<(?:script(?![^>]*\bsrc=)|style)\b|\s(?:style|on[a-z]+)\s*=\s*["']""", re.I)
HIDDEN_INPUT = re.compile(r'type="(?:hidden|submit|button)"')


class GuardedClient(Client):
    """Django's client, which checks every HTML answer of the portal (the admin has its own code)."""

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


def check_page(page: str) -> None:
    """Fail on unrendered tags, inline code, repeated ids, missing h1, title or labels."""
    assert not UNRENDERED.search(page), "unrendered template tag"
    assert not INLINE.search(page), f"inline code: {INLINE.search(page)}"
    assert '<html lang="fr"' in page
    assert re.search(r"<title>\s*\S", page), "empty title"
    assert len(re.findall(r"<h1\b", page)) == 1, "a page has exactly one h1"
    ids = Counter(re.findall(r'\sid="([^"]*)"', page))
    assert [name for name, n in ids.items() if n > 1] == [], "repeated ids"
    assert unlabelled_inputs(page) == []


def unlabelled_inputs(page: str) -> list[str]:
    """Return the fields of `page` that no label names."""
    fields = [
        tag
        for tag in re.findall(r"<(?:input|select|textarea)\b[^>]*>", page)
        if not HIDDEN_INPUT.search(tag)
    ]
    labels = set(re.findall(r'<label\b[^>]*\bfor="([^"]+)"', page))
    return [tag for tag in fields if not _is_named(tag, labels)]


def _is_named(tag: str, labels: set[str]) -> bool:
    found = re.search(r'\sid="([^"]+)"', tag)
    return bool(found and found[1] in labels) or "aria-label" in tag
