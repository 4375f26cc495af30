import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("projects", "0010_plan_task_indexes"),
        ("risks", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="risk",
            name="backup_supplier",
            field=models.ForeignKey(
                blank=True,
                help_text="Who can stand in: a supplier that the response counts on.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="risks",
                to="projects.supplier",
                verbose_name="Backup supplier",
            ),
        ),
        migrations.AddField(
            model_name="riskversion",
            name="backup_supplier_id",
            field=models.BigIntegerField(null=True),
        ),
    ]
