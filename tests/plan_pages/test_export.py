"""The plan as a file: it reads back the same, amounts are for who may see money, and the audit trail tells of it."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from django.urls import reverse

from pmo.core.audit.models import AuditEntry
from projects.calc.plan.difference import difference
from projects.calc.plan.document import Field, Plan, Span
from projects.models.plan import PlanFile, PlanTask
from projects.plan_exports.csv_file import read_csv
from projects.plan_exports.formats import LIMITS, WRITERS
from projects.plan_exports.xlsx import read_xlsx
from projects.queries.plans import stored
from tests.conftest import UserClient
from tests.plan_pages.build import small_plan
from tests.plan_pages.conftest import work

Address = Callable[..., str]


@pytest.fixture
def committed(manager: UserClient, address: Address, uploaded: PlanFile) -> PlanFile:
    """The file, imported and published."""
    manager.post(address("plan-file-commit", uploaded), {"take": "publish"})
    return work(uploaded)


def export(client: UserClient, file: PlanFile, kind: str, status: int = 200, **query: object) -> bytes:
    url = reverse("plan-export", kwargs={"pk": file.project_id, "kind": kind})
    response = client.get(url, query)
    assert response.status_code == status
    if status != 200:
        return b""
    assert response["Content-Disposition"].startswith("attachment")
    return b"".join(response.streaming_content)


@pytest.mark.parametrize(("kind", "read"), [("csv", read_csv), ("xlsx", read_xlsx)])
def test_an_export_reads_back_the_same(
    manager: UserClient, committed: PlanFile, tmp_path: Path, kind: str, read: Callable[..., object]
) -> None:
    path = tmp_path / f"plan.{kind}"
    path.write_bytes(export(manager, committed, kind))
    version = stored.published(committed.project)
    assert version is not None
    assert difference(stored.plan_of(version), read(path)).empty  # type: ignore[arg-type]


def test_mspdi_is_a_project_file(manager: UserClient, committed: PlanFile) -> None:
    assert b"<Project xmlns" in export(manager, committed, "mspdi")
    assert AuditEntry.objects.get(action="plan.export").project_id == committed.project_id


def test_without_the_right_to_money_an_export_has_no_amounts(
    manager: UserClient, member: UserClient, committed: PlanFile
) -> None:
    assert b"7200" in export(manager, committed, "csv")
    shown = export(member, committed, "csv")
    assert b"Design" in shown and b"7200" not in shown


def test_versions_by_number_and_none_that_is_not_there(manager: UserClient, committed: PlanFile) -> None:
    assert export(manager, committed, "csv", version=1)
    for wrong in ("2", "x", "-1"):
        export(manager, committed, "csv", status=404, version=wrong)
    export(manager, committed, "docx", status=404)


def awkward_plan() -> Plan:
    """A plan with what Microsoft's XML has no word for, and a text that no cell holds."""
    first, second, *rest = small_plan().tasks
    first = replace(first, code="A1000", notes="n" * 40_000, duration=Span(480, "y"))
    second = replace(second, second_constraint="must_finish_on", fields=(Field("UDF7", "Crane", "text", "K2"),))
    return replace(small_plan(), tasks=(first, second, *rest))


@pytest.mark.parametrize("kind", sorted(WRITERS))
def test_what_is_told_before_is_what_the_writer_leaves_out(kind: str) -> None:
    for plan in (Plan(), small_plan(), awkward_plan()):
        assert LIMITS[kind](plan) == WRITERS[kind](plan, io.BytesIO())
    assert [one.code for one in LIMITS[kind](awkward_plan())] == {
        "mspdi": ["activity_id", "second_constraint", "unit_years", "fields_renamed"],
        "xlsx": ["text_cut"],
        "csv": [],
    }[kind]


@pytest.mark.parametrize(("language", "words"), [("en", "Activity IDs: "), ("zh-hans", "作业代码")])
def test_the_page_tells_per_format_what_it_leaves_out(
    manager: UserClient, committed: PlanFile, address: Address, language: str, words: str
) -> None:
    manager.cookies["bw_language"] = language
    url = address("plan-exports")
    complete = manager.get(url)
    assert [len(one["lines"]) for one in complete.context["formats"]] == [0, 0, 0]
    assert words not in complete.content.decode()
    PlanTask.objects.filter(plan__project=committed.project, name="Design").update(code="A1000")
    page = manager.get(url)
    told = {
        one["kind"]: [(text, remark.count) for _area, text, remark in one["lines"]] for one in page.context["formats"]
    }
    assert [(text.startswith(words), count) for text, count in told["mspdi"]] == [(True, 1)]
    assert told["xlsx"] == told["csv"] == []
    assert words in page.content.decode()


def test_the_page_tells_who_may_not_see_money_that_costs_are_left_out(
    manager: UserClient, member: UserClient, committed: PlanFile, address: Address
) -> None:
    assert manager.get(address("plan-exports")).context["money"]
    shown = member.get(address("plan-exports"))
    assert not shown.context["money"]
    for kind in WRITERS:
        assert reverse("plan-export", kwargs={"pk": committed.project_id, "kind": kind}) in shown.content.decode()
    assert member.get(address("plan-exports"), {"version": "2"}).status_code == 404
