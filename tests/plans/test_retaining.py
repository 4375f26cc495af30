"""Plan versions and files go after the organisation's days and not before; what counts stays."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.urls import reverse
from django.utils import timezone

from pmo.core.audit.actor import SYSTEM
from pmo.core.audit.models import AuditEntry
from pmo.core.jobs.models import Job
from pmo.core.retention.api import set_days
from pmo.core.retention.services import periods, purge_all
from projects.models import Project
from projects.models.plan import PlanFile, PlanTask, PlanVersion
from projects.services.plans import retaining, shelf
from projects.services.plans.retaining import old_files, old_versions
from projects.services.plans.shelf import PROPOSE_JOB
from projects.services.plans.storing import commit_plan
from projects.services.plans.versions import discard_draft, start_draft
from tests import factories
from tests.conftest import UserClient
from tests.plans import build

pytestmark = pytest.mark.django_db
NOW = timezone.now()
LONG_AGO = NOW - datetime.timedelta(days=100)


@pytest.fixture
def project(db: None, settings: Any, tmp_path: Path) -> Project:
    settings.MEDIA_ROOT = tmp_path / "media"
    factories.organisation()
    return factories.project()


def stored_file(project: Project, content: bytes, **values: Any) -> PlanFile:
    kept = shelf.CONTENTS.keep(ContentFile(content, name="plan.xml"))
    row = PlanFile.objects.create(
        project=project, filename="plan.xml", stored=kept.name, size=kept.size, sha256=kept.sha256, **values
    )
    shelf.keep_plan(row, build.plan())
    return row


def age(model: Any, *rows: Any) -> None:
    model.all_objects.filter(pk__in=[row.pk for row in rows]).update(updated_at=LONG_AGO)


def purge() -> dict[str, int]:
    removed = purge_all(now=NOW)
    return {key: value for key, value in removed.items() if key.startswith("plan_")}


def test_by_default_everything_is_kept(project: Project) -> None:
    first = commit_plan(actor=SYSTEM, project=project, plan=build.plan())
    commit_plan(actor=SYSTEM, project=project, plan=build.plan())
    age(PlanVersion, first)
    days = {one.rule.key: one.days for one in periods() if one.rule.key.startswith("plan_")}
    assert days == {"plan_files": None, "plan_versions": None, "plan_proposals": 30}
    assert purge() == {"plan_proposals": 0}
    assert project.plans.count() == 2


def test_old_superseded_versions_and_discarded_drafts_go_with_their_rows(project: Project) -> None:
    old = commit_plan(actor=SYSTEM, project=project, plan=build.plan())
    recent = commit_plan(actor=SYSTEM, project=project, plan=build.plan())
    current = commit_plan(actor=SYSTEM, project=project, plan=build.plan())
    draft = start_draft(actor=SYSTEM, project=project)
    discard_draft(actor=SYSTEM, draft=draft)
    PlanVersion.all_objects.filter(pk=draft.pk).update(deleted_at=LONG_AGO)
    age(PlanVersion, old, current)
    set_days(actor=SYSTEM, key="plan_versions", days=90)
    edge = NOW - datetime.timedelta(days=90)
    assert sum(rows.count() for rows in old_versions(edge)) == 2
    assert purge()["plan_versions"] == 2
    assert set(PlanVersion.all_objects.values_list("pk", flat=True)) == {recent.pk, current.pk}
    assert not PlanTask.objects.exclude(plan__in=[recent, current]).exists()
    assert AuditEntry.objects.filter(action="plan.expire").count() == 2
    assert purge()["plan_versions"] == 0


def test_old_files_go_and_an_import_keeps_its_report(
    project: Project, pmo_admin: UserClient, django_capture_on_commit_callbacks: Any
) -> None:
    replaced = stored_file(project, b"1", state="committed", report={"counts": {}})
    counts = stored_file(project, b"2", state="committed")
    waiting, fresh = stored_file(project, b"3", state="read"), stored_file(project, b"4", state="read")
    same = stored_file(project, b"2", state="failed")
    commit_plan(actor=SYSTEM, project=project, plan=build.plan(), file=replaced)
    commit_plan(actor=SYSTEM, project=project, plan=build.plan(), file=counts)
    age(PlanFile, replaced, counts, waiting, same)
    set_days(actor=SYSTEM, key="plan_files", days=90)
    edge = NOW - datetime.timedelta(days=90)
    assert [rows.count() for rows in old_files(edge)] == [2, 1]
    with django_capture_on_commit_callbacks(execute=True):
        assert purge()["plan_files"] == 3
    assert set(PlanFile.all_objects.values_list("pk", flat=True)) == {replaced.pk, counts.pk, fresh.pk}
    gone, there = replaced.stored, [counts.stored, fresh.stored]
    replaced.refresh_from_db()
    assert replaced.stored == "" and not default_storage.exists(gone) and all(map(default_storage.exists, there))
    page = reverse("plan-files", kwargs={"pk": project.pk})
    download = reverse("plan-file-download", kwargs={"pk": project.pk, "file": replaced.pk})
    assert download not in pmo_admin.get(page).content.decode()
    assert pmo_admin.get(download).status_code == 404
    assert purge()["plan_files"] == 0


def after_the_first(monkeypatch: pytest.MonkeyPatch, change: Callable[[], Any]) -> None:
    """Somebody changes something when the first row has gone and the others are chosen already."""
    told = retaining.record
    entries: list[Any] = []

    def record(**values: Any) -> Any:
        entries.append(values)
        if len(entries) == 1:
            change()
        return told(**values)

    monkeypatch.setattr(retaining, "record", record)


def test_a_file_that_is_read_again_in_the_meantime_stays(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    first, again, dropped = (stored_file(project, name, state="failed") for name in (b"1", b"2", b"3"))
    age(PlanFile, first, again, dropped)
    edge = NOW - datetime.timedelta(days=90)
    after_the_first(monkeypatch, lambda: PlanFile.objects.filter(pk=again.pk).update(state="reading", updated_at=NOW))
    assert retaining.purge_files(edge) == 2
    assert list(PlanFile.all_objects.values_list("pk", "stored")) == [(again.pk, again.stored)]
    expired = AuditEntry.objects.filter(action="plan_file.expire").order_by("object_id")
    assert list(expired.values_list("object_id", flat=True)) == [first.pk, dropped.pk]


def test_a_file_whose_version_counts_again_in_the_meantime_is_kept(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, again = (stored_file(project, name, state="committed") for name in (b"1", b"2"))
    versions = [commit_plan(actor=SYSTEM, project=project, plan=build.plan(), file=file) for file in (first, again)]
    commit_plan(actor=SYSTEM, project=project, plan=build.plan())
    age(PlanFile, first, again)
    edge = NOW - datetime.timedelta(days=90)
    back = PlanVersion.objects.filter(pk=versions[1].pk)
    after_the_first(monkeypatch, lambda: back.update(state="draft"))
    assert retaining.purge_files(edge) == 1
    assert list(PlanFile.objects.order_by("pk").values_list("stored", flat=True)) == ["", again.stored]


def test_a_version_that_is_taken_back_in_the_meantime_stays(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    first, again, current = (commit_plan(actor=SYSTEM, project=project, plan=build.plan()) for _ in range(3))
    age(PlanVersion, first, again)
    edge = NOW - datetime.timedelta(days=90)
    back = PlanVersion.objects.filter(pk=again.pk)
    after_the_first(monkeypatch, lambda: back.update(updated_at=NOW))
    assert retaining.purge_versions(edge) == 1
    assert set(PlanVersion.all_objects.values_list("pk", flat=True)) == {again.pk, current.pk}


def test_contents_that_nothing_names_go_after_their_days(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    used = stored_file(project, b"used")
    orphan = shelf.CONTENTS.keep(ContentFile(b"orphan", name="plan.xml"))
    assert purge()["plan_proposals"] == 0
    monkeypatch.setattr(default_storage, "get_modified_time", lambda name: LONG_AGO, raising=False)
    waiting = Job.objects.create(kind=PROPOSE_JOB, params={"name": orphan.name})
    assert purge()["plan_proposals"] == 0
    Job.objects.filter(pk=waiting.pk).update(created_at=LONG_AGO)
    assert purge()["plan_proposals"] == 1
    assert default_storage.exists(used.stored) and not default_storage.exists(orphan.name)
