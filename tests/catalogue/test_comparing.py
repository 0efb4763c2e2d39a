"""Offers side by side: chosen by links, kept in the address, no more than three."""

import re

import pytest
from django.http import QueryDict

from catalogue.comparing import Selection
from tests.factories import OfferFactory, SessionFactory

COMPARE = "/formations/comparer/"


@pytest.fixture
def offers(index):
    made = [
        OfferFactory(title=f"Anglais {name}", public_id=f"00000000000018_{name}", price_cents=price)
        for name, price in (("un", 90000), ("deux", 80000), ("trois", 70000), ("quatre", 60000))
    ]
    SessionFactory(offer=made[0], is_permanent=True, starts_on=None, ends_on=None)
    index()
    return made


def follow(client, page, label):
    """Follow the only link whose text begins with `label`."""
    found = re.findall(r'<a\b[^>]*? href="([^"#]*)[^"]*"[^>]*>\s*(.*?)</a>', page, re.DOTALL)
    texts = [(href, re.sub(r"<[^>]+>", "", text).strip()) for href, text in found]
    (href,) = {href for href, text in texts if text.startswith(label)}
    href = href.replace("&amp;", "&")
    return client.get(f"/formations/{href}" if href.startswith("?") else href).content.decode()


def test_links_of_the_cards_choose_and_the_page_compares(client, offers):
    page = client.get("/formations/?quoi=anglais&modalite=centre").content.decode()
    page = follow(client, page, "Comparer Anglais un")
    page = follow(client, page, "Comparer Anglais deux")
    assert "2 formations à comparer" in page

    page = follow(client, page, "Comparer ces formations")

    assert "900,00" in page
    assert "800,00" in page
    assert "Entrées permanentes" in page
    assert '<th scope="row">Prix</th>' in page
    assert page.count('<th scope="col">') == 3
    assert "?quoi=anglais&amp;modalite=centre&amp;comparer=00000000000018_un" in page


def test_three_are_the_most_and_one_can_be_taken_away(client, offers):
    chosen = "&".join(f"comparer={offer.public_id}" for offer in offers[:3])
    page = client.get(f"/formations/?quoi=anglais&{chosen}").content.decode()
    assert "trois au plus" in page
    assert 'Comparer<span class="sr-only"> Anglais quatre' not in page

    page = follow(client, page, "Retirer de la comparaison Anglais deux")

    assert "2 formations à comparer" in page
    assert 'Comparer<span class="sr-only"> Anglais quatre' in page


def test_choice_stays_through_the_search_form_the_pages_and_the_offer(client, offers):
    asked = f"quoi=anglais&comparer={offers[0].public_id}"

    page = client.get(f"/formations/?{asked}").content.decode()
    assert f'name="comparer" value="{offers[0].public_id}" form="recherche-form"' in page
    assert f"{offers[1].get_absolute_url()}?quoi=anglais&amp;comparer=" in page

    page = client.get(f"{offers[1].get_absolute_url()}?{asked}").content.decode()
    assert f"?quoi=anglais&amp;comparer={offers[0].public_id}&amp;comparer=" in page
    assert f'href="/formations/?quoi=anglais&amp;comparer={offers[0].public_id}"' in page


def test_offers_that_are_gone_or_unknown_are_counted(client, offers):
    offers[0].provider.is_suspended = True
    offers[0].provider.save()
    chosen = "&".join(
        f"comparer={i}" for i in (offers[0].public_id, "inconnue", offers[1].public_id)
    )

    page = client.get(f"{COMPARE}?{chosen}").content.decode()

    assert "2 formations choisies ne sont plus proposées" in page
    assert "Anglais deux" in page


@pytest.mark.parametrize(
    "query", ["", "comparer=", "comparer=%00", f"comparer={'x' * 61}", "comparer=%ED%A0%80"]
)
def test_nothing_to_compare_says_how(query, client, db):
    page = client.get(f"{COMPARE}?{query}")

    assert page.status_code == 200
    assert "jusqu’à trois formations" in page.content.decode()


def test_cards_without_choice_cost_no_query_more(client, offers, django_assert_num_queries):
    client.get("/formations/?quoi=anglais")
    with django_assert_num_queries(1):
        client.get("/formations/?quoi=anglais")
    with django_assert_num_queries(3):
        client.get(f"/formations/?quoi=anglais&comparer={offers[0].public_id}")


def test_selection_keeps_three_of_them_once():
    selection = Selection.of(
        QueryDict("comparer=a&comparer=b&comparer=a&comparer=c&comparer=d"), "q=1"
    )

    assert selection.ids == ("a", "b", "c")
    assert selection.without("b") == "q=1&comparer=a&comparer=c"
    assert selection.query == "q=1&comparer=a&comparer=b&comparer=c"
