"""The ready answers that the support starts with; the administration keeps them."""

from django.db import migrations

from accounts import reply_texts


def load(apps, schema_editor):
    reply_texts.load(apps.get_model("accounts", "ReplyTemplate"))


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_guard_audit_trail")]

    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
