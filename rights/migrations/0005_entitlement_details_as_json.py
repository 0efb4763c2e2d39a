from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("rights", "0004_register_imports"),
    ]

    operations = [
        # A run that is not over asks the rule again for them.
        migrations.RunSQL("DELETE FROM rights_entitlement", migrations.RunSQL.noop),
        migrations.AlterField(
            model_name="entitlement",
            name="details",
            field=models.JSONField(),
        ),
        migrations.RemoveConstraint(model_name="entitlement", name="entitlement_once"),
        migrations.AddConstraint(
            model_name="entitlement",
            constraint=models.UniqueConstraint(
                fields=(
                    "salarie_work",
                    "independant_work",
                    "agent_work",
                    "agent_c_work",
                    "flags",
                    "run",
                ),
                name="entitlement_once",
            ),
        ),
    ]
