"""An offer stands at its own position when that is credible, else at the centre of its commune."""

import pytest

from catalogue.models import Modality, Offer
from catalogue.places import Place
from catalogue.search import Sort, positions
from catalogue.search.positions import commune_number, place_number
from tests.factories import CommuneFactory, OfferFactory

NANTES = Place("44109", "Nantes (44000)", "44", 47.21725, -1.55336)
EAST = {"latitude": 47.2173, "longitude": -1.4212}  # 10 km east of the centre


@pytest.fixture
def hits(find):
    """Return {title: whole km} of what is found around Nantes."""

    def hits(radius_km, **criteria):
        found = find("anglais", place=NANTES, radius_km=radius_km, **criteria)
        return {hit.offer.title: round(hit.distance_km) for hit in found.hits}

    return hits


def test_own_position_is_used_in_the_radius_and_the_distance(index, hits):
    carquefou = CommuneFactory(
        code="44026", name="Carquefou", latitude=47.2973, longitude=-1.4914, department="44"
    )
    OfferFactory(title="Anglais au centre")
    OfferFactory(title="Anglais à l’est", commune=carquefou, **EAST)
    OfferFactory(title="Anglais au bord", commune=carquefou, latitude=47.25, longitude=-1.53)
    index()

    found = hits(30, sort=Sort.DISTANCE)

    assert list(found.items()) == [
        ("Anglais au centre", 0),
        ("Anglais au bord", 4),
        ("Anglais à l’est", 10),
    ]
    assert set(hits(5)) == {"Anglais au centre", "Anglais au bord"}


def test_town_itself_is_found_whatever_the_radius(index, hits):
    OfferFactory(title="Anglais à l’est", **EAST)
    index()

    assert hits(5) == {"Anglais à l’est": 10}


def test_city_keeps_its_arrondissements(index, find):
    paris = CommuneFactory(code="75056", name="Paris", latitude=48.8566, longitude=2.3522)
    auteuil = CommuneFactory(
        code="75116", name="Paris 16e Arrondissement", latitude=48.86, longitude=2.26, parent=paris
    )
    OfferFactory(title="Anglais", commune=auteuil, latitude=48.848, longitude=2.256)
    index()
    place = Place("75056", "Paris (tous arrondissements)", "75", 48.8566, 2.3522)

    (hit,) = find("anglais", place=place, radius_km=5).hits

    assert round(hit.distance_km) == 7


@pytest.mark.parametrize(
    ("latitude", "longitude"), [(48.8566, 2.3522), (0.0, 0.0), (147.2, -1.55), (47.2, None)]
)
def test_mistaken_position_leaves_the_commune(latitude, longitude, index, hits):
    OfferFactory(title="Anglais", latitude=latitude, longitude=longitude)
    index()

    assert hits(5) == {"Anglais": 0}


def test_position_without_commune_is_found_and_remote_one_is_not(index, hits):
    OfferFactory(title="Anglais", commune=None, department="44", **EAST)
    OfferFactory(title="Anglais loin", modality=Modality.REMOTE, **EAST)
    index()

    assert hits(30) == {"Anglais": 10}


def test_many_positions_are_read_in_several_questions(index, hits, monkeypatch):
    monkeypatch.setattr(positions, "MOST_BUCKETS", 3)
    for step in range(9):
        OfferFactory(title=f"Anglais {step}", latitude=47.21725 + step / 100, longitude=-1.55336)
    index()

    assert len(hits(100)) == 9


@pytest.mark.parametrize("code", ["01001", "2A004", "2B366", "44109", "97801", "98818"])
def test_codes_are_told_apart_and_kept_within_the_number(code):
    commune = CommuneFactory.build(code=code)
    offer = Offer(modality=Modality.ON_SITE, commune=commune, latitude=89.9, longitude=179.9)
    offer.commune.latitude, offer.commune.longitude = 89.9, 179.9

    number = place_number(offer)

    assert number < 2**53
    assert number & positions.MASK == commune_number(code)
    assert positions._point(number) == pytest.approx((89.9, 179.9), abs=0.01)
