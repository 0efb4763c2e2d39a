"""Several processes: two web nodes on one database, and an index published while pages are asked for."""

import re
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event

import pytest
from django.db import connection

from catalogue.models import Provider
from catalogue.search import indexing, snapshot
from tests.catalogue.search.node import node
from tests.factories import OfferFactory
from tests.html import GuardedClient

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.concurrency,
    pytest.mark.slow,  # each process starts Django
]
PUBLICATIONS = 5
VISITORS = 4


def test_two_nodes_show_the_same_offers_after_the_same_minute(tmp_path):
    first, second, third = (OfferFactory(title=f"Anglais {n}") for n in "abc")
    with node(tmp_path / "one") as one, node(tmp_path / "two") as two:

        def shown():
            """What both show after the next run of their timers."""
            one.ask("update"), two.ask("update")
            found = sorted(one.ask("find anglais"))
            assert found == sorted(two.ask("find anglais"))
            return [line.split(" ", 1)[1] for line in found]

        assert shown() == ["Anglais a", "Anglais b", "Anglais c"]

        first.title = "Anglais du bâtiment"
        first.save()
        second.delete()
        Provider.objects.filter(pk=third.provider_id).update(is_suspended=True)
        OfferFactory(title="Anglais des affaires")

        assert set(shown()) == {"Anglais du bâtiment", "Anglais des affaires"}


def test_index_published_under_load_gives_no_error_and_no_mixed_page(tmp_path, monkeypatch):
    monkeypatch.setattr(snapshot, "LOOK_EVERY_SECONDS", 0)
    OfferFactory(title="Anglais")
    indexing.rebuild()
    all_are_in, is_over = Barrier(VISITORS + 1, timeout=60), Event()

    def visit(_):
        client = GuardedClient()

        def page():
            return told(client.get("/formations/?quoi=anglais"))

        try:
            seen = [page()]
            all_are_in.wait()
            while not is_over.is_set():
                seen.append(page())
            return [*seen, page()]
        finally:
            connection.close()

    with node(tmp_path) as publisher, ThreadPoolExecutor(VISITORS) as visitors:
        asked = [visitors.submit(visit, number) for number in range(VISITORS)]
        try:
            all_are_in.wait()
            for number in range(PUBLICATIONS):
                publisher.ask(f"publish Anglais niveau {number}")
        finally:
            is_over.set()
        pages = [page for visitor in asked for page in visitor.result(timeout=60)]

    for status, total, cards, counted in pages:
        assert (status, total, total) == (200, cards, counted)
    generations = {total for _, total, _, _ in pages}
    assert {1, PUBLICATIONS + 1} <= generations <= set(range(1, PUBLICATIONS + 2))


def told(page):
    """Return the status, the total of the heading, the cards, and the count of the only format."""
    html = page.content.decode()
    total = re.search(r"<h1>(\d+) formation", html)
    counted = re.search(r'name="modalite" value="centre"[^>]*>[^<]*<span>(\d+)</span>', html)
    return (
        page.status_code,
        int(total[1]) if total else None,
        html.count('<li class="card">'),
        int(counted[1]) if counted else None,
    )
