import math

import pytest

from catalogue.models import Commune
from catalogue.places import communes_within

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
