"""What people type, and what must come first (domain.md 6: the noise of the real portal)."""

import pytest

pytestmark = pytest.mark.usefixtures("library")


BEST_ANSWERS = [
    ("anglais", "Anglais professionnel"),
    ("ANGLAIS", "Anglais professionnel"),
    ("l’anglais", "Anglais professionnel"),
    ("comptabilite", "Comptabilité générale"),
    ("comptable", "Comptabilité générale"),
    ("facturation", "Comptabilité générale"),
    ("competence", "Bilan de compétences"),
    ("bilan de compétences", "Bilan de compétences"),
    ("chef d'oeuvre", "Chef d’œuvre en cuisine"),
    ("permis b", "Permis B"),
    ("permis D", "Permis D"),
    ("tailleuse de pierre", "CAP Tailleur de pierre"),
    ("coiffeuse", "Coiffeur"),
    ("capillaires", "Coiffeur"),
    ("cariste", "CACES R489 chariots élévateurs"),
    ("caces r 489", "CACES R489 chariots élévateurs"),
    ("chariot élévateur", "CACES R489 chariots élévateurs"),
    ("toeic", "Anglais professionnel"),
    ("formation de coiffure pour devenir coiffeur", "Coiffeur"),
]
MISSPELT = [
    ("angalis", "anglais", "Anglais professionnel"),
    ("comtabilité", "comptabilité", "Comptabilité générale"),
    ("conptabilitée", "comptabilité", "Comptabilité générale"),
    ("coiffuer", "coiffeur", "Coiffeur"),
    ("comptabil", "comptabilité", "Comptabilité générale"),
]
NEAR_NOTHING = ["zzzz", "RNCP99999", "xy", "R999", "日本語", "\ud800abc"]
CODES = ["RNCP35584", "rncp35584", "RNCP 35584", "rncp n°35584", " 35584 ", "RNCP-35584"]
NO_WORD = ["", "   ", "la formation", "de", "%%%", "\0"]


def test_best_answer_comes_first(titles, subtests):
    for typed, first in BEST_ANSWERS:
        with subtests.test(ascii(typed)):
            assert titles(typed)[0] == first


def test_all_words_are_needed(titles):
    assert titles("tailleur de pierre") == ["CAP Tailleur de pierre"]


def test_misspelt_word_is_read_as_the_nearest_and_said_so(find, subtests):
    for typed, read_as, first in MISSPELT:
        with subtests.test(ascii(typed)):
            results = find(typed)

            assert results.match.corrections == ((typed, read_as),)
            assert results.hits[0].offer.title == first


def test_known_word_is_not_corrected(find):
    assert find("cuisson").match.corrections == ()


def test_word_near_nothing_finds_nothing(find, subtests):
    for typed in NEAR_NOTHING:
        with subtests.test(ascii(typed)):
            results = find(typed)

            assert results.total == 0
            assert results.match.unknown


def test_unknown_word_is_left_aside_and_named(find, titles):
    assert titles("cuisine zzzzzz") == titles("cuisine")
    assert find("cuisine zzzzzz").match.unknown == ("zzzzzz",)


def test_rarest_word_goes_first_when_no_offer_holds_all(find):
    results = find("permis B coiffeur")

    assert [hit.offer.title for hit in results.hits] == ["Permis B"]
    assert results.match.dropped == ("coiffeur",)


def test_two_words_never_together_find_offers_of_either(find):
    results = find("coiffeur anglais")

    assert results.match.either == ("coiffeur", "anglais")
    assert {"Coiffeur", "Anglais professionnel"} <= {hit.offer.title for hit in results.hits}


def test_all_words_found_need_no_notice(find):
    found = find("permis conduire").match

    assert not any((found.corrections, found.unknown, found.dropped, found.either))


def test_code_finds_exactly(titles, subtests):
    for typed in CODES:
        with subtests.test(ascii(typed)):
            assert titles(typed) == ["Comptabilité générale"]


def test_other_codes_find_exactly(titles):
    assert titles("RS5550") == ["Anglais professionnel"]
    assert sorted(titles("CPF206")) == ["Permis B", "Permis D"]


def test_public_id_and_siret_find_exactly(find, titles):
    offer = find("coiffeur").hits[0].offer

    assert titles(offer.public_id) == ["Coiffeur"]
    assert titles(offer.public_id.lower()) == ["Coiffeur"]
    assert titles(offer.provider.siret) == ["Coiffeur"]


def test_no_word_finds_the_whole_catalogue(find, subtests):
    for typed in NO_WORD:
        with subtests.test(ascii(typed)):
            results = find(typed)

            assert results.total == 11
            assert not results.match.has_words


def test_long_query_is_cut_and_said_so(find):
    many_words = find(" ".join(["anglais"] * 11))
    many_characters = find("anglais " + "x" * 5000)

    assert many_words.match.is_shortened
    assert many_characters.match.is_shortened
    assert many_words.hits[0].offer.title == "Anglais professionnel"
    assert not find(" ".join(["anglais"] * 10)).match.is_shortened
