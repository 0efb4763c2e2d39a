import pytest

from catalogue import headings
from catalogue.places import Place
from catalogue.search import Format, SearchCriteria

TOULOUSE = Place("31555", "Toulouse (31000)", "31")
HAUTE_GARONNE = Place(None, "Haute-Garonne (31)", "31")


@pytest.mark.parametrize(
    ("criteria", "words", "total", "expected"),
    [
        ({}, "", 0, "Aucune formation"),
        ({}, "anglais", 1, "1 formation «\u00a0anglais\u00a0»"),
        ({"format": Format.DISTANCE}, "", 489, "489 formations à distance"),
        ({"format": Format.CENTRE}, "", 2, "2 formations en centre"),
        (
            {"place": TOULOUSE},
            "anglais",
            489,
            "489 formations «\u00a0anglais\u00a0» à 30\u00a0km de Toulouse",
        ),
        ({"place": HAUTE_GARONNE}, "", 3, "3 formations dans le département Haute-Garonne (31)"),
    ],
)
def test_heading_says_what_was_searched(criteria, words, total, expected):
    assert headings.heading(SearchCriteria(**criteria), words, total) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Toulouse", "de Toulouse"),
        ("Albi", "d’Albi"),
        ("Évry-Courcouronnes", "d’Évry-Courcouronnes"),
        ("Œting", "d’Œting"),
        ("Le Mans", "du Mans"),
        ("Les Ulis", "des Ulis"),
        ("La Rochelle", "de La Rochelle"),
        ("L’Haÿ-les-Roses", "de L’Haÿ-les-Roses"),
        ("Lens", "de Lens"),
    ],
)
def test_town_is_joined_as_in_french(name, expected):
    assert headings.of_town(name) == expected
