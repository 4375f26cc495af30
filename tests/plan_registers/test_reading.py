"""Rows for registers are read in every shape, rich text as text, and hours are added up beside the plan's own."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from projects.calc.plan.stored import plan_json, plan_of
from projects.calc.plan.timesheets import by_task, totals
from projects.plan_files.errors import PlanFileError
from projects.plan_files.limits import Limits
from projects.plan_files.project_online import plans
from projects.plan_files.project_online.tables import read_tables
from tests.plan_registers.build import DIG, PAVE, PROJECT, export, together, zipped


def read(path: Path, content: bytes, name: str) -> Any:
    (path / name).write_bytes(content)
    return plans.read(path / name, Limits(), PROJECT)


def test_every_shape_gives_the_same_rows(tmp_path: Path) -> None:
    plan = read(tmp_path, zipped(export()), "light.zip")
    assert [(one.kind, one.uid) for one in plan.entries] == [
        ("risks", "k-flood"),
        ("risks", "k-steel"),
        ("issues", "i-permit"),
        ("issues", "i-late"),
        ("timesheet_lines", "l1"),
        ("timesheet_lines", "l2"),
        ("timesheet_lines", "l3"),
    ]
    assert read(tmp_path, zipped(export(), verbose=True), "verbose.zip") == plan
    assert read(tmp_path, together(export()), "all.json") == plan
    assert plan_of(json.loads(json.dumps(plan_json(plan)))) == plan


def test_rich_text_loses_its_tags_and_people_bring_their_address(tmp_path: Path) -> None:
    flood = read(tmp_path, zipped(export()), "x.zip").entries[0]
    assert flood.values["Description"] == "The river rises.\n\nEvery year."
    assert flood.emails == {"Li Wei": "liwei@example.com"}


def test_sets_that_repeat_a_key_are_not_taken_for_the_set_of_that_key(tmp_path: Path) -> None:
    sets = export() | {
        "page9": [{"ProjectId": PROJECT, "RiskId": "k-flood", "TaskId": DIG, "RelationshipType": 2}],
        "TimesheetLineActualDataSet": [{"TimesheetLineId": "l1", "TimeByDay": "2026-03-02", "ActualWorkBillable": "8"}],
    }
    (tmp_path / "x.zip").write_bytes(zipped(sets))
    tables = read_tables(tmp_path / "x.zip", Limits())
    assert (len(tables.of("Risks")), len(tables.of("TimesheetLines"))) == (3, 3)
    assert tables.others == {"page9.json": 1, "TimesheetLineActualDataSet.json": 1}


def test_a_row_without_an_id_is_named(tmp_path: Path) -> None:
    sets = export()
    sets["Issues"].append({"ProjectId": PROJECT, "Title": "No id"})
    lost = {(one.area, one.code, one.examples) for one in read(tmp_path, zipped(sets), "x.zip").lost}
    assert ("issues", "rows_without_id", ("No id",)) in lost


def test_one_file_whose_set_is_no_list_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PlanFileError) as refused:
        read(tmp_path, json.dumps({"Tasks": [], "Risks": 3}).encode(), "x.json")
    assert (refused.value.code, refused.value.params["name"]) == ("json_other", "Risks")


def test_hours_are_added_up_by_task_beside_the_plan(tmp_path: Path) -> None:
    plan = read(tmp_path, zipped(export()), "x.zip")
    found = totals(plan)
    assert found is not None
    assert (found.lines, found.hours, found.tasks, found.strangers) == (3, Decimal("38.5"), 1, 1)
    assert found.task_hours == Decimal("30.5")
    assert (found.plan_hours, found.first, found.last) == (Decimal(30), "2026-03-02", "2026-03-08")
    rows = [(one.place, one.name, one.lines, one.hours, one.planned) for one in by_task(plan)]
    assert rows == [("1", "Dig", 2, Decimal("30.5"), Decimal(30)), ("", "Vacation", 1, Decimal(8), None)]
    assert PAVE not in {one.values["TaskId"] for one in plan.entries if one.kind == "timesheet_lines"}


def test_a_plan_without_lines_has_no_hours(tmp_path: Path) -> None:
    sets = export()
    del sets["TimesheetLines"]
    assert totals(read(tmp_path, zipped(sets), "x.zip")) is None
