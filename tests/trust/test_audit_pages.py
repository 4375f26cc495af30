"""Searching the trail, its check on a page, and whom a broken one is told to."""

from __future__ import annotations

import datetime

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from pmo.core.access.roles import Role
from pmo.core.audit.actor import SYSTEM, actor_of
from pmo.core.audit.models import AuditCheck, AuditEntry
from pmo.core.audit.services import Act, record, seal
from pmo.core.jobs.api import Job, run_job_now
from pmo.core.messages.models import Notification
from pmo.core.ops.audit_check import due
from pmo.core.registers.audit_search import by_changes
from tests.core import build

pytestmark = pytest.mark.django_db


@pytest.fixture
def trail():
    clerk = build.user(first_name="Mei", last_name="Lin")
    project = build.project(code="APOLLO-7")
    record(
        actor=actor_of(clerk, "request-0001"),
        act=Act("update", "projects.project", project.pk, "Bridge", project.pk, {"summary": ["dull", "北岸大桥"]}),
    )
    record(actor=SYSTEM, act=Act("create", "core.orgunit", 5, "Tunnel office"))
    return clerk


def labels(client, query: str) -> set[str]:
    answer = client.get(reverse("register-list", kwargs={"key": "audit"}) + query, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    text = answer.content.decode()
    return {label for label in ("Bridge", "Tunnel office") if label in text}


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", {"Bridge", "Tunnel office"}),
        ("?person=mei", {"Bridge"}),
        ("?act=create", {"Tunnel office"}),
        ("?register=core.orgunit", {"Tunnel office"}),
        ("?request=request-0001", {"Bridge"}),
        ("?changed=北岸大桥", {"Bridge"}),
        ("?changed=DULL", {"Bridge"}),
        ("?changed=absent", set()),
        ("?project_code=APOLLO-7", {"Bridge"}),
        ("?at__gte=2100-01-01", set()),
    ],
)
def test_the_trail_is_searched(trail, auditor, query, found):
    assert labels(auditor, query) == found


def test_an_entry_shows_old_and_new(trail, auditor):
    entry = AuditEntry.objects.get(object_label="Bridge")
    url = reverse("register-tab", kwargs={"key": "audit", "pk": entry.pk, "tab": "changes"})
    text = auditor.get(url, headers={"HX-Request": "true"}).content.decode()
    assert "dull" in text and "北岸大桥" in text


def test_a_search_in_changes_does_not_betray_fields_the_reader_may_not_see(trail, outsider):
    rows = AuditEntry.objects.all()
    assert not by_changes(rows, ["1,234,567"], outsider.user).filter(model="projects.budgetline").exists()
    record(actor=SYSTEM, act=Act("update", "projects.budgetline", 1, "Line", None, {"amount": [None, "7654321.00"]}))
    assert by_changes(rows, ["7654321"], outsider.user).count() == 0


def run_check(client) -> Job:
    answer = client.post(reverse("audit-check-run"))
    job = Job.objects.get(uid=answer.url.split("/")[-2])
    run_job_now(job.pk)
    job.refresh_from_db()
    return job


def test_the_page_shows_the_head_and_what_is_wrong(trail, auditor, client_for):
    admin, analyst = client_for(Role.PMO_ADMIN), client_for(Role.PMO_ANALYST)
    page = reverse("audit-check")
    assert "No check" not in auditor.get(page).content.decode()
    seal(settle_seconds=-1)
    job = run_check(auditor)
    assert (job.state, job.result["found"]) == ("done", 0)
    check = AuditCheck.objects.get()
    assert check.head in auditor.get(page).content.decode()
    assert not Notification.objects.filter(event="audit.broken").exists()

    changed = AuditEntry.objects.earliest("pk")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE core_auditentry SET reason = 'forged' WHERE id = %s", [changed.pk])
    assert run_check(auditor).result["found"] == 1
    text = auditor.get(page).content.decode()
    assert reverse("register-detail", kwargs={"key": "audit", "pk": changed.pk}) in text
    told = set(Notification.objects.filter(event="audit.broken").values_list("user_id", flat=True))
    assert {admin.user.pk, auditor.user.pk} <= told
    assert analyst.user.pk not in told


def test_the_check_is_due_once_a_week():
    monday = datetime.datetime(2026, 11, 23, 1, tzinfo=datetime.UTC)
    keys = {due(monday + datetime.timedelta(hours=hour)) for hour in range(24 * 7)}
    assert len(keys) == 2
    assert due(monday) == due(monday + datetime.timedelta(days=5)) == "2026-11-22"
    assert due(timezone.now()) is not None


def test_my_data_is_open_to_everybody_and_the_file_to_its_owner(outsider, pmo_admin):
    assert outsider.get(reverse("privacy-mine")).status_code == 200
    answer = outsider.post(reverse("privacy-mine-export"))
    job = Job.objects.get(kind="core.privacy_export")
    assert str(job.uid) in answer.url
    run_job_now(job.pk)
    url = reverse("privacy-file", kwargs={"uid": job.uid})
    assert pmo_admin.get(url).status_code == 404
    file = outsider.get(url)
    assert file.status_code == 200
    assert b"".join(file.streaming_content).startswith(b"PK")
    assert AuditEntry.objects.filter(action="privacy.export", actor=outsider.user).exists()


def test_the_page_of_a_person_leads_through_both_steps(pmo_admin):
    person = build.user().person
    page = reverse("privacy-person", kwargs={"pk": person.pk})
    assert pmo_admin.get(page).status_code == 200
    assert pmo_admin.post(reverse("privacy-ask", kwargs={"pk": person.pk}), {"reason": ""}).status_code == 400
    pmo_admin.post(reverse("privacy-ask", kwargs={"pk": person.pk}), {"reason": "By letter"})
    assert "By letter" in pmo_admin.get(page).content.decode()
    confirm = reverse("privacy-confirm", kwargs={"pk": person.pk})
    assert pmo_admin.post(confirm, {"typed": "wrong"}).status_code == 400
    assert pmo_admin.post(confirm, {"typed": person.code}).status_code == 302
    run_job_now(Job.objects.get(kind="core.privacy_erase").pk)
    person.refresh_from_db()
    assert person.name_en.startswith("Former person ")


def test_the_pages_take_few_statements(pmo_admin, django_assert_max_num_queries):
    person = build.user().person
    for url in (reverse("privacy-mine"), reverse("privacy-person", kwargs={"pk": person.pk}), reverse("audit-check")):
        pmo_admin.get(url)
        with django_assert_max_num_queries(20):
            pmo_admin.get(url)
