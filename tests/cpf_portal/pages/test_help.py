"""The search in the help."""

import pytest
from django.urls import reverse

from cpf_portal.pages.help_search import MOST, Answer, find_answers, read_answers
from tests.factories import make_nir
from tests.html import Outline

ANSWERS = [
    Answer("numero", "Où trouver mon numéro\u00a0?", "Sur votre carte Vitale."),
    Answer("carte", "La carte Vitale", "Elle porte le numéro."),
]


@pytest.mark.parametrize(
    ("asked", "anchors"),
    [
        ("CARTE vitale", ["carte", "numero"]),  # by its title first
        ("numero", ["numero", "carte"]),
        ("numéros", []),
        ("trouv", ["numero"]),
        ("de la", []),
        ("carte bancaire", []),
    ],
)
def test_answers_hold_each_word_and_those_of_the_title_come_first(asked, anchors):
    assert [one.anchor for one in find_answers(asked, ANSWERS)] == anchors


def test_answers_are_read_from_the_headings_of_a_page():
    page = (
        '<h2 id="a">Un <b>titre</b></h2><p>Un texte.</p><h3 id="b">Deux</h3><h3>Sans adresse</h3>'
    )

    assert read_answers(page)[0] == Answer("a", "Un titre", "Un texte.")
    assert [one.anchor for one in read_answers(page)] == ["a", "b"]


@pytest.mark.django_db
def test_help_leads_to_its_answers(client):
    page = client.get(reverse("pages:help"), {"q": "mot de passe"}).content.decode()
    outline = Outline(page)
    links = [link[1:] for link in outline.links if link.startswith("#")]

    assert "réponses pour «&nbsp;mot de passe&nbsp;»" in page
    assert set(links) <= set(outline.ids)
    assert 0 < page.split('id="reponses"')[1].split("</section>")[0].count("<li>") <= MOST


@pytest.mark.django_db
def test_help_without_answer_says_what_to_do(client):
    page = client.get(reverse("pages:help"), {"q": "<zzzz>"}).content.decode()

    assert "Aucune réponse pour «&nbsp;&lt;zzzz&gt;&nbsp;»" in page
    assert reverse("accounts:contact") in page
    assert 'id="reponses"' not in client.get(reverse("pages:help")).content.decode()


@pytest.mark.django_db
def test_number_typed_in_the_help_leaves_the_address_for_what_is_said_of_numbers(client):
    number = make_nir().value

    page = client.get(reverse("pages:help"), {"q": f"mon numéro {number}"}, follow=True)

    [(address, status)] = page.redirect_chain
    assert status == 302
    assert number not in address
    assert "réponses pour «&nbsp;numéro de sécurité sociale&nbsp;»" in page.content.decode()
