import sys
from itertools import chain

import pytest

from catalogue.models import Commune
from catalogue.places import loading
from catalogue.places.postcodes import _table, codes_from
from catalogue.places.reading import _places, suggest

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("france")]


def beginnings(length):
    found = Commune.objects.values_list("postcodes", flat=True)
    return sorted({postcode[:length] for postcodes in found for postcode in postcodes.split()})


def in_sql(digits):
    """What the database answers when it reads all its rows."""
    return Commune.objects.filter(postcodes__contains=f" {digits}").largest_first()


def test_codes_are_those_that_the_database_finds(monkeypatch):
    monkeypatch.setattr(loading, "LOOK_EVERY_SECONDS", 60)
    some = (beginnings(2), beginnings(3)[::9], beginnings(4)[::60], beginnings(5)[::120])
    asked = [*chain(*some), "00", "99", "3155", "99999"]

    wrong = [
        digits
        for digits in asked
        if codes_from(digits) != list(in_sql(digits).values_list("code", flat=True))
    ]

    assert wrong == []
    assert len(asked) > 200


@pytest.mark.parametrize("digits", ["310", "750", "690", "130", "7511", "513", "974", "2000"])
def test_suggestions_are_the_largest_that_the_database_finds(digits):
    towns = [place for place in suggest(digits) if place.code]

    assert towns
    assert towns == _places(in_sql(digits)[: len(towns)])


def test_a_limit_keeps_the_largest():
    assert codes_from("31", 2) == ["31555", "31149"]
    assert codes_from("31", 0) == []


def test_table_is_small():
    table = _table(loading.version())
    texts = {id(text): sys.getsizeof(text) for text in [*table.postcodes, *table.codes]}

    assert sum(texts.values()) + sum(map(sys.getsizeof, table)) < 5_000_000
