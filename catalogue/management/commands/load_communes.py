import csv
import gzip
import zlib
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

from django.apps import apps
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from catalogue.models import Commune
from cpf_portal.ui.text import fold

BATCH_SIZE = 2000
UPDATED_FIELDS = [field.name for field in Commune._meta.concrete_fields if not field.primary_key]


class Command(BaseCommand):
    help = "Charge les communes (catalogue/data/communes.csv.gz) ; peut être relancée sans risque."

    def add_arguments(self, parser):
        parser.add_argument("file", nargs="?", type=Path, help="un autre fichier de même forme")

    def handle(self, *args, file, verbosity, **options):
        path = file or Path(apps.get_app_config("catalogue").path) / "data" / "communes.csv.gz"
        started_at = timezone.now()
        try:
            with transaction.atomic():
                loaded = load(read(path))
                removed, kept = remove_older(started_at)
        except (OSError, EOFError, zlib.error, KeyError, ValueError) as error:
            raise CommandError(f"{path.name} ne se lit pas, rien n’a changé : {error!r}") from error
        if verbosity:
            self.stdout.write(summary(loaded, removed))
            if kept:
                codes = ", ".join(kept)
                self.stdout.write(
                    f"Disparues, mais gardées car des offres s’y trouvent\u00a0: {codes}"
                )


def read(path: Path) -> Iterator[Commune]:
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        rows = csv.reader(file)
        columns = next(rows, [])
        for row in rows:
            yield to_commune(dict(zip(columns, row, strict=True)))


def to_commune(row: dict[str, str]) -> Commune:
    return Commune(
        code=row["code"],
        name=row["name"],
        name_folded=fold(row["name"]),
        postcodes=f" {row['postcodes']} " if row["postcodes"] else "",
        department=row["department"],
        region=row["region"],
        population=int(row["population"]),
        latitude=float(row["latitude"]),
        longitude=float(row["longitude"]),
        is_approximate=row["is_approximate"] == "1",
        parent_id=row["parent"] or None,
    )


def load(communes: Iterable[Commune]) -> dict[str, int]:
    counts = {"communes": 0, "districts": 0, "approximate": 0}
    communes = iter(communes)
    while batch := list(islice(communes, BATCH_SIZE)):
        Commune.objects.bulk_create(
            batch, update_conflicts=True, unique_fields=["code"], update_fields=UPDATED_FIELDS
        )
        districts = sum(commune.parent_id is not None for commune in batch)
        counts["communes"] += len(batch) - districts
        counts["districts"] += districts
        counts["approximate"] += sum(commune.is_approximate for commune in batch)
    if not counts["communes"]:
        # Else the removal of what the file no longer holds would empty the table.
        raise ValueError("aucune commune")
    return counts


def remove_older(started_at) -> tuple[int, list[str]]:
    """Remove the communes that the file no longer holds, except those where an offer takes place."""
    older = Commune.objects.filter(updated_at__lt=started_at)
    kept = list(older.filter(offers__isnull=False).distinct().values_list("code", flat=True))
    _total, by_model = older.exclude(code__in=kept).delete()
    return by_model.get(Commune._meta.label, 0), kept


def summary(loaded: dict[str, int], removed: int) -> str:
    return (
        f"Communes\u00a0: {loaded['communes']}, arrondissements municipaux\u00a0:"
        f" {loaded['districts']}, positions approximatives\u00a0: {loaded['approximate']},"
        f" retirées\u00a0: {removed}."
    )
