"""The committed file of communes: complete, and every position where it can be."""

import csv
import gzip
from collections import Counter
from pathlib import Path
from statistics import median

import pytest

from catalogue.data.positions import Point, distance_km

ROOT = Path(__file__).parents[2]
SAMPLE = Path(__file__).parent / "data" / "communes-extrait.csv"

# south, north, west, east
METROPOLITAN_FRANCE = (41.3, 51.2, -5.2, 9.7)
OVERSEAS = {
    "971": (15.8, 16.6, -61.9, -60.9),
    "972": (14.3, 15.0, -61.3, -60.7),
    "973": (2.0, 6.0, -54.7, -51.5),
    "974": (-21.5, -20.8, 55.1, 55.9),
    "975": (46.7, 47.2, -56.5, -56.1),
    "976": (-13.1, -12.5, 44.9, 45.4),
    "977": (17.8, 18.0, -63.0, -62.7),
    "978": (18.0, 18.2, -63.2, -62.9),
    "984": (-67.0, -11.0, 39.0, 141.0),
    "986": (-14.5, -13.0, -178.3, -176.0),
    "987": (-28.0, -7.5, -155.0, -134.0),
    "988": (-23.0, -19.5, 163.0, 168.2),
    "989": (10.2, 10.4, -109.3, -109.1),
}


@pytest.fixture(scope="module")
def rows():
    with gzip.open(ROOT / "catalogue/data/communes.csv.gz", "rt", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def point(row):
    return Point(float(row["latitude"]), float(row["longitude"]))


def test_file_holds_every_commune_and_arrondissement_once(rows):
    parents = Counter(row["parent"] for row in rows)

    assert parents == {"": 34969, "75056": 20, "69123": 9, "13055": 16}
    assert len({row["code"] for row in rows}) == len(rows)


def test_codes_are_sorted_so_that_a_city_comes_before_its_arrondissements(rows):
    codes = [row["code"] for row in rows]

    assert codes == sorted(codes)


def test_arrondissement_has_a_postcode_of_its_city(rows):
    by_code = {row["code"]: row for row in rows}

    strangers = [
        row["code"]
        for row in rows
        if row["parent"]
        and not set(row["postcodes"].split()) <= set(by_code[row["parent"]]["postcodes"].split())
    ]

    assert strangers == []
    assert by_code["75116"]["postcodes"] == "75016 75116"


def test_only_uninhabited_lands_have_no_postcode(rows):
    without = {row["code"]: row["population"] for row in rows if not row["postcodes"]}

    assert without == dict.fromkeys(["98411", "98412", "98413", "98414", "98415"], "0")


def test_population_is_that_of_the_country(rows):
    assert sum(int(row["population"]) for row in rows if not row["parent"]) == 68_952_941


def test_every_position_is_on_french_soil(rows):
    def is_outside(row):
        box = OVERSEAS.get(row["department"], METROPOLITAN_FRANCE)
        south, north, west, east = box
        place = point(row)
        return not (south <= place.latitude <= north and west <= place.longitude <= east)

    assert [row["code"] for row in rows if is_outside(row)] == []
    assert OVERSEAS.keys() < {row["department"] for row in rows}


def test_every_commune_is_near_the_middle_of_its_departement(rows):
    departments = {}
    for row in rows:
        if row["department"] not in OVERSEAS:
            departments.setdefault(row["department"], []).append(row)

    far = []
    for communes in departments.values():
        points = [point(row) for row in communes]
        middle = Point(median(p.latitude for p in points), median(p.longitude for p in points))
        far += [r["name"] for r in communes if distance_km(point(r), middle) > 110]

    assert len(departments) == 96
    assert far == []


def test_big_towns_have_an_exact_position(rows):
    approximate = [row for row in rows if row["is_approximate"] == "1"]

    assert [row["name"] for row in approximate if int(row["population"]) > 5000] == []
    assert len(approximate) == 20133


def test_exact_positions_cover_nine_people_in_ten(rows):
    whole = [row for row in rows if not row["parent"]]
    exact = sum(int(row["population"]) for row in whole if row["is_approximate"] == "0")

    assert exact / sum(int(row["population"]) for row in whole) == pytest.approx(0.914, abs=0.001)


def test_exact_communes_of_one_postcode_are_neighbours(rows):
    by_postcode = {}
    for row in rows:
        if row["is_approximate"] == "0" and row["department"] not in OVERSEAS:
            for postcode in row["postcodes"].split():
                by_postcode.setdefault((row["department"], postcode), []).append(row)

    far = [
        (row["name"], postcode)
        for (_department, postcode), communes in by_postcode.items()
        for row in communes
        if len(communes) > 1
        and min(distance_km(point(row), point(other)) for other in communes if other != row) > 26
    ]

    assert far == []


def sample_rows():
    with SAMPLE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))


@pytest.mark.parametrize("expected", sample_rows(), ids=lambda row: row["nom"])
def test_known_commune_agrees_with_the_sample(rows, expected):
    row = next(row for row in rows if row["code"] == expected["code_insee"])

    assert row["name"] == expected["nom"]
    assert row["postcodes"].split() == sorted(expected["codes_postaux"].split())
    assert (row["department"], row["region"]) == (expected["departement"], expected["region"])
    assert row["population"] == expected["population"]
    assert distance_km(point(row), point(expected)) < 3
