from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0005_carry_job_notices'),
    ]

    operations = [
        migrations.DeleteModel(
            name='JobNotice',
        ),
    ]
