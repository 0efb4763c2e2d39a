"""Filters on the page of results: choices with counts, tags that take them away, all in the address."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from django.http import QueryDict

from catalogue.models import CertificationKind
from catalogue.narrowing import cleared, without
from tests.factories import CertificationFactory, OfferFactory

NO_BREAK = "\u00a0"


@pytest.fixture
def show(index, client):
    """Three offers, and the page of a query string over them."""
    rs = CertificationFactory(code="RS5550", kind=CertificationKind.RS, level=None)
    OfferFactory(title="Anglais un", price_cents=400_00)
    OfferFactory(title="Anglais deux", price_cents=900_00, certification=rs)
    OfferFactory(title="Anglais trois", price_cents=1105_00, certification=rs)
    index()

    def show(query=""):
        return client.get(f"/formations/?{query}").content.decode().replace("&nbsp;", NO_BREAK)

    return show


def titles(page):
    return re.findall(r'<h2><a href="[^"]*">(Anglais \w+)</a>', page)


def links(page, label):
    """Return the addresses of the links whose text holds `label`."""
    found = re.findall(r'<a\b[^>]*? href="([^"]*)"[^>]*>(.*?)</a>', page, re.DOTALL)
    return {href.replace("&amp;", "&") for href, text in found if label in text}


def test_choices_show_their_counts(show):
    shown = show("quoi=anglais")

    assert re.search(
        r'name="certification"\s+value="rs"[^>]*>\s*Répertoire[^<]*<span>2</span>', shown
    )
    assert "<h2>Affiner</h2>" in shown


def test_ticked_choices_keep_what_they_name_and_stay_ticked(show):
    shown = show("quoi=anglais&certification=rs&prix=1000")

    assert titles(shown) == ["Anglais deux"]
    assert re.search(r'value="rs"[^>]* checked', shown)
    assert "1 formation" in shown


def test_tag_takes_its_filter_away_and_keeps_the_rest(show):
    shown = show("quoi=anglais&certification=rs&certification=rncp&prix_max=1000&page=1")

    assert links(shown, "Répertoire spécifique") == {
        "?quoi=anglais&certification=rncp&prix_max=1000"
    }
    assert links(shown, f"Jusqu’à 1000{NO_BREAK}€") == {
        "?quoi=anglais&certification=rs&certification=rncp"
    }
    assert links(shown, "Tout effacer") == {"?quoi=anglais"}


def test_page_without_a_filter_has_no_tag(show):
    assert "Tout effacer" not in show("quoi=anglais")


def test_offer_leads_back_to_the_filters(show):
    shown = show("quoi=anglais&certification=rs&prix_min=1000")

    (link,) = (link for link in links(shown, "Anglais trois") if link.startswith("/formations/"))
    assert parse_qs(urlsplit(link).query) == {
        "quoi": ["anglais"],
        "certification": ["rs"],
        "prix_min": ["1000"],
    }


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("prix_min=abc", "Le prix minimal est un nombre d’euros"),
        ("prix_max=-3", "Le prix maximal est un nombre d’euros"),
        ("prix_max=99999999999999999999", "Le prix maximal est un nombre d’euros"),
        ("debut_min=hier", f"La date «{NO_BREAK}à partir du{NO_BREAK}» s’écrit"),
        ("niveau=12", "Un choix du filtre"),
        ("region=%00", "Un choix du filtre"),
        ("organisme=abc", "Le numéro de l’organisme a 14 chiffres"),
        ("droits=oui", "Connectez-vous pour ne voir que"),
    ],
)
def test_wrong_filter_is_left_aside_and_said_so(query, said, show):
    shown = show(f"quoi=anglais&{query}")

    assert said in shown
    assert len(titles(shown)) == 3


def test_known_choice_beside_an_unknown_one_is_kept(show):
    assert len(titles(show("quoi=anglais&certification=rs&certification=zz"))) == 2


def test_dates_are_read_as_people_and_browsers_write_them(show):
    for written in ("2099-12-31", "31/12/2099"):
        assert "À partir du 31 décembre 2099" in show(f"debut_min={written}")


def test_rights_of_the_person_keep_what_they_pay_for(show, client, camille):
    client.force_login(camille)  # she has 1105,00 €

    shown = show("quoi=anglais&droits=oui")

    assert len(titles(shown)) == 3
    assert "Financée entièrement par mes droits" in shown
    assert shown.count("<small>Financée par mes droits</small>") == 3
    assert "Financée entièrement par mes droits <span>3</span>" in shown
    assert "Financée entièrement par mes droits <span>2</span>" in show("quoi=anglais&prix_max=900")


def test_person_without_rights_finds_nothing_within_them(show, client, dominique):
    client.force_login(dominique)

    assert titles(show("quoi=anglais&droits=oui")) == []
    assert "<small>Financée" not in show("quoi=anglais")


def test_visitor_is_not_asked_about_rights(show):
    assert "Financée" not in show("quoi=anglais")


def test_without_and_cleared_keep_the_search():
    query = QueryDict("quoi=anglais&region=52&region=11&page=3&tri=prix")

    assert without(query, "region", "52") == "quoi=anglais&region=11&tri=prix"
    assert without(query, "tri") == "quoi=anglais&region=52&region=11"
    assert cleared(query) == "quoi=anglais&tri=prix"
