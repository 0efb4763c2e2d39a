from datetime import date

import pytest

from catalogue.imports import values


@pytest.mark.parametrize(
    ("text", "cents"),
    [("1490.00", 149000), ("1 490,50 €", 149050), ("0", 0), ("1490", 149000), ("0.005", 0),
     ("-1", None), ("", None), ("NaN", None), ("Infinity", None), ("1e99", None), ("gratuit", None)],
)  # fmt: skip
def test_amounts(text, cents):
    assert values.cents(text) == cents


@pytest.mark.parametrize(
    ("text", "day"),
    [("20220905", date(2022, 9, 5)), ("20220900", date(2022, 9, 1)), ("20220000", date(2022, 1, 1)),
     ("00000000", None), ("2022-09-05", date(2022, 9, 5)), ("20220231", None), ("demain", None)],
)  # fmt: skip
def test_compact_days(text, day):
    assert values.compact_day(text) == day


@pytest.mark.parametrize(
    ("text", "level"),
    [("4", 3), ("8", 7), ("11", 1), ("18", 8), ("0", None), ("19", None), ("", None), ("1", None)],
)
def test_lheo_levels_old_and_new(text, level):
    assert values.lheo_level(text) == level


@pytest.mark.parametrize(
    ("text", "level"),
    [("NIV5", 5), ("Niveau 6 (Licence)", 6), ("REPRISE", None), ("Sans niveau spécifique", None)],
)
def test_named_levels(text, level):
    assert values.named_level(text) == level


@pytest.mark.parametrize(
    ("number", "expected"),
    [("A1", "00000000000018_A1"), ("00000000000018_A1", "00000000000018_A1"),
     ("F 1/A 2", "00000000000018_F-1-A-2")],
)  # fmt: skip
def test_public_id_is_an_address(number, expected):
    assert values.public_id("00000000000018", number) == expected


def test_long_numbers_have_different_public_ids():
    first, second = (values.public_id("00000000000018", "x" * 58 + end) for end in "ab")

    assert first != second
    assert len(first) == len(second) == 60


@pytest.mark.parametrize("url", ["javascript:alert(1)", "http://", "ftp://a.fr", "a b", "//x.fr"])
def test_addresses_that_cannot_be_links_are_dropped(url):
    assert values.web(url) == ""


def test_ordinary_addresses_are_kept():
    assert values.web("www.exemple.fr/a?b=c") == "https://www.exemple.fr/a?b=c"
    assert values.email(" a@exemple.fr ") == "a@exemple.fr"
    assert values.email("a@exemple.fr\nBcc: b@exemple.fr") == ""
    assert values.phone("01 00 00 00 00") == "+33100000000"
    assert values.phone("appelez-moi") == ""
