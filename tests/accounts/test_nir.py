import csv
import random
from pathlib import Path

import pytest
from stdnum.fr import nir as stdnum_nir

from accounts.nir import InvalidNir, Nir

VECTORS_FILE = Path(__file__).parent / "data" / "nir-vecteurs.csv"
VECTORS = list(csv.DictReader(VECTORS_FILE.read_text(encoding="utf-8").splitlines(), delimiter=";"))
DEPARTMENTS = [f"{number:02d}" for number in range(1, 100)] + ["2A", "2B"]
MONTHS = [*range(1, 13), *range(20, 43), *range(50, 100)]


def random_numbers(count: int) -> list[str]:
    """Numbers of 13 characters, of every form that INSEE gives; the same ones at each run."""
    dice = random.Random(2026)
    return [
        f"{dice.choice('123478')}{dice.randrange(100):02d}{dice.choice(MONTHS):02d}"
        f"{dice.choice(DEPARTMENTS)}{dice.randrange(1, 1000):03d}{dice.randrange(1, 1000):03d}"
        for _ in range(count)
    ]


def accepts(number: str, key: str = "") -> bool:
    try:
        Nir.parse(number, key)
    except InvalidNir:
        return False
    return True


@pytest.mark.parametrize("row", VECTORS, ids=lambda row: row["commentaire"])
def test_nir_gives_its_verdict_on_every_vector(row):
    assert accepts(row["nir13"], row["cle"]) is (row["valide"] == "oui")


def test_nir_vectors_are_all_there():
    assert len(VECTORS) == 29


def test_nir_agrees_with_stdnum_on_20000_random_numbers():
    for number in random_numbers(20_000):
        key = stdnum_nir.calc_check_digits(number)
        assert Nir.parse(number, key).key == key


def test_nir_agrees_with_stdnum_on_wrong_keys():
    for number in random_numbers(200):
        verdicts = {key: accepts(number, f"{key:02d}") for key in range(100)}
        assert verdicts == {key: stdnum_nir.is_valid(f"{number}{key:02d}") for key in range(100)}


@pytest.mark.parametrize("number", [*random_numbers(40), "185052A004123", "285052B033123"])
def test_nir_refuses_every_change_of_one_character(number):
    whole = number + Nir.parse(number).key

    for position, written in enumerate(whole):
        for other in "0123456789ABX":
            if other != written:
                changed = whole[:position] + other + whole[position + 1 :]
                assert not accepts(changed), changed
                assert not accepts(changed[:13], changed[13:]), changed


@pytest.mark.parametrize(
    "typed",
    [
        "255081416802538",
        "2 55 08 14 168 025 38",
        "2.55.08.14.168.025.38",
        "2-55-08-14-168-025-38",
        "\u00a02\u202f55 08\t14 168 025 38 ",
        "２５５０８１４１６８０２５３８",
        "2 55 08 14 168 025 / 38",
    ],
)
def test_nir_understands_what_people_type(typed):
    assert Nir.parse(typed) == Nir("2550814168025")


def test_nir_understands_lower_case_and_two_fields():
    assert Nir.parse("1 85 05 2a 004 123", " 56 ").value == "185052A004123"


def test_nir_understands_the_key_typed_twice():
    assert Nir.parse("255081416802538", "38").value == "2550814168025"


@pytest.mark.parametrize("typed", ["", "abc", "25508141680253", "2550814168025380", "٢" * 13])
def test_nir_refuses_other_lengths_and_characters(typed):
    with pytest.raises(InvalidNir) as refusal:
        Nir.parse(typed)

    assert refusal.value.code == "format"


def test_nir_needs_no_key_unless_asked():
    assert accepts("2550814168025")

    with pytest.raises(InvalidNir) as refusal:
        Nir.parse("2550814168025", needs_key=True)

    assert refusal.value.code == "no_key"


def test_nir_tells_a_wrong_key_from_a_wrong_format():
    with pytest.raises(InvalidNir) as refusal:
        Nir.parse("2550814168025", "39")

    assert refusal.value.code == "key"


@pytest.mark.parametrize(
    ("number", "sex", "year", "month", "is_provisional"),
    [
        ("2550814168025", "F", 55, 8, False),
        ("185052A004123", "M", 85, 5, False),
        ("1882075112123", "M", 88, None, False),
        ("3780575112123", "M", None, None, True),
        ("8780575112123", "F", None, None, True),
    ],
)
def test_nir_tells_only_what_is_certain(number, sex, year, month, is_provisional):
    nir = Nir.parse(number)

    assert (nir.sex, nir.birth_year, nir.birth_month, nir.is_provisional) == (
        sex,
        year,
        month,
        is_provisional,
    )


def test_nir_never_shows_itself():
    nir = Nir.parse("255081416802538")

    shown = f"{nir} {nir!r} {nir.masked} {InvalidNir('key')}"

    assert nir.masked == "2 55 •• •• ••• ••• ••"
    assert "168" not in shown
    assert "025" not in shown
