from django.db import migrations

from rights import parameters


class Migration(migrations.Migration):
    dependencies = [("rights", "0002_immutable_movements")]

    operations = [
        migrations.RunPython(
            lambda apps, schema_editor: parameters.load(apps.get_model("rights", "Parameter")),
            migrations.RunPython.noop,
        )
    ]
