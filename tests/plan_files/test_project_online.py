"""Saved ProjectData answers: every shape of JSON, several files a set, one plan a project, and what the service never says."""

from __future__ import annotations

import datetime
import io
import json
import zipfile
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from projects.calc.plan.document import Baseline, Field, Span
from projects.plan_files.errors import PlanFileError
from projects.plan_files.limits import Limits
from projects.plan_files.project_online import plans
from projects.plan_files.project_online.tables import read_tables

BRIDGE, TUNNEL = "0a-bridge", "0b-tunnel"
ROOT = {
    "ProjectId": BRIDGE,
    "TaskId": "t0",
    "TaskName": "跨江大桥",
    "TaskOutlineLevel": 0,
    "TaskIndex": 0,
    "TaskIsProjectSummary": True,
}
PHASE = {
    "ProjectId": BRIDGE,
    "TaskId": "t1",
    "TaskName": "基础",
    "TaskOutlineLevel": 1,
    "TaskIndex": 1,
    "TaskOutlineNumber": "1",
    "TaskIsSummary": True,
}
PILES = {
    "ProjectId": BRIDGE,
    "ProjectName": "Bridge",
    "TaskId": "t2",
    "ParentTaskId": "t1",
    "TaskName": "Piles",
    "TaskOutlineLevel": 2,
    "TaskIndex": 2,
    "TaskOutlineNumber": "1.1",
    "TaskWBS": "BR.1.1",
    "TaskIsSummary": False,
    "TaskIsMilestone": False,
    "TaskIsActive": True,
    "TaskIsCritical": True,
    "TaskDuration": "24.000000",
    "TaskDurationIsEstimated": True,
    "TaskStartDate": "2026-03-02T08:00:00",
    "TaskFinishDate": "/Date(1772643600000)/",
    "TaskWork": "36.5",
    "TaskCost": "1234.56",
    "TaskPercentCompleted": 40,
    "TaskPriority": 700,
    "TaskTotalSlack": "-8",
    "成本中心": "CC-7",
    "Lot size": 12.5,
    "__metadata": {"type": "ReportingData.Task"},
}
ASSIGNED = {
    "ProjectId": BRIDGE,
    "AssignmentId": "a1",
    "TaskId": "t2",
    "TaskName": "Piles",
    "ResourceId": "r1",
    "ResourceName": "Drill team",
    "AssignmentWork": "36.5",
    "AssignmentPeakUnits": "1.5",
    "AssignmentCost": "1234.56",
}
POOL = {
    "ResourceId": "r1",
    "ResourceName": "Drill team",
    "ResourceType": 1,
    "TypeDescription": "Work",
    "ResourceMaxUnits": "2",
    "ResourceStandardRate": "85.5",
    "ResourceEmailAddress": "drill@example.com",
}
PROJECTS = [
    {"ProjectId": BRIDGE, "ProjectName": "Bridge", "ProjectStartDate": "2026-03-02T08:00:00", "Sponsor": "Li Lan"},
    {"ProjectId": TUNNEL, "ProjectName": "Tunnel"},
]
BASELINE = {
    "ProjectId": BRIDGE,
    "TaskId": "t2",
    "BaselineNumber": 3,
    "TaskBaselineStartDate": "2026-02-02T08:00:00",
    "TaskBaselineDuration": "16",
    "TaskBaselineCost": "1000",
}


