from datetime import date

import pytest

from catalogue.models import CertificationKind
from catalogue.search import SearchCriteria, search
from tests.factories import CertificationFactory, OfferFactory, ProviderFactory

TODAY = date(2026, 11, 23)


@pytest.fixture
def today():
    return TODAY


@pytest.fixture
def find(today):
    """Search and return the results: `find("anglais", sort=Sort.PRICE)`."""

    def find(words="", **criteria):
        return search(SearchCriteria(words=words, **criteria), today=today)

    return find


@pytest.fixture
def titles(find):
    """Search and return the titles found, in order."""

    def titles(words="", **criteria):
        return [hit.offer.title for hit in find(words, **criteria).hits]

    return titles


@pytest.fixture
def library(index):
    """A small catalogue in which each query of the relevance table has one best answer."""
    toeic = _certification("RS5550", "Test TOEIC", kind=CertificationKind.RS)
    accounting = _certification(
        "RNCP35584", "Gestionnaire comptable", jobs="comptable, aide-comptable"
    )
    driving = _certification("CPF206", "Permis de conduire", kind=CertificationKind.CPF)
    stone = _certification("RNCP38412", "Tailleur de pierre", jobs="tailleur de pierre")
    offers = [
        ("Anglais professionnel", toeic, {"skills": "conversation, réunion"}),
        ("Comptabilité générale", accounting, {"content": "Facturation et bilan de fin d’année"}),
        ("Permis B", driving, {}),
        ("Permis D", driving, {}),
        ("Massage aux pierres chaudes", None, {"skills": "bien-être"}),
        ("CAP Tailleur de pierre", stone, {}),
        ("Coiffeur", None, {"provider": ProviderFactory(name="Ateliers Capillaires")}),
        ("Bilan de compétences", None, {"content": "Entretiens en anglais possibles"}),
        ("CACES R489 chariots élévateurs", None, {"skills": "cariste, manutention"}),
        ("Cuisine du marché", None, {"content": "Techniques de cuisson"}),
        ("Chef d’œuvre en cuisine", None, {}),
    ]
    for title, certification, more in offers:
        OfferFactory(title=title, certification=certification, **more)
    index()


def _certification(code, title, **more):
    return CertificationFactory(code=code, title=title, **more)
