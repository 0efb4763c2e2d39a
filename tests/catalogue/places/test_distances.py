import math

import pytest

from catalogue.models import Commune
from catalogue.places import communes_around, communes_within, resolve

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("france")]

TOULOUSE = (43.60426, 1.44367)


def haversine_km(lat_a, lon_a, lat_b, lon_b):
    half_lat, half_lon = math.radians(lat_b - lat_a) / 2, math.radians(lon_b - lon_a) / 2
    cosines = math.cos(math.radians(lat_a)) * math.cos(math.radians(lat_b))
    root = math.sin(half_lat) ** 2 + cosines * math.sin(half_lon) ** 2
    return 2 * 6371.0088 * math.asin(math.sqrt(root))


@pytest.mark.parametrize("km", [5, 30, 100])
@pytest.mark.parametrize("centre", [TOULOUSE, (48.85341, 2.3488), (-20.88231, 55.4504)])
def test_communes_within_agrees_with_the_formula(centre, km):
    rows = Commune.objects.values_list("code", "latitude", "longitude")
    expected = {
        code: distance
        for code, latitude, longitude in rows
        if (distance := haversine_km(*centre, latitude, longitude)) <= km
    }

    found = communes_within(*centre, km)

    assert found == pytest.approx(expected, abs=0.001)
    assert list(found.values()) == sorted(found.values())
    assert found


def test_communes_within_costs_one_query_once_warm(django_assert_num_queries):
    communes_within(*TOULOUSE, 5)

    with django_assert_num_queries(1):
        communes_within(*TOULOUSE, 100)


def test_communes_around_a_city_hold_all_its_arrondissements():
    paris = resolve("Paris").place
    districts = set(Commune.objects.filter(parent="75056").values_list("code", flat=True))

    near = communes_within(paris.latitude, paris.longitude, 5)
    around = communes_around(paris, 5)

    assert len(districts) == 20
    assert districts - near.keys()
    assert around.keys() == near.keys() | districts
    assert 5 < around["75116"] < 9


def test_communes_around_an_arrondissement_hold_its_city():
    district = resolve("Marseille 16").place

    around = communes_around(district, 5)

    assert "13055" not in communes_within(district.latitude, district.longitude, 5)
    assert around["13055"] == pytest.approx(7.9, abs=0.2)
    assert "13208" not in around


def test_communes_around_a_town_are_those_within():
    toulouse = resolve("31000").place

    assert communes_around(toulouse, 30) == communes_within(*TOULOUSE, 30)


def test_communes_around_a_departement_are_none():
    assert communes_around(resolve("31").place, 100) == {}
