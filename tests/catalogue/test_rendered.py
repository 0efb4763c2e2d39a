"""What a page of results costs the database, and when the one that is kept may be shown again."""

import pytest
from django.urls import reverse

from catalogue.models import Provider
from catalogue.places import distances, loading, postcodes
from catalogue.search import engine
from tests.accounts.account import signed_in
from tests.factories import CommuneFactory, OfferFactory, SessionFactory


@pytest.fixture
def toulouse(db):
    return CommuneFactory(
        code="31555",
        name="Toulouse",
        postcodes=" 31000 31100 ",
        department="31",
        population=500_000,
    )


@pytest.mark.parametrize("town", ["Toulouse", "toulouse (31000)", "31000"])
def test_three_queries_make_a_page_that_nothing_prepared(
    town, index, client, toulouse, monkeypatch, django_assert_num_queries
):
    """The communes' date, the town, the cards; then only the cards, to see what is withdrawn."""
    monkeypatch.setattr(loading, "LOOK_EVERY_SECONDS", 60)
    for _ in range(3):
        SessionFactory(offer__title="Anglais", offer__commune=toulouse)
    index()
    # the positions and the postcodes of the communes are read once
    distances.communes_within(43.6, 1.4, 5)
    postcodes.codes_from("31")
    loading._looked_at = 0.0

    with django_assert_num_queries(3):
        page = client.get("/formations/", {"quoi": "anglais", "ou": town})
    with django_assert_num_queries(1):
        client.get("/formations/", {"quoi": "anglais", "ou": town})

    assert page.content.decode().count('<li class="card">') == 3


def test_kept_page_is_the_same_page(index, client, toulouse):
    OfferFactory(title="Anglais", commune=toulouse)
    index()
    address = "/formations/?quoi=anglais"

    first, second = client.get(address), client.get(address)

    assert first.templates
    assert not second.templates  # nothing was rendered
    assert first.content == second.content
    differing = {*first.headers.items()} ^ {*second.headers.items()}
    assert {name for name, _ in differing} <= {"X-Request-ID"}  # names the request, not the page


def test_kept_page_gives_way_to_what_changed(index, client, toulouse):
    offer, other = (OfferFactory(title="Anglais", commune=toulouse) for _ in range(2))
    index()
    address = "/formations/?quoi=anglais"
    assert client.get(address).content.count(b'<li class="card">') == 2

    Provider.objects.filter(pk=other.provider_id).update(is_suspended=True)
    assert client.get(address).content.count(b'<li class="card">') == 1

    offer.title = "Anglais du bâtiment"
    offer.save()
    index()
    assert "Anglais du bâtiment" in client.get(address).content.decode()


def test_page_of_a_person_is_never_kept_nor_given_to_another(index, client, camille, toulouse):
    OfferFactory(title="Anglais", commune=toulouse)
    index()
    address = "/formations/?quoi=anglais"
    client.get(address)

    client.force_login(camille)
    own = client.get(address).content.decode()
    client.logout()
    visitors = client.get(address).content.decode()

    assert "Se déconnecter" in own
    assert "Se connecter" in visitors
    assert "Se déconnecter" not in visitors


def test_pages_beyond_the_last_are_not_kept(index, client, toulouse):
    OfferFactory(title="Anglais", commune=toulouse)
    index()

    for page in range(2, 30):
        assert client.get("/formations/", {"quoi": "anglais", "page": page}).status_code == 404

    window = engine._windows.get(next(reversed(engine._windows._kept)))
    assert window.others.keys() <= {1}


def test_page_with_a_message_is_not_kept(index, toulouse):
    """What is said to whoever has just closed her account is not said to the next visitor."""
    OfferFactory(title="Anglais", commune=toulouse)
    index()
    _, client = signed_in()
    client.post(reverse("personal_data:close"), {"is_sure": "on"})

    told = client.get("/formations/?quoi=anglais").content.decode()
    after = client.get("/formations/?quoi=anglais").content.decode()

    assert "Votre compte est fermé" in told
    assert "Votre compte est fermé" not in after