def archive(path: Path, files: dict[str, Any]) -> Path:
    with zipfile.ZipFile(path / "saved.zip", "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in files.items():
            made.writestr(name, content if isinstance(content, bytes) else json.dumps(content))
    return path / "saved.zip"


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    return archive(
        tmp_path,
        {
            "export/Projects.json": {"d": {"results": PROJECTS}},
            "export/page1.json": {
                "odata.metadata": "https://host/_api/ProjectData/$metadata#Tasks",
                "value": [PILES, ROOT],
            },
            "export/page2.json": {"value": [PHASE]},
            "export/Assignments.json": {"d": [ASSIGNED, {**ASSIGNED, "AssignmentId": "a2", "TaskId": "gone"}]},
            "export/Resources.json": [POOL],
            "export/TaskBaselines.json": {"value": [BASELINE]},
            "export/Risks.json": {"value": [{"ProjectId": BRIDGE, "RiskId": "k1", "Title": "Flood"}]},
            "export/TimesheetLines.json": {"value": [{"ProjectId": TUNNEL, "TimesheetLineId": "l1"}]},
            "export/Deliverables.json": {"value": [{"DeliverableId": "x"}]},
            "export/readme.txt": b"not JSON",
        },
    )


def test_a_project_comes_with_its_outline_values_and_people(saved: Path) -> None:
    plan = plans.read(saved, Limits())
    assert plan.counts() == {"tasks": 2, "links": 0, "calendars": 0, "resources": 1, "assignments": 1, "baselines": 1}
    assert (plan.title, plan.root_name, plan.start) == ("Bridge", "跨江大桥", datetime.datetime(2026, 3, 2, 8))
    phase, piles = plan.tasks
    assert (phase.name, phase.summary, phase.level, phase.parent, phase.wbs) == ("基础", True, 1, None, "1")
    assert (piles.parent, piles.level, piles.wbs, piles.summary) == ("t1", 2, "BR.1.1", False)
    assert (piles.duration, piles.work, piles.total_slack) == (Span(1440.0, "d", True), 2190.0, -480.0)
    assert (piles.start, piles.finish) == (datetime.datetime(2026, 3, 2, 8), datetime.datetime(2026, 3, 4, 17))
    assert (piles.cost, piles.percent_complete, piles.priority, piles.critical) == (Decimal("1234.56"), 40.0, 700, True)
    assert piles.fields == (
        Field("成本中心", "成本中心", "text", "CC-7"),
        Field("Lot size", "Lot size", "number", Decimal("12.5")),
    )
    assert piles.baselines == (Baseline(3, datetime.datetime(2026, 2, 2, 8), None, Span(960.0), None, Decimal(1000)),)
    (resource,) = plan.resources
    assert (resource.name, resource.kind, resource.max_units) == ("Drill team", "work", 200.0)
    assert resource.rate is not None and (resource.rate.amount, resource.rate.per) == (Decimal("85.5"), "h")
    (assignment,) = plan.assignments
    assert (assignment.task, assignment.resource, assignment.units, assignment.work) == ("t2", "r1", 150.0, 2190.0)
    assert plan.fields == (Field("Sponsor", "Sponsor", "text", "Li Lan"),)


def test_what_the_service_does_not_say_is_named_and_the_rest_is_kept(saved: Path) -> None:
    plan = plans.read(saved, Limits())
    assert {(one.code, one.count, one.examples) for one in plan.kept} == {
        ("other_tables_in_file", 1, ("Deliverables.json",)),
    }
    assert [(one.kind, one.uid, one.values["Title"]) for one in plan.entries] == [("risks", "k1", "Flood")]
    assert {(one.area, one.code, one.count) for one in plan.lost} == {
        ("links", "service_tells_no_links", 1),
        ("calendars", "service_tells_no_calendars", 1),
        ("assignments", "assignments_of_unknown_tasks", 1),
    }


def test_projects_are_listed_and_chosen_by_id_or_name(saved: Path) -> None:
    listed = [(one.key, one.name, one.tasks, one.stub) for one in plans.projects(saved, Limits())]
    assert listed == [(BRIDGE, "Bridge", 2, False), (TUNNEL, "Tunnel", 0, True)]
    assert plans.read(saved, Limits(), "Tunnel").tasks == ()
    assert plans.read(saved, Limits(), BRIDGE.upper()).title == "Bridge"
    with pytest.raises(PlanFileError) as refused:
        plans.read(saved, Limits(), "Harbour")
    assert refused.value.code == "no_such_project"


def test_a_level_that_jumps_hangs_below_the_row_above(tmp_path: Path) -> None:
    rows = [
        {**PHASE, "TaskIsSummary": False},
        {**PILES, "TaskOutlineLevel": 9},
        {**PILES, "TaskId": "t3", "TaskIndex": 3, "TaskOutlineLevel": 1},
    ]
    (tmp_path / "tasks.json").write_text(json.dumps({"value": rows}))
    first, second, third = plans.read(tmp_path / "tasks.json", Limits()).tasks
    assert (first.summary, second.level, second.parent, third.level, third.parent) == (True, 2, "t1", 1, None)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"{not json", "json_damaged"),
        (b"[" * 200_000, "json_damaged"),
        (b'{"value": 3}', "json_other"),
        (b'{"value": []}', "no_projects_in_json"),
        (b'{"value": [{"Colour": "red"}]}', "no_projects_in_json"),
        (b"\xff\xfe\x00", "json_damaged"),
    ],
)
def test_other_json_is_refused_by_name(tmp_path: Path, content: bytes, code: str) -> None:
    (tmp_path / "x.json").write_bytes(content)
    with pytest.raises(PlanFileError) as refused:
        read_tables(tmp_path / "x.json", Limits())
    assert refused.value.code == code


