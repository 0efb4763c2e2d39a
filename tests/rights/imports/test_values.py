from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rights.imports.values import InvalidValue, parse_amount, parse_day, parse_kind, parse_year
from rights.models import MovementKind

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("text", "cents"),
    [
        ("1105,00", 1105_00),
        ("1105.00", 1105_00),
        ("1 105,00", 1105_00),
        ("1\u00a0105,00", 1105_00),
        ("1\u202f105,00", 1105_00),
        ("1105", 1105_00),
        ("1105,5", 1105_50),
        ("0,01", 1),
        ("249,95 €", 249_95),
        ("249,95\u00a0€", 249_95),
        ("007,10", 7_10),
        ("1 000 000,00", 1_000_000_00),
    ],
)
def test_amount_is_read_to_the_cent(text, cents):
    assert parse_amount(text) == cents


@pytest.mark.parametrize(
    "text",
    [
        "", "0", "0,00", "-5", "+5", "1,105.00", "1.105,00", "1105,000", "1105,", ",50", "1 10 5,00",
        "11 05,00", "1e3", "NaN", "inf", "1_000", "١٢", "cent", "1 000 000,01", "9" * 20, "5 € 00",
    ],
)  # fmt: skip
def test_amount_that_is_not_one_is_refused(text):
    with pytest.raises(InvalidValue, match="montant"):
        parse_amount(text)


@given(st.integers(min_value=1, max_value=1_000_000_00))
def test_amount_written_in_french_comes_back(cents):
    written = f"{cents // 100:,}".replace(",", " ") + f",{cents % 100:02d}"

    assert parse_amount(written) == cents


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("alimentation", MovementKind.YEARLY_CREDIT),
        ("Alimentation annuelle", MovementKind.YEARLY_CREDIT),
        ("yearly_credit", MovementKind.YEARLY_CREDIT),
        ("conversion", MovementKind.HOURS_CONVERSION),
        ("hours_conversion", MovementKind.HOURS_CONVERSION),
        ("DIF", MovementKind.DIF),
        ("abondement", MovementKind.ABONDEMENT),
    ],
)
def test_kind_is_a_code_or_a_french_word(text, kind):
    assert parse_kind(text) == kind


@pytest.mark.parametrize("text", ["", "correction", "cadeau"])
def test_kind_that_no_register_gives_is_refused(text):
    with pytest.raises(InvalidValue, match="nature"):
        parse_kind(text)


@pytest.mark.parametrize("text", ["2004", "2020", "2026"])
def test_year_up_to_this_one_is_read(text):
    assert parse_year(text, today=TODAY) == int(text)


@pytest.mark.parametrize(
    "text", ["", "2003", "2027", "20", "20200", "2020.0", "٢٠٢٠", "deux mille"]
)
def test_year_outside_is_refused(text):
    with pytest.raises(InvalidValue, match="l’année doit aller de 2004 à 2026"):
        parse_year(text, today=TODAY)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("15/04/2021", date(2021, 4, 15)),
        ("2021-04-15", date(2021, 4, 15)),
        ("22/11/2026", TODAY),
        ("", TODAY),
    ],
)
def test_day_is_read(text, day):
    assert parse_day(text, today=TODAY) == day


@pytest.mark.parametrize("text", ["23/11/2026", "31/12/2003", "31/02/2021", "04/15/2021", "hier"])
def test_day_that_cannot_be_is_refused(text):
    with pytest.raises(InvalidValue, match="la date"):
        parse_day(text, today=TODAY)
