"""The synonyms that the portal starts with (catalogue/data/synonyms.csv); the administration keeps the list."""

import csv
from pathlib import Path

from django.db import migrations

FILE = Path(__file__).parent.parent / "data" / "synonyms.csv"


def load(apps, schema_editor):
    with FILE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    synonyms = apps.get_model("catalogue", "Synonym").objects.using(schema_editor.connection.alias)
    synonyms.bulk_create([synonyms.model(**row) for row in rows])


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0001_initial")]

    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