def test_an_archive_that_unpacks_too_large_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    with pytest.raises(PlanFileError) as refused:
        read_tables(archive(tmp_path, {"Tasks.json": b" " * 200_000}), Limits(unpacked=100_000))
    assert refused.value.code == "unpacks_too_large"


def test_a_directory_that_lies_about_sizes_is_counted(tmp_path: Path) -> None:
    path = archive(tmp_path, {"Tasks.json": b'{"value": []}' + b" " * 100_000})
    whole = bytearray(path.read_bytes())
    at = whole.rindex(b"PK\x01\x02")
    whole[at + 24 : at + 28] = (10).to_bytes(4, "little")
    path.write_bytes(whole)
    with pytest.raises(PlanFileError):
        read_tables(path, Limits(unpacked=50_000))


def test_a_broken_archive_is_refused(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as made:
        made.writestr("Tasks.json", '{"value": []}')
    broken = buffer.getvalue().replace(b'{"value"', b'{"valuf"', 1)
    (tmp_path / "b.zip").write_bytes(broken)
    with pytest.raises(PlanFileError) as refused:
        read_tables(tmp_path / "b.zip", Limits())
    assert refused.value.code == "archive_damaged"


@pytest.mark.parametrize("packing", [zipfile.ZIP_DEFLATED, zipfile.ZIP_LZMA])
def test_packed_bytes_that_make_no_sense_are_refused(tmp_path: Path, packing: int) -> None:
    path = tmp_path / "b.zip"
    with zipfile.ZipFile(path, "w", packing) as made:
        made.writestr("Tasks.json", json.dumps({"value": [{"TaskName": f"Task {n}"} for n in range(50)]}))
        (entry,) = made.infolist()
    content = bytearray(path.read_bytes())
    # LZMA's own header stays: nine bytes that say how it is packed.
    packed = 30 + len(entry.filename) + 9
    content[packed : packed + entry.compress_size - 9] = b"\xff" * (entry.compress_size - 9)
    path.write_bytes(content)
    with pytest.raises(PlanFileError) as refused:
        read_tables(path, Limits())
    assert refused.value.code == "archive_damaged"


def test_the_door_reads_saved_answers_in_the_process_of_their_own(saved: Path) -> None:
    from projects.plan_files.reading import projects_of, read_plan

    assert [one.name for one in projects_of(saved, name="export.zip")] == ["Bridge", "Tunnel"]
    plan = read_plan(saved, name="export.zip", source_project="Bridge")
    assert plan == plans.read(saved, Limits(), "Bridge")


def test_characters_that_no_database_takes_are_left_out(tmp_path: Path) -> None:
    from projects.plan_files.reading import projects_of, read_plan

    rows = [{**PHASE, "TaskName": "Ba\x00se\ud800", "ProjectName": "Br\x00idge"}]
    (tmp_path / "tasks.json").write_text(json.dumps({"value": rows}))
    assert [one.name for one in projects_of(tmp_path / "tasks.json", name="tasks.json")] == ["Bridge"]
    plan = read_plan(tmp_path / "tasks.json", name="tasks.json")
    assert plan.tasks[0].name == "Base"
    told = next(one for one in plan.lost if one.code == "characters_removed")
    assert (told.area, told.count, told.examples) == ("file", 1, ("Base",))


def test_an_archive_packed_in_an_unknown_way_is_damaged_and_not_locked(tmp_path: Path) -> None:
    path = tmp_path / "saved.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("Projects.json", '{"value": []}')
    content = path.read_bytes()
    # The method of packing stands in the local header and in the directory: 97 is one that zipfile does not know.
    for mark, place in ((b"PK\x03\x04", 8), (b"PK\x01\x02", 10)):
        at = content.index(mark) + place
        content = content[:at] + b"\x61\x00" + content[at + 2 :]
    path.write_bytes(content)
    with pytest.raises(PlanFileError) as refused:
        read_tables(path, Limits())
    assert refused.value.code == "archive_damaged"
