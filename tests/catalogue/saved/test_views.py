"""The pages of what a person keeps, from the buttons to the list."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from catalogue import services
from catalogue.models import Favourite, SavedSearch
from tests.accounts.account import signed_in
from tests.accounts.pages import inputs_in, sign_in, text_of
from tests.factories import OfferFactory, UserFactory
from tests.html import GuardedClient

pytestmark = pytest.mark.django_db

KEPT, SAVE = "/mon-compte/recherches/", "/mon-compte/recherches/enregistrer/"
VERBS = ("get", "head", "post", "put", "patch", "delete", "options")


@pytest.fixture
def person():
    return signed_in()


def saved(user, **fields) -> SavedSearch:
    values = {"name": "Mon anglais", "query": "quoi=anglais", "wants_news": False} | fields
    return services.save_search(user=user, today=timezone.localdate(), **values)[0]


def test_results_are_saved_by_one_click(person, index):
    user, client = person
    OfferFactory(title="Anglais")
    index()
    page = text_of(client.get("/formations/?quoi=anglais&comparer=1_A1&x=1"))
    assert f'action="{SAVE}?quoi=anglais&amp;comparer=1_A1"' in page

    response = client.post(f"{SAVE}?quoi=anglais&comparer=1_A1", {"wants_news": "on"})

    assert response.headers["Location"] == "/formations/?quoi=anglais&comparer=1_A1"
    search = SavedSearch.objects.get(user=user)
    assert (search.name, search.query, search.wants_news) == ("Anglais", "quoi=anglais", True)
    page = text_of(client.get("/formations/?quoi=anglais"))
    assert "Votre recherche est enregistrée." in page
    assert "Enregistrer cette recherche" not in page


def test_second_click_saves_nothing_more(person):
    _, client = person

    for _ in range(2):
        client.post(f"{SAVE}?quoi=anglais&page=2")

    assert SavedSearch.objects.count() == 1
    assert "déjà enregistrée" in text_of(client.get(KEPT))


def test_visitor_signs_in_and_finds_her_search(index):
    user, client = UserFactory(), GuardedClient()
    index()
    link = f"{SAVE}?prix_max=1500&amp;quoi=anglais"
    assert f'href="{link}"' in text_of(client.get("/formations/?quoi=anglais&prix_max=1500"))

    sent = client.get(f"{SAVE}?prix_max=1500&quoi=anglais")
    back = client.post(
        sent.headers["Location"], {"nir": user.titulaire.nir.value, "password": "Motdepasse1"}
    )
    page = client.get(back.headers["Location"])

    assert inputs_in(page)["name"]["value"] == "Anglais · Jusqu’à 1500\u00a0€"
    client.post(back.headers["Location"], {"name": "Mon anglais"})
    assert SavedSearch.objects.get(user=user).query == "prix_max=1500&quoi=anglais"


def test_session_that_ended_meanwhile_loses_nothing(person):
    """What was posted comes back as a GET: the address still holds the search."""
    response = Client().post(f"{SAVE}?quoi=anglais", {"wants_news": "on"})

    assert response.headers["Location"] == f"/connexion/?next={SAVE}%3Fquoi%3Danglais"


@pytest.mark.parametrize("query", ["", "tri=prix", "ou=zzzz", "page=2"])
def test_search_without_criterion_is_not_saved(person, query):
    _, client = person

    response = client.post(f"{SAVE}?{query}", {"name": "Tout"})

    assert response.headers["Location"] == f"/formations/?{query}"
    assert not SavedSearch.objects.exists()
    assert "Choisissez d’abord" in text_of(client.get(KEPT))


def test_search_too_long_for_its_column_is_refused_in_french(person, monkeypatch):
    monkeypatch.setattr("catalogue.saved.views.MAX_QUERY", 10)
    _, client = person

    client.post(f"{SAVE}?quoi=anglais", {"name": "Long"})

    assert "trop de filtres" in text_of(client.get(KEPT))
    assert not SavedSearch.objects.exists()


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("", "Donnez un nom"),
        ("  ", "Donnez un nom"),
        ("a" * 121, "120 caractères au plus"),
    ],
)
def test_bad_name_is_told_beside_the_field(person, name, sentence):
    user, client = person
    search = saved(user)

    for address in (f"{SAVE}?quoi=excel", f"{KEPT}{search.pk}/"):
        response = client.post(address, {"name": name})
        assert response.status_code == 422
        assert sentence in text_of(response)
    assert list(SavedSearch.objects.values_list("name", flat=True)) == ["Mon anglais"]


def test_one_search_too_many_is_told_and_keeps_what_was_typed(person, monkeypatch):
    monkeypatch.setattr(services, "MAX_SEARCHES", 1)
    user, client = person
    saved(user)

    response = client.post(f"{SAVE}?quoi=excel", {"name": "Mon Excel"})

    assert response.status_code == 422
    assert "supprimez-en une" in text_of(response)
    assert inputs_in(response)["name"]["value"] == "Mon Excel"


def test_list_shows_runs_renames_and_deletes(person):
    user, client = person
    search = saved(user)
    page = text_of(client.get(KEPT))
    assert '<a href="/formations/?quoi=anglais">Mon anglais</a>' in page

    client.post(f"{KEPT}{search.pk}/", {"name": " Anglais  du soir ", "wants_news": "on"})
    search.refresh_from_db()
    assert (search.name, search.wants_news) == ("Anglais du soir", True)

    assert client.post(f"{KEPT}{search.pk}/supprimer/").headers["Location"] == KEPT
    assert not SavedSearch.objects.exists()


@pytest.mark.parametrize("verb", VERBS)
def test_search_of_another_person_does_not_exist(person, verb):
    _, client = person
    search = saved(UserFactory())

    answers = [
        getattr(client, verb)(f"{KEPT}{search.pk}/{action}").status_code
        for action in ("", "supprimer/")
    ]

    assert answers == [404, 404]
    assert SavedSearch.objects.filter(pk=search.pk, name="Mon anglais").exists()


def test_own_search_answers_to_its_verbs(person):
    """The positive twin of the one above."""
    user, client = person
    search = saved(user)

    assert client.get(f"{KEPT}{search.pk}/").status_code == 200
    assert client.get(f"{KEPT}{search.pk}/supprimer/").status_code == 405
    assert client.post(f"{KEPT}{search.pk}/supprimer/").status_code == 302


def test_markup_in_a_search_is_text(person):
    user, client = person
    saved(user, name="<img src=x>", query="quoi=%3Cimg+src%3Dx%3E")

    page = text_of(client.get(KEPT))

    assert "<img src=x>" not in page
    assert "&lt;img src=x&gt;" in page


def test_offer_becomes_a_favourite_and_is_let_go(person):
    user, client = person
    offer = OfferFactory(title="Anglais du soir")
    back = f"{offer.get_absolute_url()}?quoi=anglais"
    assert "Ajouter à mes favoris" in text_of(client.get(back))

    response = client.post(f"/mon-compte/favoris/ajouter/{offer.public_id}/", {"next": back})

    assert response.headers["Location"] == back
    assert "Retirer de mes favoris" in text_of(client.get(back))
    assert "Anglais du soir" in text_of(client.get(KEPT))
    client.post(f"/mon-compte/favoris/retirer/{offer.public_id}/", {"next": "//ailleurs.example"})
    assert not Favourite.objects.filter(user=user).exists()


def test_favourite_survives_its_offer(person):
    user, client = person
    withdrawn, deleted = OfferFactory(title="Anglais retiré"), OfferFactory(title="Anglais effacé")
    for offer in (withdrawn, deleted):
        services.add_favourite(user=user, offer=offer)
    withdrawn.removed_at = timezone.now()
    withdrawn.save()
    deleted.delete()

    page = text_of(client.get(KEPT))

    assert page.count("N’est plus proposée") == 2
    assert "Anglais retiré" in page
    assert "Anglais effacé" in page


def test_offer_that_is_not_proposed_is_no_favourite(person):
    _, client = person
    offer = OfferFactory(removed_at=timezone.now())

    for public_id in (offer.public_id, "inconnue"):
        assert client.post(f"/mon-compte/favoris/ajouter/{public_id}/").status_code == 404
    assert not Favourite.objects.exists()


def test_visitor_signs_in_and_is_back_at_the_offer():
    user, client = UserFactory(), GuardedClient()
    offer = OfferFactory()
    page = text_of(client.get(f"{offer.get_absolute_url()}?quoi=anglais"))
    link = f"/connexion/?next={offer.get_absolute_url()}%3Fquoi%3Danglais"
    assert f'href="{link}"' in page
    sent = client.post(f"/mon-compte/favoris/ajouter/{offer.public_id}/").headers["Location"]

    assert sign_in(client, user.titulaire.nir).status_code == 302
    assert client.get(sent).headers["Location"] == f"/mon-compte/favoris/ajouter/{offer.public_id}/"
    assert (
        client.get(f"/mon-compte/favoris/ajouter/{offer.public_id}/").headers["Location"]
        == offer.get_absolute_url()
    )
    assert not Favourite.objects.exists()


def test_public_id_with_a_slash_is_kept(person):
    _, client = person
    OfferFactory(public_id="a/b é")

    client.post("/mon-compte/favoris/ajouter/a/b é/")

    assert Favourite.objects.get().public_id == "a/b é"
    assert 'action="/mon-compte/favoris/retirer/a/b%20%C3%A9/"' in text_of(client.get(KEPT))


def test_staff_keep_nothing(sasha, index):
    client, offer = GuardedClient(), OfferFactory()
    index()
    client.force_login(sasha)

    assert client.get(KEPT).status_code == 404
    assert client.post(f"{SAVE}?quoi=anglais").status_code == 404
    assert "favoris" not in text_of(client.get(offer.get_absolute_url()))
    assert "Enregistrer cette recherche" not in text_of(client.get("/formations/?quoi=anglais"))


def test_what_is_refused_by_mail_is_told_on_the_page():
    user, client = signed_in(UserFactory(wants_news_mail=False))
    assert "Vous avez arrêté le courriel de la semaine" in text_of(client.get(KEPT))
    user.email_confirmed_at = None
    user.save()

    assert "ne part qu’à une adresse confirmée" in text_of(client.get(KEPT))


def test_buttons_cost_a_visitor_nothing_and_a_person_one_query(person, index):
    _, client = person
    offer = OfferFactory(title="Anglais")
    index()

    for path in ("/formations/?quoi=anglais", offer.get_absolute_url()):
        asked = []
        for browser in (Client(), client):
            with CaptureQueriesContext(connection) as queries:
                browser.get(path)
            asked.append(
                [q["sql"] for q in queries if re.search("savedsearch|favourite", q["sql"])]
            )
        assert list(map(len, asked)) == [0, 1]
