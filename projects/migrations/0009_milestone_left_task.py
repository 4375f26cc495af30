from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("projects", "0008_taken_rows"),
    ]

    operations = [
        migrations.AddField(
            model_name="milestone",
            name="left_task_key",
            field=models.UUIDField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name="milestoneversion",
            name="left_task_key",
            field=models.UUIDField(blank=True, editable=False, null=True),
        ),
    ]
