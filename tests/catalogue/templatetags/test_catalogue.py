import pytest

from catalogue.templatetags import catalogue


@pytest.mark.parametrize(
    ("distance", "expected"),
    [
        (None, ""),
        (0.0, ""),
        (0.4, "moins de 1\u00a0km"),
        (1.2, "1\u00a0km"),
        (6.6, "7\u00a0km"),
        (99.9, "100\u00a0km"),
    ],
)
def test_km(distance, expected):
    assert catalogue.km(distance) == expected


def test_town_and_department_have_their_usual_names():
    assert catalogue.town("Lyon 8e Arrondissement") == "Lyon 8e"
    assert catalogue.town("Nantes") == "Nantes"
    assert catalogue.department_name("2A") == "Corse-du-Sud"
    assert catalogue.department_name("??") == ""


@pytest.mark.parametrize(("count", "expected"), [(None, ""), (1, "1 heure"), (840, "840 heures")])
def test_hours(count, expected):
    assert catalogue.hours(count) == expected


@pytest.mark.parametrize(
    ("level", "expected"),
    [(None, ""), (1, "Niveau 1"), (6, "Niveau 6 (bac\u00a0+\u00a03 ou 4)")],
)
def test_level_name(level, expected):
    assert catalogue.level_name(level) == expected


@pytest.mark.parametrize(
    ("text", "shown", "link"),
    [
        ("+33199000001", "01 99 00 00 01", "+33199000001"),
        ("01.99.00.00.01", "01 99 00 00 01", "0199000001"),
        ("+3222222222", "+32 2 222 22 22", "+3222222222"),
        ("voir le site", "voir le site", ""),
        ("", "", ""),
        ("javascript:1", "javascript:1", "1"),
    ],
)
def test_phone_is_shown_and_linked(text, shown, link):
    assert (catalogue.phone(text), catalogue.phone_link(text)) == (shown, link)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ""),
        ("Un.\nDeux.", "<p>Un.<br>Deux.</p>"),
        ("Un.\r\n\r\nDeux.", "<p>Un.</p>\n<p>Deux.</p>"),
        (
            "Au choix :\n- un\n• deux\n\nFin",
            "<p>Au choix :</p>\n<ul><li>un</li><li>deux</li></ul>\n<p>Fin</p>",
        ),
        ("- <b>&\n-un", "<ul><li>&lt;b&gt;&amp;</li></ul>\n<p>-un</p>"),
        ("<p>{{ x }}</p>", "<p>&lt;p&gt;{{ x }}&lt;/p&gt;</p>"),
    ],
)
def test_plain_text_becomes_paragraphs_and_lists(text, expected):
    assert catalogue.plain_text(text) == expected
