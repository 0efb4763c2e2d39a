import pytest
from django.db import transaction

from catalogue.places import communes_within
from tests.factories import CommuneFactory

pytestmark = pytest.mark.django_db

TOULOUSE = (43.60426, 1.44367)
WEST_OF_THE_DATE_LINE = (-17.0, 179.9)


def test_communes_within_crosses_the_date_line():
    CommuneFactory(code="98613", latitude=-17.0, longitude=-179.9)

    assert communes_within(*WEST_OF_THE_DATE_LINE, 30) == pytest.approx({"98613": 21.27}, abs=0.01)
    assert communes_within(*WEST_OF_THE_DATE_LINE, 20) == {}


def test_communes_within_of_an_empty_table():
    assert communes_within(*TOULOUSE, 100) == {}


def test_communes_within_sees_a_new_loading():
    commune = CommuneFactory(code="31555", latitude=TOULOUSE[0], longitude=TOULOUSE[1])
    assert communes_within(*TOULOUSE, 5) == {"31555": 0}

    commune.latitude = 50
    commune.save()

    assert communes_within(*TOULOUSE, 5) == {}


def test_communes_within_forgets_a_loading_rolled_back():
    CommuneFactory(code="31555", latitude=TOULOUSE[0], longitude=TOULOUSE[1])
    with transaction.atomic():
        CommuneFactory(code="31044", latitude=TOULOUSE[0], longitude=TOULOUSE[1])
        assert set(communes_within(*TOULOUSE, 5)) == {"31555", "31044"}
        transaction.set_rollback(True)

    assert set(communes_within(*TOULOUSE, 5)) == {"31555"}
