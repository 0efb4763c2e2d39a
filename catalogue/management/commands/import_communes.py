"""manage.py import_communes FICHIER: the official list of communes, with the centre of each."""

import json
from dataclasses import dataclass, field
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from catalogue.models import Commune
from cpf_portal.ui.text import fold

BATCH_SIZE = 2000
MAX_BYTES = 200 * 1024 * 1024
SHOWN = 20
UPDATED = [
    "name", "name_folded", "postcodes", "population", "latitude", "longitude", "is_approximate",
    "updated_at",
]  # fmt: skip


class BadFile(Exception):
    """The file as a whole cannot be used; the message is a French sentence."""


@dataclass
class Outcome:
    located: int = 0
    created: int = 0
    ignored: list[str] = field(default_factory=list)


class Command(BaseCommand):
    help = (
        "Importe la liste officielle des communes avec leur centre (le JSON de l’API Découpage"
        " administratif : code, nom, codesPostaux, population, centre) et remplace les positions"
        " approximatives. Peut être relancée sans risque ; une commune absente du fichier est gardée."
    )

    def add_arguments(self, parser):
        parser.add_argument("file", metavar="FICHIER.json", type=Path)

    def handle(self, *, file: Path, verbosity: int, **options):
        try:
            outcome = import_communes(read(file))
        except OSError as error:
            raise CommandError(f"Le fichier ne s’ouvre pas\u00a0: {error.strerror}.") from None
        except BadFile as error:
            raise CommandError(f"Rien n’a changé\u00a0: {error}.") from None
        if verbosity:
            still = Commune.objects.filter(is_approximate=True).count()
            self.stdout.write(
                f"Communes placées\u00a0: {outcome.located}, dont nouvelles\u00a0: {outcome.created}."
                f" Positions encore approximatives\u00a0: {still}."
            )
            for reason in outcome.ignored[:SHOWN]:
                self.stdout.write(f"  laissée de côté\u00a0: {reason}")


def read(path: Path) -> list[dict]:
    """Return the records of the file. Raises BadFile for anything but a JSON list of objects."""
    if path.stat().st_size > MAX_BYTES:
        raise BadFile("le fichier dépasse 200 Mo")
    try:
        records = json.loads(path.read_bytes())
    except (ValueError, RecursionError):
        raise BadFile("ce n’est pas un fichier JSON complet") from None
    if not isinstance(records, list) or not all(isinstance(record, dict) for record in records):
        raise BadFile("une liste de communes est attendue")
    return records


@transaction.atomic
def import_communes(records: list[dict]) -> Outcome:
    """Write the communes of these records; those without a centre keep the position they had.

    Raises BadFile when no record can be used.
    """
    outcome = Outcome()
    known = {commune.code: commune for commune in Commune.objects.all()}
    written: dict[str, Commune] = {}
    for record in records:
        try:
            commune = to_commune(record, known)
        except (KeyError, TypeError, ValueError):
            outcome.ignored.append(_name_of(record))
            continue
        outcome.created += commune.code not in known
        outcome.located += not commune.is_approximate
        written[commune.code] = commune
    if not written:
        raise BadFile("aucune commune n’y est lisible")
    Commune.objects.bulk_create(
        written.values(),
        batch_size=BATCH_SIZE,
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=UPDATED,
    )
    return outcome


def to_commune(record: dict, known: dict[str, Commune]) -> Commune:
    """Return the commune of a record, saved or not. Raises KeyError, TypeError or ValueError."""
    code, name = str(record["code"]), str(record["nom"]).strip()
    if len(code) != 5 or not code.isalnum() or not name or len(name) > 100:
        raise ValueError(code)
    commune = known.get(code) or _new(code, record)
    commune.name, commune.name_folded = name, fold(name)
    postcodes = " ".join(str(postcode) for postcode in record.get("codesPostaux") or ())
    if postcodes:
        commune.postcodes = f" {postcodes} "[:200]
    commune.population = int(record.get("population") or commune.population)
    if centre := record.get("centre"):
        commune.longitude, commune.latitude = _position(centre["coordinates"])
        commune.is_approximate = False
    commune.updated_at = timezone.now()
    return commune


def _new(code: str, record: dict) -> Commune:
    """A commune that the list shipped does not have; without a centre it would be nowhere."""
    longitude, latitude = _position(record["centre"]["coordinates"])
    department = str(record.get("codeDepartement") or (code[:3] if code > "97" else code[:2]))
    region = str(record["codeRegion"])
    if len(department) > 3 or len(region) > 3:
        raise ValueError(code)
    return Commune(
        code=code, department=department, region=region, latitude=latitude, longitude=longitude
    )


def _position(coordinates: list) -> tuple[float, float]:
    """Return (longitude, latitude), the order of GeoJSON."""
    longitude, latitude = (float(value) for value in coordinates)
    if not (-180 <= longitude <= 180 and -90 <= latitude <= 90):
        raise ValueError(coordinates)
    return longitude, latitude


def _name_of(record: dict) -> str:
    return f"{str(record.get('code', '?'))[:10]} {str(record.get('nom', '?'))[:60]}"
