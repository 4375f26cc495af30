"""What is in small files of every format that is text is in the plan, or the report names it."""

from __future__ import annotations

import datetime
from decimal import Decimal
from pathlib import Path

import pytest

from projects.calc.plan.document import Assignment, Baseline, Field, Link, Plan, Rate, Span
from projects.plan_files.errors import PlanFileError
from projects.plan_files.reading import projects_of
from tests.plan_files.conftest import FIXTURES, ReadFile


def at(text: str) -> datetime.datetime:
    return datetime.datetime.fromisoformat(text)


def remarks(plan: Plan) -> dict[tuple[str, str], int]:
    return {(one.area, one.code): one.count for one in (*plan.kept, *plan.lost)}


def test_the_head_of_a_microsoft_plan(office: Plan) -> None:
    assert (office.title, office.root_name, office.format, office.currency) == (
        "办公楼改造",
        "办公楼改造",
        "mspdi",
        "CNY",
    )
    assert (office.start, office.status_at) == (at("2026-03-02T08:00"), at("2026-03-06T17:00"))
    assert office.calendar == "1" and office.minutes_per_day == 480
    assert Field("MANAGER", "Manager", "text", "周启明") in office.fields


def test_counts_leave_out_blank_rows_placeholders_and_the_row_of_the_plan(office: Plan) -> None:
    counted = {"tasks": 5, "links": 4, "calendars": 2, "resources": 2, "assignments": 1, "baselines": 2}

    assert office.counts() == counted
    assert remarks(office)["tasks", "blank_rows"] == 1
    assert remarks(office)["resources", "placeholder_resources"] == 1
    assert remarks(office)["assignments", "placeholder_assignments"] == 1
    assert not [one for one in office.lost if one.code == "not_read"]


def test_outline_and_values_of_tasks(office: Plan) -> None:
    stage, draft, drawings, works, handover = office.tasks

    assert [(one.level, one.parent, one.wbs) for one in office.tasks] == [
        (1, None, "1"),
        (2, "1", "1.1"),
        (2, "1", "1.2"),
        (1, None, "2"),
        (1, None, "3"),
    ]
    assert stage.summary and (draft.effort_driven, draft.priority, draft.critical) == (True, 700, True)
    assert (draft.percent_complete, draft.physical_percent, draft.actual_start) == (50, 40, at("2026-03-02T08:00"))
    assert (draft.cost, draft.fixed_cost, draft.work) == (Decimal(2900), Decimal(500), 960)
    assert (draft.notes, draft.hyperlink) == ("先问消防部门", "https://example.com/plan#p2")
    assert draft.fields == (
        Field("NUMBER1", "", "number", Decimal("3.5")),
        Field("TEXT1", "成本中心", "text", "CC-12"),
    )
    assert (drawings.constraint, drawings.constraint_at) == ("start_no_earlier_than", at("2026-03-05T08:00"))
    assert (drawings.deadline, drawings.calendar) == (at("2026-03-13T17:00"), "1")
    assert drawings.duration == Span(720, "h", estimated=True)
    assert works.manual and works.duration == Span(4800, "w")
    assert handover.milestone and not handover.active


def test_baselines_keep_their_numbers(office: Plan) -> None:
    draft = office.tasks[1]
    first = Baseline(0, at("2026-03-02T08:00"), at("2026-03-03T17:00"), Span(960), 960, Decimal(2400))

    assert draft.baselines[0] == first
    assert (draft.baselines[1].number, draft.baselines[1].start) == (3, at("2026-03-09T08:00"))


def test_four_kinds_of_links_with_lag_elapsed_and_percent(office: Plan) -> None:
    assert office.links == (
        Link("2", "3", "FS", Span(480, "d")),
        Link("3", "4", "SS", Span(-30, "%")),
        Link("2", "4", "FF", Span(1440, "ed")),
        Link("4", "6", "SF", Span(0, "d")),
    )


def test_calendars_with_recurring_days_written_out_and_weeks(office: Plan) -> None:
    standard, own = office.calendars
    shown = [(str(one.first), str(one.last), one.name, len(one.ranges)) for one in standard.exceptions]

    assert len(standard.week[1] or ()) == 2 and standard.week[5] == ((datetime.time(8), datetime.time(12)),)
    assert standard.week[7] == ()
    assert shown == [
        ("2026-03-07", "2026-03-07", "加班", 1),
        ("2026-03-14", "2026-03-14", "加班", 1),
        ("2026-03-21", "2026-03-21", "加班", 1),
        ("2026-04-05", "2026-04-06", "清明", 0),
    ]
    assert [(str(one.first), str(one.last), one.name) for one in standard.weeks] == [
        ("2026-07-06", "2026-07-31", "夏季")
    ]
    assert (own.parent, own.of_resource, own.week[1]) == ("1", True, None)


