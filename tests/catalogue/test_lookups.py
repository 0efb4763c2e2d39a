import pytest
from django.db import connection

from catalogue.models import Commune
from tests.factories import CommuneFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("beginning", "codes"),
    [
        ("saint d", ["1", "2"]),
        ("saint", ["1", "2", "3"]),
        ("saint denis", ["1", "2"]),
        ("s%", []),
        ("s_int", []),
        ("", ["1", "2", "3", "4"]),
    ],
)
def test_begins_is_exact(beginning, codes):
    for code, name in enumerate(["Saint-Denis", "Saint Denis en Val", "Saintes", "Pau"], start=1):
        CommuneFactory(code=str(code), name=name)

    found = Commune.objects.filter(name_folded__begins=beginning)

    assert [commune.code for commune in found.order_by("code")] == codes


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL keeps its own LIKE")
def test_begins_uses_the_index_of_sqlite():
    plan = Commune.objects.filter(name_folded__begins="saint d").explain()

    assert "SEARCH catalogue_commune USING INDEX" in plan
    assert "name_folded>?" in plan
