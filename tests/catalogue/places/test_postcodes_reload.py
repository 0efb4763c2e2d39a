import pytest

from catalogue.places.postcodes import codes_from
from tests.factories import CommuneFactory

pytestmark = pytest.mark.django_db


def test_an_empty_table_has_no_codes():
    assert codes_from("31") == []


def test_codes_follow_a_new_loading():
    commune = CommuneFactory(code="31555", postcodes=" 31000 31100 ")
    assert codes_from("310") == codes_from("31100") == ["31555"]

    commune.postcodes = " 32000 "
    commune.save()

    assert codes_from("31") == []
    assert codes_from("32") == ["31555"]
