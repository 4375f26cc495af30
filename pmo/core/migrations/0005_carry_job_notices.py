from django.db import migrations


def carry_job_notices(apps, schema_editor):
    """What users have been told of their jobs moves into the notification centre, read or not."""
    notices = apps.get_model("core", "JobNotice").objects.select_related("job").order_by("id")
    notification = apps.get_model("core", "Notification")
    made = [
        notification(
            user_id=notice.user_id,
            event="job.finished",
            key=f"notice {notice.pk}",
            params={"job": notice.job.kind, "state": notice.job.state},
            url=f"/jobs/{notice.job.uid}/",
            about_model="core.job",
            about_id=notice.job_id,
            created_at=notice.created_at,
            read_at=notice.seen_at,
        )
        for notice in notices.iterator()
    ]
    notification.objects.bulk_create(made, batch_size=500)


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0004_everyday_work'),
    ]

    operations = [
        migrations.RunPython(carry_job_notices, migrations.RunPython.noop),
    ]
