import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0008_administration'),
    ]

    operations = [
        migrations.CreateModel(
            name='AuditCheck',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(db_index=True, verbose_name='Checked')),
                ('seconds', models.FloatField(default=0)),
                ('entries', models.BigIntegerField(verbose_name='Entries')),
                ('unsealed', models.BigIntegerField(verbose_name='Not sealed yet')),
                ('head', models.CharField(blank=True, max_length=64)),
                ('last_entry_id', models.BigIntegerField(default=0)),
                ('found', models.PositiveIntegerField(default=0)),
                ('findings', models.JSONField(default=list)),
            ],
            options={
                'verbose_name': 'Check of the audit trail',
                'verbose_name_plural': 'Checks of the audit trail',
                'ordering': ['-id'],
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='AuditErasure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('after', models.CharField(max_length=64)),
            ],
            options={
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='PersonErasure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('state', models.CharField(choices=[('asked', 'Waits for the second step'), ('confirmed', 'Being erased'), ('done', 'Erased'), ('dropped', 'Withdrawn')], default='asked', max_length=10, verbose_name='Status')),
                ('reason', models.CharField(max_length=500, verbose_name='Reason')),
                ('asked_at', models.DateTimeField(verbose_name='Asked for')),
                ('done_at', models.DateTimeField(null=True, verbose_name='Erased')),
                ('counts', models.JSONField(default=dict)),
            ],
            options={
                'verbose_name': 'Erasure of a person',
                'verbose_name_plural': 'Erasures of people',
                'ordering': ['-id'],
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='RetentionPeriod',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=60, unique=True, verbose_name='Rule')),
                ('days', models.PositiveIntegerField(blank=True, null=True, verbose_name='Days')),
                ('changed_at', models.DateTimeField(auto_now=True, verbose_name='Changed')),
            ],
            options={
                'verbose_name': 'Retention period',
                'verbose_name_plural': 'Retention periods',
                'ordering': ['key'],
                'default_permissions': (),
            },
        ),
        migrations.AddIndex(
            model_name='auditentry',
            index=models.Index(condition=models.Q(('request_id', ''), _negated=True), fields=['request_id'], name='audit_request'),
        ),
        migrations.AddField(
            model_name='auditerasure',
            name='act',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.auditentry'),
        ),
        migrations.AddField(
            model_name='auditerasure',
            name='entry',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='erasures', to='core.auditentry'),
        ),
        migrations.AddField(
            model_name='personerasure',
            name='asked_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='personerasure',
            name='person',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='erasures', to='core.person'),
        ),
        migrations.AddConstraint(
            model_name='auditerasure',
            constraint=models.UniqueConstraint(fields=('entry', 'act'), name='audit_erasure_once'),
        ),
        migrations.AddConstraint(
            model_name='personerasure',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', ['asked', 'confirmed'])), fields=('person',), name='person_erasure_open'),
        ),
    ]
