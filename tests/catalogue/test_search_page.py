import re
from urllib.parse import parse_qs, urlsplit

import pytest
from django.utils import timezone

from catalogue.models import Modality
from tests.factories import (
    CertificationFactory,
    CommuneFactory,
    OfferFactory,
    ProviderFactory,
    SessionFactory,
)

NO_BREAK = "\u00a0"


@pytest.fixture
def get(client):
    """Get the page of a search: `get(quoi="anglais", ou="Toulouse")`."""
    return lambda **parameters: client.get("/formations/", parameters)


def text(response):
    page = response.content.decode().replace("&nbsp;", NO_BREAK)
    return re.sub(r"[ \n]+", " ", page)  # not the no-break spaces, which are part of the text


# --- What the page shows ---------------------------------------------------------------------


def test_card_says_what_the_training_is(index, get, toulouse, blagnac):
    offer = OfferFactory(
        title="Anglais professionnel",
        provider=ProviderFactory(name="Langues du Canal"),
        certification=CertificationFactory(code="RS5550"),
        commune=blagnac,
        price_cents=105000,
        hours=40,
    )
    session = SessionFactory(offer=offer, starts_on=timezone.localdate().replace(day=1, year=2099))
    index()

    page = text(get(quoi="anglais", ou="Toulouse"))

    assert "1 formation «\u00a0anglais\u00a0» à 30\u00a0km de Toulouse" in page
    assert f'href="/formations/{offer.public_id}/?quoi=anglais&amp;ou=Toulouse"' in page
    assert ">Anglais professionnel</a>" in page
    assert "Proposée par Langues du Canal" in page
    assert f"1050,00{NO_BREAK}€" in page
    assert "En centre de formation" in page
    assert f"31700 Blagnac, 6{NO_BREAK}km" in page
    assert "40 heures" in page
    assert "Prochaine session le 1er" in page
    assert str(session.starts_on.year) in page
    assert "RS5550" in page


def test_form_keeps_what_was_searched(index, get, toulouse):
    index()

    page = text(get(quoi="anglais", format="centre", ou="Toulouse", rayon="50", tri="prix"))

    assert 'name="quoi" value="anglais"' in page
    assert 'value="centre" checked' in page
    assert 'name="ou" value="Toulouse"' in page
    assert '<option value="50" selected>' in page
    assert '<option value="prix" selected>' in page


@pytest.mark.parametrize(
    ("total", "parameters", "title"),
    [
        (0, {"quoi": "anglais"}, "Anglais\u00a0: aucune formation"),
        (1, {"quoi": "anglais"}, "Anglais\u00a0: 1 formation"),
        (13, {"quoi": "anglais", "page": "2"}, "Anglais\u00a0: 13 formations, page 2"),
        (2, {}, "Rechercher une formation\u00a0: 2 formations"),
    ],
)
def test_title_says_what_was_found(total, parameters, title, index, get):
    provider = ProviderFactory()
    for _ in range(total):
        OfferFactory(title="Anglais", provider=provider)
    index()

    assert f"<title>{title} - Mon Compte Formation</title>" in text(get(**parameters))


def test_remote_card_has_no_place(index, get, toulouse):
    OfferFactory(title="Anglais", modality=Modality.REMOTE, commune=toulouse)
    index()

    page = text(get(quoi="anglais"))

    assert "À distance" in page
    assert "31000 Toulouse" not in page


def test_permanent_entries_and_no_session_are_said(index, get):
    SessionFactory(is_permanent=True, starts_on=None, ends_on=None)
    OfferFactory()
    index()

    page = text(get())

    assert "Entrées permanentes" in page
    assert "Pas de session annoncée" in page


def test_pages_keep_the_search(index, get):
    provider = ProviderFactory()
    for _ in range(25):
        OfferFactory(title="Anglais", provider=provider)
    index()

    page = text(get(quoi="anglais", tri="prix", page="2"))

    assert 'href="?quoi=anglais&amp;tri=prix&amp;page=3"' in page
    assert 'aria-current="page"' in page
    assert '<ol class="list" start="13">' in page


# --- What the page says of the words ---------------------------------------------------------


