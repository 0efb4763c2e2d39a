"""What is proposed while somebody types, and how it is searched once chosen."""

import pytest

from catalogue.search import Kind, suggest_labels
from catalogue.search.labels import MOST, code_in
from tests.factories import CertificationFactory, OfferFactory


@pytest.fixture
def catalogue(index):
    accounting = CertificationFactory(
        code="RNCP35584", title="Gestionnaire comptable", jobs="comptable, Aide-comptable"
    )
    OfferFactory(
        title="Titre de gestionnaire", certification=accounting, skills="paie, comptabilité"
    )
    OfferFactory(title="Comptabilité générale", certification=None)
    OfferFactory(title="Comptabilité  générale", certification=None)
    index()


def texts(typed):
    return [label.text for label in suggest_labels(typed)]


def test_labels_are_grouped_by_kind(catalogue):
    found = suggest_labels("compta")

    assert [label.kind for label in found] == sorted(label.kind for label in found)
    assert {label.text for label in found} == {
        "Comptabilité générale",
        "Gestionnaire comptable (RNCP35584)",
        "Comptable (métier)",
        "Aide-comptable (métier)",
        "Comptabilité",
    }


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("gest compt", "Gestionnaire comptable (RNCP35584)"),
        ("COMPTABILITE GEN", "Comptabilité générale"),
        ("aide-c", "Aide-comptable (métier)"),
        ("rncp355", "Gestionnaire comptable (RNCP35584)"),
        ("pai", "Paie"),
    ],
)
def test_beginnings_of_words_find_a_label(typed, expected, catalogue):
    assert expected in texts(typed)


def test_label_that_begins_with_the_text_comes_first(catalogue):
    jobs = [label.text for label in suggest_labels("comptable") if label.kind == Kind.JOB]

    assert jobs == ["Comptable (métier)", "Aide-comptable (métier)"]


@pytest.mark.parametrize("typed", ["", " ", "zzzz", "?", "\0", "\ud800", "x" * 10_000])
def test_any_text_is_answered(typed, catalogue):
    assert texts(typed) == []


def test_at_most_ten_and_every_kind_has_its_share(index):
    certification = CertificationFactory(jobs=", ".join(f"vendeur {n}" for n in range(20)))
    for number in range(20):
        OfferFactory(
            title=f"Vendeur niveau {number}", certification=certification, skills="vendeur"
        )
    index()

    kinds = [label.kind for label in suggest_labels("vend")]

    assert len(kinds) == MOST
    assert set(kinds) == {Kind.TRAINING, Kind.JOB, Kind.SKILL}


def test_chosen_certification_is_searched_by_its_code(catalogue, find):
    results = find("Gestionnaire comptable (RNCP35584)")

    assert [hit.offer.title for hit in results.hits] == ["Titre de gestionnaire"]
    assert results.match.dropped == ()


def test_chosen_job_is_searched_by_its_code_and_not_by_its_words(catalogue, titles):
    assert titles("Comptable (métier)") == ["Titre de gestionnaire"]
    assert titles("Comptabilité (métier)") != ["Titre de gestionnaire"]


def test_unknown_label_is_searched_by_its_words(catalogue, titles):
    assert titles("Comptabilité générale (RNCP99999)")[0] == "Comptabilité générale"
    assert titles("Comptabilité générale (métier)")[0] == "Comptabilité générale"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Anglais (RS5550)", "rs5550"),
        ("Comptabilité (M1203)", "m1203"),
        ("Aide-comptable (métier)", "metier:aide comptable"),
        ("Anglais (tous niveaux)", None),
        ("RS5550", None),
        ("", None),
    ],
)
def test_code_in_a_label(text, code):
    assert code_in(text) == code


def test_new_label_is_proposed_without_a_rebuild(catalogue, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        OfferFactory(title="Apiculture en montagne")

    assert texts("apicult") == ["Apiculture en montagne"]


def test_page_of_suggestions_groups_them_under_titles(catalogue, client):
    response = client.get("/formations/sujets/", {"q": "aide"})

    assert response.json() == {
        "groups": [{"title": "Métiers", "labels": ["Aide-comptable (métier)"]}]
    }
    assert response.headers["Cache-Control"] == "public, max-age=300"


def test_page_of_suggestions_without_an_index_is_empty(client, db):
    assert client.get("/formations/sujets/", {"q": "aide"}).json() == {"groups": []}
