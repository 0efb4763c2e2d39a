"""Words of the same meaning: a list of the administration, published with the index."""

import pytest

from catalogue.models import Synonym
from catalogue.search import indexing, synonyms
from tests.factories import OfferFactory


@pytest.fixture
def synonym(db):
    Synonym.objects.all().delete()
    return lambda term, meaning: Synonym.objects.create(term=term, meaning=meaning)


def test_list_of_the_portal_is_there_from_the_start(db):
    terms = set(Synonym.objects.values_list("term", flat=True))

    assert {"sst", "vae", "aepe", "caces", "tosa", "assmat"} <= terms


@pytest.mark.parametrize(
    "typed", ["SST", "sst", "formation SST", "sauveteurs secouristes du travail"]
)
def test_each_side_finds_the_other(typed, synonym, index, titles):
    synonym("SST", "sauveteur secouriste du travail")
    OfferFactory(title="SST, formation initiale")
    OfferFactory(title="Sauveteur secouriste du travail")
    OfferFactory(title="Travail du bois")
    index()

    assert set(titles(typed)) == {"SST, formation initiale", "Sauveteur secouriste du travail"}


def test_word_without_offers_is_read_by_its_synonym_and_not_corrected(synonym, index, find):
    synonym("assmat", "assistant maternel, petite enfance")
    OfferFactory(title="Assistante maternelle")
    index()

    results = find("assmat")

    assert [hit.offer.title for hit in results.hits] == ["Assistante maternelle"]
    assert (results.match.corrections, results.match.unknown) == ((), ())


def test_several_words_have_a_synonym_together(synonym, index, titles):
    synonym("poids lourd", "permis C")
    OfferFactory(title="Permis C")
    index()

    assert titles("permis poids lourd") == ["Permis C"]


def test_synonym_of_nothing_is_no_word(synonym, index, find):
    synonym("xyzw", "rien de connu")
    OfferFactory(title="Anglais")
    index()

    assert find("xyzw").match.unknown == ("xyzw",)


def test_change_of_the_list_needs_no_rebuild(
    synonym, index, titles, django_capture_on_commit_callbacks
):
    OfferFactory(title="Vente en ligne")
    index()
    assert titles("ecom") == []

    with django_capture_on_commit_callbacks(execute=True):
        added = synonym("ecom", "vente en ligne")
    assert titles("ecom") == ["Vente en ligne"]

    with django_capture_on_commit_callbacks(execute=True):
        added.delete()
    assert titles("ecom") == []


def test_update_publishes_what_no_task_did(synonym, index, titles):
    OfferFactory(title="Vente en ligne")
    index()
    Synonym.objects.bulk_create([Synonym(term="ecom", meaning="vente en ligne")])

    indexing.update()

    assert titles("ecom") == ["Vente en ligne"]


def test_folder_without_a_list_has_no_synonym(tmp_path):
    assert synonyms.read(tmp_path) == {}