def test_correction_is_said(index, get):
    OfferFactory(title="Comptabilité")
    index()

    page = text(get(quoi="comtabilité"))

    assert (
        "Nous ne connaissons pas «\u00a0comtabilité\u00a0»\u00a0: nous avons cherché"
        " <strong>comptabilité</strong>." in page
    )


def test_words_left_aside_are_named(index, get):
    for title in ("Permis B", "Coiffeur", "Anglais"):
        OfferFactory(title=title)
    index()

    assert "Nous avons laissé de côté «\u00a0coiffeur\u00a0»" in text(get(quoi="permis b coiffeur"))
    assert "«\u00a0coiffeur\u00a0» ou «\u00a0anglais\u00a0»" in text(get(quoi="coiffeur anglais"))
    assert "nous avons cherché sans" in text(get(quoi="anglais zzzzzz"))
    assert 'class="notice' not in text(get(quoi="permis b"))


def test_search_too_long_is_said(index, get):
    OfferFactory(title="Anglais")
    index()

    response = get(quoi="anglais " + "x" * 100_000)

    assert "Votre recherche est longue" in text(response)
    assert len(response.content) < 50_000


def test_little_words_alone_are_said(index, get):
    OfferFactory()
    index()

    page = text(get(quoi="une formation"))

    assert "précisez un métier" in page
    assert "1 formation «" in page


# --- What to do --------------------------------------------------------------------------------


def test_nothing_found_offers_ways_out(index, get, toulouse):
    OfferFactory(title="Anglais", modality=Modality.REMOTE)
    index()

    response = get(quoi="anglais", ou="Toulouse", rayon="30")
    page = text(response)

    assert response.status_code == 200
    assert "Aucune formation «\u00a0anglais\u00a0» à 30\u00a0km de Toulouse" in page
    assert 'href="?quoi=anglais&amp;ou=Toulouse&amp;rayon=50"' in page
    assert 'href="?quoi=anglais&amp;ou=Toulouse&amp;rayon=100"' in page
    assert 'href="?quoi=anglais&amp;format=distance"' in page
    assert 'href="?quoi=anglais"' in page


def test_every_way_out_opens(index, get, client, toulouse):
    OfferFactory(title="Anglais", modality=Modality.REMOTE)
    index()
    page = get(quoi="anglais", ou="Toulouse", rayon="5").content.decode()

    links = [part.split('"')[0] for part in page.split('href="?')[1:]]

    assert len(links) >= 5
    for link in links:
        assert client.get(f"/formations/?{link.replace('&amp;', '&')}").status_code == 200


def test_unknown_words_are_named_when_nothing_is_found(index, get, toulouse):
    index()

    page = text(get(quoi="zzzz", ou="Toulouse"))

    assert "nous ne connaissons pas «\u00a0zzzz\u00a0»" in page
    assert "Cherchez plus loin" not in page


def test_unknown_town_offers_near_names(index, get, toulouse):
    index()

    response = get(quoi="anglais", ou="Toulousse")
    page = text(response)

    assert response.status_code == 422
    assert "<title>Erreur\u00a0: Ville inconnue" in page
    assert 'aria-invalid="true"' in page
    assert 'name="ou" value="Toulousse"' in page
    assert "Vouliez-vous dire" in page
    [link] = [part.split('"')[0] for part in page.split('href="') if "ou=Toulouse+" in part]
    assert parse_qs(urlsplit(link.replace("&amp;", "&")).query) == {
        "quoi": ["anglais"],
        "ou": ["Toulouse (31000)"],
    }


def test_unknown_town_near_nothing_says_what_to_type(index, get):
    index()

    page = text(get(ou="qqqqqqq"))

    assert "Saisissez le nom d’une commune, un code postal ou le numéro d’un département." in page


def test_ambiguous_town_is_a_choice_that_keeps_the_search(index, get, client, toulouse):
    for code, department in (("93066", "93"), ("97411", "974")):
        CommuneFactory(
            code=code,
            name="Saint-Denis",
            department=department,
            postcodes=f" {code} ",
            population=150_000,
        )
    index()

    response = get(quoi="anglais", ou="saint denis", tri="prix")
    page = text(response)

    assert response.status_code == 200
    assert "Plusieurs lieux répondent à «\u00a0saint denis\u00a0»" in page
    link = "?quoi=anglais&amp;ou=Saint-Denis+%2893066%29&amp;tri=prix"
    assert f'href="{link}"' in page
    assert client.get(f"/formations/{link.replace('&amp;', '&')}").status_code == 200


