"""The report tells what the registers get, page and command line alike; lines of timesheets leave as a safe table."""

from __future__ import annotations

import json
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.urls import reverse

from pmo.core.access.roles import Role
from pmo.core.audit.models import AuditEntry
from pmo.core.people.models import User
from projects.models import Issue, Project
from projects.models.plan import PlanFile
from tests import factories
from tests.conftest import client_of
from tests.plan_registers.build import PROJECT, export, zipped

Load = Callable[..., PlanFile]
Commit = Callable[..., PlanFile]


def address(file: PlanFile, name: str = "plan-file") -> str:
    return reverse(name, kwargs={"pk": file.project_id, "file": file.pk})


def page(user: User, url: str) -> str:
    response = client_of(user).get(url)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def test_the_page_tells_before_and_after_the_import(load: Load, commit: Commit, manager: User) -> None:
    sets = export()
    sets["Issues"][0]["Title"] = ""
    file = load(sets)
    html = page(manager, address(file))
    for text in (
        "Risks and issues of the file",
        "What becomes of them",
        "New 2",
        "Refused 1",
        "This field cannot be blank.",
        "3 lines, 38.5 hours; of these 30.5 hours on 1 of 2 tasks.",
        "The plan itself says 30 hours of actual work. Difference: 0.5 hours.",
        "1 line belongs to no task of the plan.",
        address(file, "plan-file-timesheets"),
    ):
        assert text in html, text
    html = page(manager, address(commit(file)))
    assert "What became of them" in html and "What becomes of them" not in html


def test_the_page_asks_for_no_more_when_the_file_holds_more(
    load: Load, manager: User, django_assert_max_num_queries: Any
) -> None:
    sets = export()
    sets["Issues"] += [{**sets["Issues"][0], "IssueId": f"i-{one}", "Title": ""} for one in range(40)]
    file = load(sets)
    client = client_of(manager)
    client.get(address(file))
    with django_assert_max_num_queries(20):
        client.get(address(file))


@pytest.mark.parametrize(
    ("line", "seen"),
    [
        ("risks", "Flood in spring"),
        ("issues", "(2) Postponed"),
        ("timesheet_lines", "2026-W10"),
        ("timesheet_tasks", "30.5 h, plan 30 h"),
    ],
)
def test_each_line_of_the_report_leads_to_its_rows(load: Load, manager: User, line: str, seen: str) -> None:
    assert seen in page(manager, address(load(export()), "plan-file-rows") + f"?line={line}")


def test_lines_of_timesheets_leave_as_a_table_without_formulas(load: Load, commit: Commit, manager: User) -> None:
    sets = export()
    sets["TimesheetLines"][0]["TimesheetLineComment"] = "=1+1"
    file = commit(load(sets))
    response = client_of(manager).get(address(file, "plan-file-timesheets"))
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    head, *lines = response.content.decode("utf-8-sig").splitlines()
    assert head.split(",")[:3] == ["ProjectId", "TimesheetLineId", "TaskId"] and "TimesheetLineComment" in head
    assert len(lines) == 3 and any(",'=1+1" in one for one in lines)
    assert AuditEntry.objects.filter(action="plan_file.timesheets", object_id=file.pk).count() == 1


def test_who_sees_no_money_gets_no_table_and_a_file_without_lines_has_none(
    load: Load, commit: Commit, manager: User, project: Project
) -> None:
    file = commit(load(export()))
    coordinator = factories.user()
    factories.member(project, coordinator, Role.COORDINATOR)
    assert client_of(coordinator).get(address(file, "plan-file-timesheets")).status_code == 403
    assert address(file, "plan-file-timesheets") not in page(coordinator, address(file))
    bare = export()
    del bare["TimesheetLines"]
    empty = load(bare)
    assert client_of(manager).get(address(empty, "plan-file-timesheets")).status_code == 404
    assert "Timesheets of the file" not in page(manager, address(empty))


def test_the_command_line_tells_the_same(project: Project, manager: User, tmp_path: Path) -> None:
    (tmp_path / "export.zip").write_bytes(zipped(export()))
    told = StringIO()
    options = {"project": project.code, "source_project": PROJECT, "actor": manager.username}
    call_command("import_plan", str(tmp_path / "export.zip"), **options, json=True, stdout=told)
    report = json.loads(told.getvalue())
    assert report["registers"]["issues"]["new"] == 2
    assert {"area": "risks", "code": "attachments_not_in_export"}.items() <= next(
        one for one in report["lost"] if one["area"] == "risks"
    ).items()
    sets = export()
    sets["Issues"][1]["Resolution"] = "Bought one"
    (tmp_path / "later.zip").write_bytes(zipped(sets))
    told = StringIO()
    call_command("import_plan", str(tmp_path / "later.zip"), **options, draft=True, stdout=told)
    assert "Risks and issues come in when the draft is published:" in told.getvalue()
    assert "Issues: Changed 1, Unchanged 1" in told.getvalue()
    assert Issue.objects.get(title="Crane late").resolution == "Rented another"
