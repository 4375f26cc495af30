from django.db import migrations
from django.db.models import F


def first_submission(apps, schema_editor):
    """Reports that were handed in before this was kept were handed in once."""
    for name in ("StatusReport", "StatusReportVersion"):
        rows = apps.get_model("projects", name)._default_manager.filter(first_submitted_on=None)
        rows.update(first_submitted_on=F("submitted_on"))


class Migration(migrations.Migration):

    dependencies = [
        ('projects', '0003_report_cycle'),
    ]

    operations = [
        migrations.RunPython(first_submission, migrations.RunPython.noop),
    ]
