"""What was published stays the same byte for byte, whatever happens to the project, in both languages."""

from __future__ import annotations

import datetime
import json
import re
from typing import Any

import pytest
from django.utils import translation

from pmo.core.audit.actor import SYSTEM
from pmo.core.audit.models import AuditEntry
from pmo.core.people.models import Person
from pmo.core.records.services import create_record, delete_record, update_record
from portfolio.models import HealthSnapshot
from projects.calc.canonical import canonical_json, check_sum
from projects.models import Action, Decision, Issue, Milestone, Project, ReportRating, ReportSnapshot, StatusReport
from projects.models.report import FrozenError
from projects.queries.report_document import changes, document_of, shown_to
from tests.health import build
from tests.reports.test_form import page_url, submitted

pytestmark = pytest.mark.django_db


def published(world: Any) -> StatusReport:
    report = submitted(world)
    world.analyst.post(page_url(report, "publish"), {"reviewed": "red", "comment": "As computed."})
    report.refresh_from_db()
    return report


def body(client: Any, report: StatusReport, language: str) -> bytes:
    client.cookies["bw_language"] = language
    html: bytes = client.get(page_url(report)).content
    found = re.search(rb'<article class="report-doc.*</article>', html, re.DOTALL)
    assert found, html
    return found.group()


def change_everything(world: Any) -> None:
    """Another name, other people, dates, milestones, rows, money, health, and other words for the colours of the past."""
    project = Project.objects.get(pk=world.project.pk)
    other = build.add  # rows of the registers, through the services
    update_record(
        actor=SYSTEM, row=project,
        values={
            "name_zh": "改名", "name_en": "Renamed", "code": "ZZ-9", "pm": Person.objects.create(code="N1", name_zh="新人"),
            "forecast_finish": datetime.date(2029, 1, 1), "planned_finish": datetime.date(2028, 1, 1), "currency": "USD",
        },
    )  # fmt: skip
    for model in (Milestone, Issue, Decision, Action):
        for row in model.objects.filter(project=project):
            delete_record(actor=SYSTEM, row=row)
    other("issue", project, title="Something else", day=build.TODAY)
    update_record(actor=SYSTEM, row=world.risk, values={"title": "Another risk", "status": "closed"})
    build.milestone(project, "Another milestone", "2026-12-01", day=build.TODAY)
    build.cost(project, 5_000_000, "2026-11-01", day=build.TODAY)
    HealthSnapshot.objects.filter(project=project).update(band="green", overall=99, cost=99, schedule=99, eac=1)
    Person.objects.update(name_zh="某某", name_en="Somebody")
    ReportRating.all_objects.update(comment="changed", declared="green", reviewed="green")
    StatusReport.all_objects.update(
        summary="changed", comment="changed", declared="green", reviewed="green", forecast_cost=1,
        review_comment="changed", published_on="2030-01-01",
    )  # fmt: skip


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_page_of_a_published_report_never_changes(world, language, monkeypatch):
    report = published(world)
    before = {name: body(getattr(world, name), report, language) for name in ("executive", "auditor", "analyst")}
    assert ("港口起重机" if language == "zh-hans" else "Harbour crane").encode() in before["auditor"]
    stored = ReportSnapshot.objects.get(report=report).content
    change_everything(world)
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *args: datetime.date(2031, 5, 1))
    world.executive.get("/")
    after = {name: body(getattr(world, name), report, language) for name in before}
    assert after == before
    assert ReportSnapshot.objects.get(report=report).content == stored


def test_without_the_snapshot_the_page_would_change(world):
    report = published(world)
    before = body(world.auditor, report, "en")
    ReportSnapshot._base_manager.all()._raw_delete("default")
    change_everything(world)
    assert body(world.auditor, report, "en") != before


def test_the_content_is_canonical_and_summed(world):
    report = published(world)
    snapshot = ReportSnapshot.objects.get(report=report)
    assert canonical_json(json.loads(snapshot.content)) == snapshot.content
    assert check_sum(snapshot.content) == snapshot.sha256 and len(snapshot.sha256) == 64
    entry = AuditEntry.objects.get(action="freeze", object_id=report.pk)
    assert entry.payload.changes["sha256"][1] == snapshot.sha256
    found = json.loads(snapshot.content)
    assert found["project"]["name"] == {"zh": "港口起重机", "en": "Harbour crane"}
    assert found["labels"]["summary"]["zh"] != found["labels"]["summary"]["en"]


def test_a_snapshot_cannot_be_changed(world):
    snapshot = ReportSnapshot.objects.get(report=published(world))
    snapshot.content = "{}"
    with pytest.raises(FrozenError):
        snapshot.save()
    with pytest.raises(FrozenError):
        ReportSnapshot.objects.all().update(content="{}")
    with pytest.raises(FrozenError):
        ReportSnapshot.objects.all().delete()


def test_amounts_are_hidden_from_who_may_not_see_money(world, client_for):
    report = published(world)
    full = json.dumps(shown_to(document_of(report), "en", money=True))
    plain = json.dumps(shown_to(document_of(report), "en", money=False))
    hidden = {text for text in re.findall(r"CNY [\d.,]+ ?\w?", full) if text not in plain}
    assert hidden and "CNY" in full
    own = json.loads(ReportSnapshot.objects.get(report=report).content)["facts"]["cost"]
    page = client_for().get(page_url(report))
    assert page.status_code == 404 or own not in page.content.decode()


def test_what_changed_since_the_last_report_is_told(world):
    first = published(world)
    project = Project.objects.get(pk=world.project.pk)
    build.add("issue", project, title="Crane rope broke", day=build.TODAY)
    stone = Milestone.objects.get(project=project, name="Handover")
    update_record(actor=SYSTEM, row=stone, values={"forecast_date": datetime.date(2027, 4, 9)})
    row = StatusReport(
        project=project, period_start=first.period_end + datetime.timedelta(days=1),
        period_end=first.period_end + datetime.timedelta(days=7), declared="green", comment="Better",
        forecast_finish=datetime.date(2027, 4, 9),
    )  # fmt: skip
    second = create_record(actor=SYSTEM, row=row)
    world.manager.cookies["bw_language"] = "en"
    doc = world.manager.get(page_url(second)).context["doc"]
    told = {group["label"]: group["lines"] for group in doc["changes"]["groups"]}
    assert "Overall, declared: Off track → On track" in told["Colours"]
    assert any("Crane rope broke" in line for line in told["New"])
    assert any(line.startswith("Handover:") for line in told["Milestones"])
    assert any("Forecast finish" in line for line in told["Forecast"])
    assert doc["overall"]["trend"]["direction"] == 1


def test_every_kind_of_change_has_words():
    from projects.calc import report_changes as calc

    kinds = {value for name, value in vars(calc).items() if name.isupper() and isinstance(value, str)}
    assert set(changes.kinds()) == kinds


def test_a_past_report_without_a_snapshot_shows_its_own_day(world):
    shown = document_of(world.last)
    build.add("issue", world.project, title="Only known today", day=build.TODAY)
    assert canonical_json(document_of(world.last) | {"report": shown["report"]}) == canonical_json(shown)
    with translation.override("en"):
        assert "Only known today" not in json.dumps(document_of(world.last))
