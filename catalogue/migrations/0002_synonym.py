"""The list of synonyms, with the ones that the portal starts with (catalogue/data/synonyms.csv)."""

import csv
from pathlib import Path

from django.db import migrations, models

FILE = Path(__file__).parent.parent / "data" / "synonyms.csv"


def load(apps, schema_editor):
    with FILE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    synonyms = apps.get_model("catalogue", "Synonym").objects.using(schema_editor.connection.alias)
    synonyms.bulk_create([synonyms.model(**row) for row in rows])


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="Synonym",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "term",
                    models.CharField(
                        help_text="Un sigle, un mot ou quelques mots\u00a0: SST, assmat, poids lourd…",
                        max_length=60,
                        unique=True,
                        verbose_name="ce que l’on tape",
                    ),
                ),
                (
                    "meaning",
                    models.CharField(
                        help_text="Plusieurs sens sont séparés par des virgules.",
                        max_length=200,
                        verbose_name="ce que cela veut dire",
                    ),
                ),
            ],
            options={"verbose_name": "synonyme"},
        ),
        migrations.RunPython(load, migrations.RunPython.noop),
    ]
