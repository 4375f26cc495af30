import uuid

import django.db.models.manager
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0007_sign_in'),
    ]

    operations = [
        migrations.CreateModel(
            name='FeatureState',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('off', models.CharField(blank=True, max_length=1000)),
            ],
            options={
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='FeatureSwitch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('version', models.PositiveIntegerField(default=1, editable=False, verbose_name='Version')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='Created')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='Updated')),
                ('deleted_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('key', models.CharField(max_length=40, verbose_name='Feature')),
                ('on', models.BooleanField(default=True, verbose_name='On')),
            ],
            options={
                'verbose_name': 'Feature switch',
                'verbose_name_plural': 'Feature switches',
                'ordering': ['key'],
                'abstract': False,
                'default_permissions': (),
                'base_manager_name': 'all_objects',
                'constraints': [models.UniqueConstraint(condition=models.Q(('deleted_at__isnull', True)), fields=('key',), name='feature_switch_key')],
            },
            managers=[
                ('objects', django.db.models.manager.Manager()),
                ('all_objects', django.db.models.manager.Manager()),
            ],
        ),
    ]
