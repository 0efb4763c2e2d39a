import pytest
from django.http import QueryDict

from catalogue.forms import SearchForm
from catalogue.models.saved import MAX_NAME
from catalogue.saved.queries import normalised, proposed_name, read
from tests.factories import CommuneFactory

NB = "\u00a0"


def form(query: str) -> SearchForm:
    return SearchForm(QueryDict(query), budget_cents=0)


@pytest.mark.parametrize(
    ("address", "kept"),
    [
        ("quoi=anglais", "quoi=anglais"),
        ("page=3&quoi=anglais&x=1&format=", "quoi=anglais"),
        ("quoi=++anglais+++professionnel+", "quoi=anglais+professionnel"),
        ("tri=prix&quoi=anglais", "quoi=anglais&tri=prix"),
        ("certification=rs&certification=rncp", "certification=rncp&certification=rs"),
        ("certification=nulle&quoi=anglais", "quoi=anglais"),
        ("quoi=anglais&prix_max=1500&prix_min=abc", "prix_max=1500&quoi=anglais"),
        ("quoi=anglais&debut_min=31/12/2026", "debut_min=2026-12-31&quoi=anglais"),
        ("quoi=anglais&droits=oui", "droits=oui&quoi=anglais"),
        ("quoi=anglais&comparer=1_A1", "quoi=anglais"),
        ("quoi=anglais&droits=peut-etre", "quoi=anglais"),
        ("format=distance&ou=Nantes", "format=distance"),
        ("", ""),
        ("tri=prix&page=2", ""),
        ("format=ailleurs", ""),
    ],
)
def test_addresses_that_ask_for_the_same_are_one(address, kept):
    assert normalised(form(address)) == kept
    assert normalised(read(kept)) == kept


@pytest.mark.django_db
def test_place_is_the_one_that_was_understood():
    CommuneFactory()

    assert normalised(form("ou=nantes&rayon=30")) == "ou=Nantes+%2844000%29"
    assert normalised(form("ou=44000&rayon=50")) == "ou=Nantes+%2844000%29&rayon=50"
    assert normalised(form("ou=zzzz&quoi=anglais")) == ""


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("quoi=anglais", "Anglais"),
        ("quoi=anglais&ou=Nantes&rayon=10", f"Anglais à 10{NB}km de Nantes"),
        ("ou=Nantes&format=centre", f"Toutes les formations en centre à 30{NB}km de Nantes"),
        ("quoi=CACES&prix_max=1500", f"CACES · Jusqu’à 1500{NB}€"),
        ("quoi=anglais&droits=oui", "Anglais · Financée entièrement par mes droits"),
    ],
)
def test_name_is_made_of_words_place_and_filters(address, name):
    CommuneFactory()

    assert proposed_name(form(address)) == name


def test_name_fits_its_column():
    name = proposed_name(form(f"quoi={'a' * 100}&prix_max=1500&prix_min=100&droits=oui"))

    assert len(name) <= MAX_NAME
    assert name.endswith("…")


def test_number_is_left_out_of_what_is_saved():
    form = read("quoi=2850599999001&format=centre")

    assert normalised(form) == "format=centre"
    assert "2850599999001" not in proposed_name(form)