def test_resources_assignments_and_what_has_no_place(office: Plan) -> None:
    person, cement = office.resources

    assert (person.name, person.initials, person.group, person.email) == ("李岚", "李", "设计", "lilan@example.com")
    assert (person.rate, person.overtime_rate, person.cost_per_use) == (Rate(Decimal(150)), Rate(Decimal(200)), 10)
    assert (person.max_units, person.accrual, person.calendar) == (100, "prorated", "2")
    assert (cement.kind, cement.material_label, cement.rate) == ("material", "吨", Rate(Decimal(400), ""))
    (given,) = office.assignments
    assert isinstance(given, Assignment) and (given.task, given.resource, given.units) == ("2", "1", 50)
    assert (given.work, given.actual_work, given.contour) == (960, 480, "back_loaded")
    assert given.baselines[0].work == 960
    assert remarks(office)["assignments", "timephased"] == 1
    assert remarks(office)["costs", "rates_over_time"] == 1


def test_all_links_notes_and_baselines_of_nested_tasks_in_ganttproject(read: ReadFile) -> None:
    plan = read(FIXTURES / "house.gan")

    assert plan.links == (
        Link("2", "3", "FS", Span(480, "d")),
        Link("3", "5", "SS", Span(0, "d")),
        Link("3", "4", "FF", Span(-960, "d")),
        Link("4", "5", "SF", Span(0, "d")),
    )
    digging = plan.tasks[1]
    assert (digging.name, digging.parent, digging.notes) == ("挖土", "1", "带上 <水泵>")
    assert digging.baselines == (Baseline(0, at("2026-03-01T00:00"), None, Span(1920, "d")),)
    assert [(one.label, one.value) for one in digging.fields] == [("责任区", "东侧"), ("GanttProject number", "1")]
    assert [one.wbs for one in plan.tasks] == ["1", "1.1", "1.2", "2", "3"]
    assert remarks(plan)["tasks", "own_numbers"] == 5
    assert remarks(plan)["calendars", "vacations"] == 1 and remarks(plan)["links", "soft_links"] == 1
    assert plan.currency == ""


def test_mpx(read: ReadFile) -> None:
    plan = read(FIXTURES / "bridge.mpx")

    assert [one.name for one in plan.tasks] == ["Survey", "Piers"] and plan.tasks[0].notes == "Ask the river office"
    assert plan.links == (Link("1", "2", "FS", Span(960, "d")),)
    assert plan.counts()["assignments"] == 1


def test_primavera_text_in_chinese_with_several_projects(read: ReadFile) -> None:
    path = FIXTURES / "dam.xer"
    listed = projects_of(path, name=path.name)
    plan, gate = read(path), read(path, "GATE")

    assert [(one.key, one.name, one.tasks, one.stub) for one in listed] == [
        ("100", "DAM 水坝", 5, False),
        ("200", "GATE 闸门", 2, False),
        ("300", "ELSE", 0, True),
    ]
    assert [(one.code, one.name) for one in plan.tasks if not one.summary] == [
        ("A30", "蓄水"),
        ("A10", "开挖"),
        ("A20", "灌浆"),
    ]
    assert sorted((one.predecessor, one.successor, one.kind) for one in plan.links) == [
        ("501", "502", "FS"),
        ("502", "503", "FF"),
    ]
    assert plan.currency == "CNY" and remarks(plan)["links", "external_links"] == 1
    assert [one.name for one in gate.tasks] == ["闸门", "制造"]
    assert remarks(plan)["file", "other_projects"] == 1


def test_primavera_xml_with_a_stub_and_codes(read: ReadFile) -> None:
    path = FIXTURES / "road.pmxml"
    listed = projects_of(path, name=path.name)
    plan = read(path)

    assert [(one.key, one.stub) for one in listed] == [("100", False), ("90", True)]
    assert [one.name for one in plan.tasks] == ["路基", "清表", "摊铺"]
    assert plan.links == (Link("501", "502", "SS", Span(960, "h")),)
    assert Field("CODE 40", "标段", "text", "N – 北段") in plan.tasks[1].fields
    named = remarks(plan)
    assert (named["tasks", "steps"], named["file", "documents"], named["links", "external_links"]) == (1, 1, 1)


def test_an_archive_with_one_plan_is_that_plan(read: ReadFile, tmp_path: Path) -> None:
    import zipfile

    with zipfile.ZipFile(tmp_path / "plan.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(FIXTURES / "house.gan", "export/house.gan")
        archive.writestr("readme.md", "Plan of the house")

    assert read(tmp_path / "plan.zip").counts()["links"] == 4


def test_an_unknown_project_is_named_with_those_there_are(read: ReadFile) -> None:
    with pytest.raises(PlanFileError) as refused:
        read(FIXTURES / "dam.xer", "LOCK")

    assert refused.value.code == "no_such_project"
    assert refused.value.message().startswith("The file has no project LOCK. It has: 100 (DAM 水坝), 200 (GATE 闸门)")


def test_characters_that_cannot_be_kept_are_left_out_and_named(read: ReadFile, tmp_path: Path) -> None:
    content = (FIXTURES / "bridge.mpx").read_bytes().replace(b"70,Survey", b"70,Sur\x02vey", 1)
    (tmp_path / "bridge.mpx").write_bytes(content)
    plan = read(tmp_path / "bridge.mpx")
    assert plan.tasks[0].name == "Survey"
    assert remarks(plan)["file", "characters_removed"] == 1
    assert ("file", "characters_removed") not in remarks(read(FIXTURES / "bridge.mpx"))
