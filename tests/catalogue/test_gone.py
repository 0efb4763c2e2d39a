"""The address of an offer that is gone says so and leads to others; one that never was is unknown."""

from django.utils import timezone

from tests.factories import OfferFactory


def gone(**values):
    return OfferFactory(removed_at=timezone.now(), **values)


def test_gone_offer_answers_410_with_what_is_like_it(index, client):
    offer = gone(title="Anglais professionnel")
    elsewhere = OfferFactory(
        title=offer.title, provider=offer.provider, certification=offer.certification
    )
    similar = OfferFactory(title="Autre anglais", certification=offer.certification)
    index()

    answer = client.get(f"{offer.get_absolute_url()}?quoi=anglais")

    page = answer.content.decode()
    assert answer.status_code == 410
    assert answer.headers["Cache-Control"] == "no-cache"  # the next import may bring it back
    assert "n’est plus proposée" in page
    for other in (elsewhere, similar):
        assert f'href="{other.get_absolute_url()}"' in page
    assert "/formations/?quoi=Anglais%20professionnel" in page
    assert "/formations/?quoi=anglais" in page


def test_gone_offer_without_certification_leads_to_the_same_words(index, client):
    offer = gone(title="Tailleur de pierre", certification=None)
    other = OfferFactory(title="Tailleur de pierre débutant", certification=None)
    OfferFactory(title="Massage", certification=None)
    index()

    assert client.get(offer.get_absolute_url()).context["similar"] == [other]


def test_gone_offer_without_an_index_still_says_so(client, db):
    assert client.get(gone().get_absolute_url()).status_code == 410


def test_gone_offer_of_a_suspended_provider_says_no_more(client, db):
    offer = gone(provider__is_suspended=True)

    answer = client.get(offer.get_absolute_url())
    assert answer.status_code == 410
    assert offer.title not in answer.content.decode()
    assert client.get("/formations/jamais-connue/").status_code == 404
