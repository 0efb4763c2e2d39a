import pytest

from catalogue.search import analysis


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Comptabilité", "COMPTABILITE"),
        ("cœur", "coeur"),
        ("compétences", "compétence"),
        ("anglaises", "anglais"),
        ("e\u0301lectricite\u0301", "électricité"),
        ("ＥＸＣＥＬ", "excel"),
    ],
)
def test_words_with_the_same_meaning_share_a_term(one, other):
    [one], [other] = analysis.pieces(one), analysis.pieces(other)

    assert set(analysis.stems(one)) & set(analysis.stems(other))


@pytest.mark.parametrize(
    ("feminine", "masculine"),
    [
        ("coiffeuse", "coiffeur"),
        ("formatrices", "formateur"),
        ("infirmière", "infirmier"),
        ("technicienne", "technicien"),
    ],
)
def test_feminine_finds_masculine(feminine, masculine):
    assert analysis.stems(masculine)[0] in analysis.stems(feminine)
    assert analysis.stems(feminine)[-1] in analysis.stems(masculine)


def test_different_words_share_no_term():
    assert not set(analysis.stems("formateur")) & set(analysis.stems("former"))
    assert not set(analysis.stems("pierre")) & set(analysis.stems("permis"))


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("l’anglais", ["anglais"]),
        ("l'anglais d'affaires", ["anglais", "affaires"]),
        ("Formation à la comptabilité", ["comptabilité"]),
        ("permis B", ["permis", "B"]),
        ("langage C", ["langage", "C"]),
        ("RNCP 35584", ["RNCP35584"]),
        ("rs n° 5550", ["rs5550"]),
        ("CPF-206", ["CPF206"]),
        ("CACES R.489", ["CACES", "R489"]),
        ("aujourd’hui", ["aujourd", "hui"]),
        ("où est-ce que", []),
        ("%%% ;--", []),
    ],
)
def test_pieces_are_the_words_that_matter(typed, expected):
    assert analysis.pieces(typed) == expected


def test_vocabulary_keeps_accents_for_display():
    assert analysis.vocabulary("Comptabilité de l entreprise") == {
        "comptabilité",
        "l",
        "entreprise",
    }


@pytest.mark.parametrize("text", ["", "\0", "\ud800", "\U0010ffff", "a" * 10_000, "🙂 ５"])
def test_any_text_can_be_read(text):
    analysis.pieces(text.encode(errors="replace").decode())