def test_department_is_named(index, get, blagnac):
    OfferFactory(title="Anglais", commune=blagnac)
    index()

    page = text(get(quoi="anglais", ou="31"))

    assert "1 formation «\u00a0anglais\u00a0» dans le département Haute-Garonne (31)" in page


def test_place_is_left_aside_at_a_distance(index, get, toulouse):
    OfferFactory(title="Anglais", modality=Modality.REMOTE)
    index()

    page = text(get(quoi="anglais", format="distance", ou="Toulouse"))

    assert "1 formation «\u00a0anglais\u00a0» à distance" in page
    assert "Une formation à distance n’a pas de lieu" in page


def test_distance_order_needs_a_town(index, get):
    OfferFactory(title="Anglais")
    index()

    assert "pour trier par distance" in text(get(quoi="anglais", tri="distance"))
    assert "pour trier par distance" not in text(get(quoi="anglais", tri="prix"))


@pytest.mark.parametrize("page", ["2", "99", "1" + "0" * 30])
def test_page_too_far_leads_to_the_last(page, index, get):
    OfferFactory(title="Anglais")
    index()

    response = get(quoi="anglais", page=page)

    assert response.status_code == 404
    assert "Cette page n’existe pas" in text(response)
    assert 'href="?quoi=anglais&amp;page=1"' in text(response)
    assert 'name="quoi" value="anglais"' in text(response)


@pytest.mark.parametrize(
    ("parameters", "said"),
    [
        ({"format": "ailleurs"}, "Le format demandé n’existe pas"),
        ({"rayon": "31"}, "La distance demandée n’est pas proposée"),
        ({"rayon": "-5"}, "La distance demandée n’est pas proposée"),
        ({"tri": "hasard"}, "L’ordre demandé n’existe pas"),
        ({"page": "0"}, "Le numéro de page n’est pas valable"),
        ({"page": "-1"}, "Le numéro de page n’est pas valable"),
        ({"page": "deux"}, "Le numéro de page n’est pas valable"),
        ({"page": "9" * 5000}, "Le numéro de page n’est pas valable"),
        ({"page": "1e3"}, "Le numéro de page n’est pas valable"),
    ],
)
def test_wrong_value_is_left_aside_and_said_so(parameters, said, index, get):
    OfferFactory(title="Anglais")
    index()

    response = get(quoi="anglais", **parameters)

    assert response.status_code == 200
    assert said in text(response)
    assert ">Anglais</a>" in text(response)


# --- Methods, headers, cost --------------------------------------------------------------------


def test_head_answers_without_a_body(index, client):
    index()

    response = client.head("/formations/")

    assert (response.status_code, response.content) == (200, b"")


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
@pytest.mark.parametrize("path", ["/formations/", "/formations/lieux/", "/formations/x/"])
def test_only_reading_is_allowed(method, path, client, db):
    response = getattr(client, method)(path)

    assert response.status_code == 405
    assert response.headers["Allow"] == "GET, HEAD"


def test_page_opens_without_signing_in_and_with(index, client, camille):
    index()
    assert client.get("/formations/").status_code == 200
    client.force_login(camille)

    response = client.get("/formations/")

    assert response.status_code == 200
    assert response.headers["Cache-Control"] == "no-store"


def test_queries_do_not_grow_with_the_cards(index, client, toulouse, django_assert_num_queries):
    def offers(count):
        for _ in range(count):
            SessionFactory(offer__title="Anglais", offer__commune=toulouse)
        index()

    offers(3)
    client.get("/formations/?quoi=anglais&ou=Toulouse")
    with django_assert_num_queries(3):
        client.get("/formations/?quoi=anglais&ou=Toulouse")
    offers(9)
    with django_assert_num_queries(3):  # the new ones are read, and kept
        page = client.get("/formations/?quoi=anglais&ou=Toulouse")

    assert page.content.decode().count('<li class="card">') == 12
