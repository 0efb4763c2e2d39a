"""What trainees thought of a training, on the page of its offer: a mean, from three opinions on."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from rights.dossiers.audit import wrong_opinions
from rights.dossiers.exceptions import StepRefused
from rights.dossiers.states import Action as A
from rights.dossiers.states import State as S
from rights.models import Dossier, Rating
from rights.models.rating import MARKS
from tests.factories import OfferFactory
from tests.rights.dossiers.steps import bring_to, do, make_session

pytestmark = pytest.mark.django_db


@pytest.fixture
def finished(db):
    """Three trainings that are over: two of one offer, one of another offer of the same provider."""
    offer = OfferFactory(price_cents=500_00)
    other = OfferFactory(price_cents=500_00, provider=offer.provider)
    return [bring_to(S.FINISHED, session=make_session(offer=o)) for o in (offer, offer, other)]


def rate(dossier: Dossier, mark: int) -> None:
    do(dossier, A.RATE, marks=dict.fromkeys(MARKS, mark))


def opinions_of(dossier: Dossier) -> list[str]:
    """Return what the page of the offer says of it, then of its provider."""
    page = Client().get(dossier.offer.get_absolute_url()).content.decode()
    section = page.partition('id="avis"')[2].partition("</section>")[0]
    found = re.findall(r"<dd>(.*?)</dd>", section, re.DOTALL)
    return [" ".join(re.sub(r"<[^>]+>|&nbsp;", " ", text).split()) for text in found]


def test_mean_is_shown_from_three_opinions_on(finished):
    first, second, other = finished
    assert opinions_of(first) == ["Aucun avis pour le moment"] * 2

    rate(first, 5)
    rate(second, 4)
    assert opinions_of(first) == ["Moins de 3 avis pour le moment"] * 2

    rate(other, 3)
    assert opinions_of(first) == ["Moins de 3 avis pour le moment", "4,0 sur 5 (3 avis)"]
    assert list(wrong_opinions()) == []


def test_page_says_nobody_and_costs_the_same(finished):
    client, address = Client(), finished[0].offer.get_absolute_url()
    client.get(address)
    with CaptureQueriesContext(connection) as before:
        client.get(address)
    for dossier in finished:
        rate(dossier, 5)

    with CaptureQueriesContext(connection) as after:
        page = client.get(address).content.decode()

    assert len(after) == len(before)
    assert "5,0 sur 5" in page
    assert not any(dossier.titulaire.birth_name in page for dossier in finished)


def test_opinion_given_twice_counts_once(finished):
    rate(finished[0], 5)

    with pytest.raises(StepRefused, match="déjà donné"):
        rate(finished[0], 1)

    finished[0].offer.refresh_from_db()
    assert (finished[0].offer.opinions, finished[0].offer.marks) == (1, 25)


def test_audit_sees_an_opinion_that_nobody_gave(finished):
    rate(finished[0], 5)
    Rating.objects.update(welcome=1)

    assert len(list(wrong_opinions())) == 2  # of the offer and of the provider
