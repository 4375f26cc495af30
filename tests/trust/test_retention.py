"""What is removed after a time: nothing before its days, nothing the organisation keeps, and never a past figure."""

from __future__ import annotations

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from pmo.core.activity.models import Attachment, Comment
from pmo.core.audit.actor import SYSTEM
from pmo.core.audit.models import AuditEntry, AuditPayload
from pmo.core.audit.services import Act, record_many, seal
from pmo.core.audit.verifying import verify
from pmo.core.history.models import version_of
from pmo.core.imports.models import ImportBatch
from pmo.core.jobs.api import enqueue, run_job_now
from pmo.core.jobs.models import Job
from pmo.core.messages.models import Notification
from pmo.core.ops import purges
from pmo.core.retention.api import declare_retention, kept_days, periods, retention_rules, set_days
from projects.models import Project
from tests.core import build

pytestmark = pytest.mark.django_db


def days_ago(days: int) -> datetime.datetime:
    return timezone.now() - datetime.timedelta(days=days)


def purge() -> dict[str, int]:
    job = enqueue(kind="core.retention", params={}, actor=SYSTEM)
    run_job_now(job.pk)
    job.refresh_from_db()
    assert job.state == Job.State.DONE
    return job.result["removed"]


def test_jobs_and_notifications_go_after_their_days_and_not_before():
    user = build.user()
    old = [
        Job.objects.create(kind="x", state=Job.State.DONE, finished_at=days_ago(91)),
        Notification.objects.create(user=user, event="mention", key="old", created_at=days_ago(181)),
    ]
    kept = [
        Job.objects.create(kind="x", state=Job.State.DONE, finished_at=days_ago(89)),
        Job.objects.create(kind="x", state=Job.State.RUNNING, started_at=days_ago(200)),
        Notification.objects.create(user=user, event="mention", key="new", created_at=days_ago(179)),
    ]
    removed = purge()
    assert (removed["jobs"], removed["notifications"]) == (1, 1)
    assert not any(type(row).objects.filter(pk=row.pk).exists() for row in old)
    assert all(type(row).objects.filter(pk=row.pk).exists() for row in kept)
    assert sum(purge().values()) == 0


def test_the_organisation_decides_above_the_minimum_and_it_is_audited(pmo_admin):
    from pmo.core.audit.actor import actor_of

    admin = actor_of(pmo_admin.user)
    with pytest.raises(ValidationError):
        set_days(actor=admin, key="jobs", days=6)
    with pytest.raises(ValidationError):
        set_days(actor=admin, key="sessions", days=None)
    with pytest.raises(KeyError):
        set_days(actor=admin, key="nothing", days=9)
    set_days(actor=admin, key="jobs", days=7, reason="Less is more")
    assert kept_days("jobs") == 7
    entry = AuditEntry.objects.get(model="core.retentionperiod")
    assert (entry.payload.changes, entry.reason) == ({"days": [90, 7]}, "Less is more")
    set_days(actor=admin, key="jobs", days=None)
    old = Job.objects.create(kind="x", state=Job.State.DONE, finished_at=days_ago(900))
    assert "jobs" not in purge()
    assert Job.objects.filter(pk=old.pk).exists()
    assert {one.rule.key: one.days for one in periods() if one.decided} == {"jobs": None}


def test_files_of_imports_go_and_a_finished_import_keeps_its_protocol():
    for name in ("done", "open", "young"):
        default_storage.save(f"imports/tt/{name}", ContentFile(name.encode()))
    rows = {
        name: ImportBatch.objects.create(
            target="projects", filename=name, stored=f"imports/tt/{name}", content_hash=name, size=4, state=state
        )
        for name, state in (("done", "committed"), ("open", "previewed"), ("young", "committed"))
    }
    ImportBatch.objects.filter(pk__in=[rows["done"].pk, rows["open"].pk]).update(updated_at=days_ago(91))
    assert purge()["import_files"] == 2
    assert set(ImportBatch.objects.values_list("filename", flat=True)) == {"done", "young"}
    assert [default_storage.exists(f"imports/tt/{name}") for name in ("done", "open", "young")] == [False, False, True]
    default_storage.delete("imports/tt/young")


def test_the_trash_is_emptied_of_what_no_past_date_needs():
    project = build.project()
    Project.all_objects.filter(pk=project.pk).update(deleted_at=days_ago(31))
    about = {"model": "projects.project", "object_id": project.pk, "author_name": "Somebody"}
    old = Comment.objects.create(text="old", deleted_at=days_ago(31), **about)
    young = Comment.objects.create(text="young", deleted_at=days_ago(29), **about)
    assert purge()["trash"] == 1
    assert not Comment.all_objects.filter(pk=old.pk).exists()
    assert Comment.all_objects.filter(pk=young.pk).exists()
    assert Project.all_objects.filter(pk=project.pk).exists()
    assert all(version_of(model) is None for model in purges.trash_models())


def test_a_file_goes_with_the_last_attachment_that_uses_it(django_capture_on_commit_callbacks):
    stored = default_storage.save("attachments/trust.txt", ContentFile(b"A note"))
    made = {
        "model": "projects.project",
        "object_id": 1,
        "author_name": "S",
        "name": "a.txt",
        "stored": stored,
        "content_type": "text/plain",
        "size": 6,
        "sha256": "0" * 64,
    }
    kept = Attachment.objects.create(**made)
    Attachment.objects.create(deleted_at=days_ago(31), **made)
    with django_capture_on_commit_callbacks(execute=True):
        purge()
    assert default_storage.exists(stored)
    Attachment.all_objects.filter(pk=kept.pk).update(deleted_at=days_ago(31))
    with django_capture_on_commit_callbacks(execute=True):
        purge()
    assert not default_storage.exists(stored)


def test_details_of_the_trail_stay_by_default_and_leave_the_chain_intact_when_they_go():
    record_many(actor=SYSTEM, acts=[Act("update", "projects.project", n, changes={"n": [0, n]}) for n in range(4)])
    AuditEntry.objects.update(at=days_ago(400))
    for entry in AuditEntry.objects.select_related("payload"):
        from pmo.core.audit.digests import entry_digest
        from pmo.core.audit.services import content_of

        AuditEntry.objects.filter(pk=entry.pk).update(digest=entry_digest(content_of(entry), entry.payload.changes))
    seal(settle_seconds=-1)
    assert "audit_details" not in purge()
    set_days(actor=SYSTEM, key="audit_details", days=365)
    assert purge()["audit_details"] == 4
    assert set(AuditPayload.objects.values_list("entry__action", flat=True)) == {"audit.trim", "update"}
    assert not AuditPayload.objects.filter(entry__model="projects.project").exists()
    assert verify(now=timezone.now()).intact
    assert purge()["audit_details"] == 0


def test_a_wrong_rule_is_refused():
    with pytest.raises(ValueError, match="default"):
        declare_retention("test.rule", "Rule", 5, 10, lambda edge: 0)
    with pytest.raises(ValueError, match="no default"):
        declare_retention("test.rule", "Rule", None, 10, lambda edge: 0, for_ever=False)
    with pytest.raises(ValueError, match="twice"):
        declare_retention("jobs", "Jobs", 90, 7, lambda edge: 0)
    assert "test.rule" not in {rule.key for rule in retention_rules()}
