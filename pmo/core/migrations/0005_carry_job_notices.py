from django.db import migrations

from pmo.core.jobs.kinds import kind_label
from pmo.core.jobs.models import Job
from pmo.core.messages.packing import pack

_EVENTS = {"done": "job.finished", "failed": "job.failed", "dead": "job.failed"}


def carry_job_notices(apps, schema_editor):
    """What users have been told of their jobs moves into the notification centre, read or not, in both languages."""
    notices = apps.get_model("core", "JobNotice").objects.select_related("job").order_by("id")
    notification = apps.get_model("core", "Notification")
    made = [
        notification(
            user_id=notice.user_id,
            event=_event(notice),
            key=f"notice {notice.pk}",
            params={"job": pack(kind_label(notice.job.kind)), "state": pack(Job.State(notice.job.state).label)},
            url=f"/jobs/{notice.job.uid}/",
            about_model="core.job",
            about_id=notice.job_id,
            created_at=notice.created_at,
            read_at=notice.seen_at,
        )
        for notice in notices.iterator()
    ]
    notification.objects.bulk_create(made, batch_size=500)


def _event(notice):
    """What the notice would be today: the owner is told of an end, whoever looks after jobs of a failure."""
    mine = notice.job.owner_id == notice.user_id
    return _EVENTS.get(notice.job.state, "job.finished") if mine else "job.given_up"


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0004_everyday_work'),
    ]

    operations = [
        migrations.RunPython(carry_job_notices, migrations.RunPython.noop),
    ]
