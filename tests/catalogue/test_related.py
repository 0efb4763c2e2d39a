"""What the page of an offer leads to."""

from tests.factories import CommuneFactory, OfferFactory


def twin_of(offer, **changes):
    same = {"provider": offer.provider, "certification": offer.certification, "title": offer.title}
    return OfferFactory(**same | changes)


def rennes():
    return CommuneFactory(code="35238", name="Rennes", department="35", postcodes=" 35000 ")


def test_other_places_of_the_training_are_listed(index, client):
    offer = OfferFactory(title="Anglais")
    other = twin_of(offer, commune=rennes())
    OfferFactory(title="Anglais")  # of another provider
    index()

    page = client.get(offer.get_absolute_url())

    assert page.context["elsewhere"] == [other]
    assert f'<a href="{other.get_absolute_url()}">35000 Rennes</a>' in page.content.decode()
    assert 'id="autres-lieux"' in page.content.decode()


def test_place_known_by_its_departement_only_is_named_by_it(index, client):
    offer = OfferFactory(title="Anglais")
    twin_of(offer, commune=None, department="2A")
    OfferFactory(certification=offer.certification, commune=None, department="29")
    index()

    page = client.get(offer.get_absolute_url()).content.decode()

    assert "Corse-du-Sud (2A)" in page
    assert "Finistère (29)" in page
    assert "distance" not in page.partition('id="autres-lieux"')[2].partition("</main>")[0]


def test_similar_offers_are_of_other_providers_and_near_first(index, client):
    offer = OfferFactory(title="Anglais")
    far = OfferFactory(title="Anglais", certification=offer.certification, commune=rennes())
    near = OfferFactory(title="Anglais", certification=offer.certification)
    index()

    assert client.get(offer.get_absolute_url()).context["similar"] == [near, far]


def test_offer_withdrawn_since_is_not_listed(index, client):
    offer = OfferFactory(title="Anglais")
    gone = OfferFactory(title="Anglais", certification=offer.certification)
    index()
    gone.provider.is_suspended = True
    gone.provider.save()

    assert client.get(offer.get_absolute_url()).context["similar"] == []


def test_lonely_offer_has_no_such_section(index, client):
    offer = OfferFactory(certification=None)
    index()

    page = client.get(offer.get_absolute_url()).content.decode()

    assert "autres-lieux" not in page
    assert "Formations semblables" not in page


def test_card_of_twins_leads_to_their_places(index, client):
    offer = OfferFactory(title="Anglais")
    twin_of(offer, commune=rennes())
    index()

    page = client.get("/formations/?quoi=anglais").content.decode()

    assert "#autres-lieux" in page
    assert "+ 1 lieu<" in page


def test_queries_do_not_grow_with_the_related_offers(index, client, django_assert_num_queries):
    offer = OfferFactory(title="Anglais")
    twin_of(offer, commune=rennes())
    OfferFactory(title="Anglais", certification=offer.certification)
    index()
    with django_assert_num_queries(5):
        client.get(offer.get_absolute_url())

    for number in range(9):
        twin_of(offer, commune=CommuneFactory(code=f"440{number:02d}", name="Autre"))
    index()
    with django_assert_num_queries(5):
        assert len(client.get(offer.get_absolute_url()).context["elsewhere"]) == 10
