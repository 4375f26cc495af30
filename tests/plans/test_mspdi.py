"""MSPDI: in the order of Microsoft's schema, and equal Plan for Plan when it is read again."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import fields, replace
from decimal import Decimal
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as Tree

import pytest

from projects.calc.plan.document import Assignment, Calendar, Field, Link, Plan, Rate, Remark, Resource, Span, Task
from projects.calc.plan.stored import plan_of
from projects.plan_exports.mspdi import NAMESPACE, write_mspdi
from projects.plan_exports.mspdi_names import ASSIGNMENT, RESOURCE, TASK, field_ids
from projects.plan_files import reading
from projects.plan_files.detect import detect
from projects.plan_files.process import ReadingProcess
from tests.plans import build

FIXTURES = Path(__file__).parent.parent / "plan_files" / "fixtures"
BEHIND = {
    "Task": ("PredecessorLink", "ExtendedAttribute", "Baseline"),
    "Resource": ("ExtendedAttribute", "Baseline", "IsCostResource"),
    "Assignment": ("ExtendedAttribute", "Baseline"),
}
PROJECT = (
    "SaveVersion", "Name", "Title", "Subject", "Category", "Company", "Manager", "Author", "CreationDate", "Revision",
    "LastSaved", "ScheduleFromStart", "StartDate", "FinishDate", "CriticalSlackLimit", "CurrencyDigits",
    "CurrencySymbol", "CurrencyCode", "CalendarUID", "MinutesPerDay", "MinutesPerWeek", "DaysPerMonth",
    "DurationFormat", "StatusDate", "ExtendedAttributes", "Calendars", "Tasks", "Resources", "Assignments",
)  # fmt: skip


def written(plan: Plan) -> tuple[Tree.Element, tuple[Remark, ...]]:
    stream = io.BytesIO()
    remarks = write_mspdi(plan, stream)
    return Tree.fromstring(stream.getvalue()), remarks


def tags(element: Tree.Element) -> list[str]:
    return [child.tag.rpartition("}")[2] for child in element]


def text(element: Tree.Element, *path: str) -> str | None:
    return element.findtext("/".join(f"{{{NAMESPACE}}}{name}" for name in path))


def rows(root: Tree.Element, kind: str) -> list[Tree.Element]:
    return list(root.iter(f"{{{NAMESPACE}}}{kind}"))


def rank(order: tuple[str, ...], found: list[str]) -> list[int]:
    return [order.index(tag) for tag in found]


def test_elements_stand_in_the_order_of_the_schema() -> None:
    root, _remarks = written(build.plan())
    assert rank(PROJECT, tags(root)) == sorted(rank(PROJECT, tags(root)))
    for kind, order in (("Task", TASK), ("Resource", RESOURCE), ("Assignment", ASSIGNMENT)):
        for row in rows(root, kind):
            places = rank((*order, *BEHIND[kind]), tags(row))
            assert places == sorted(places), kind


def test_every_leaf_of_a_row_has_a_place_in_the_order() -> None:
    """A value whose element is missing in the order would be dropped in silence."""
    fields_of_tasks = tuple(
        Field(name, "", kind, value)
        for name, kind, value in (
            ("CONTACT", "text", "Li"),
            ("OVERTIME_COST", "money", Decimal(5)),
            ("OVERTIME_WORK", "duration", Span(60.0, "h")),
        )
    )
    plan = build.plan()
    dug = replace(plan.tasks[1], fields=fields_of_tasks)
    root, _remarks = written(replace(plan, tasks=(plan.tasks[0], dug, *plan.tasks[2:])))
    row = rows(root, "Task")[2]
    assert (text(row, "Contact"), text(row, "OvertimeCost"), text(row, "OvertimeWork")) == ("Li", "500", "PT1H0M0S")
    assert text(row, "HyperlinkAddress") == "https://example.com/permit"
    assert text(row, "Deadline") == "2027-03-08T17:00:00"
    assert text(row, "IgnoreResourceCalendar") == "1"


def test_lags_stand_in_tenths_of_minutes_or_percent() -> None:
    root, _remarks = written(build.plan())
    found = [(text(one, "Type"), text(one, "LinkLag"), text(one, "LagFormat")) for one in rows(root, "PredecessorLink")]
    assert sorted(found) == sorted([("1", "0", "7"), ("3", "9600", "7"), ("0", "-4800", "8"), ("2", "25", "19")])


def test_custom_fields_have_the_program_s_numbers_and_their_aliases() -> None:
    root, _remarks = written(build.plan())
    definitions = root.find(f"{{{NAMESPACE}}}ExtendedAttributes")
    assert definitions is not None
    found = {text(one, "FieldID"): (text(one, "FieldName"), text(one, "Alias")) for one in definitions}
    assert found["188743731"] == ("Text1", "Cost centre")
    assert found["205520904"] == ("Text1", "Depot")
    assert field_ids("tasks")["NUMBER2"] == 188743768


def test_fields_of_other_programs_take_free_places_and_it_is_told() -> None:
    own = (Field("TEXT1", "Mine", "text", "a"), Field("CODE 12", "Phase", "text", "b"))
    many = tuple(Field(f"user_field_{n}", f"Flag {n}", "flag", True) for n in range(22))
    root, remarks = written(Plan(tasks=(Task("1", "A", 1, fields=(*own, *many)),)))
    told = {one.code: (one.count, one.examples[:1]) for one in remarks}
    assert told == {"fields_renamed": (21, ("Phase",)), "fields_without_room": (2, ("Flag 20",))}
    values = {text(one, "FieldID"): text(one, "Value") for one in rows(root, "ExtendedAttribute") if text(one, "Value")}
    assert values[str(field_ids("tasks")["TEXT2"])] == "b"


def test_what_the_format_has_no_word_for_is_told_in_the_file_too() -> None:
    tasks = (
        Task("1", "Dredge -- deep", 1, code="A1", kind="fixed_duration_and_units", constraint="start_on"),
        Task("2", "Pile", 1, second_constraint="finish_on", percent_complete=12.5, duration=Span(115200.0, "y")),
    )
    plan = Plan(
        tasks=tasks,
        resources=(Resource("1", "Crew", rate=Rate(Decimal(100), "y")),),
        assignments=(Assignment("1", "1", "1", contour="odd", delay=Span(480.0, "d")),),
        calendars=(Calendar("1", "Unused", None, build.week(), of_resource=True),),
        fields=(Field("TEMPLATE", "Template", "text", "T"),),
    )
    stream = io.BytesIO()
    remarks = write_mspdi(plan, stream)
    assert {one.code for one in remarks} == {
        "activity_id",
        "task_type",
        "constraint_nearest",
        "second_constraint",
        "unit_years",
        "rounded",
        "project_fields",
        "contour",
        "delay_unit",
        "rates_per_hour",
        "calendar_of_nobody",
    }
    assert "<!-- tasks: activity_id (1): Dredge - - deep -->" in stream.getvalue().decode()


def test_rows_that_were_added_here_get_numbers_and_keep_their_key() -> None:
    key = "0f0e6ed4-6c0e-4a53-9a0f-0a3d5c1b2f10"
    root, _remarks = written(Plan(tasks=(Task("7", "A", 1), Task(key, "B", 1)), links=(Link("7", key),)))
    row = rows(root, "Task")[1]
    assert (text(row, "UID"), text(row, "GUID")) == ("8", key.upper())
    assert text(row, "PredecessorLink", "PredecessorUID") == "7"


def test_markup_and_control_characters_do_no_harm() -> None:
    name = 'a<b>&"c" ]]> \x07 <!--\r\nd'
    root, _remarks = written(Plan(title=name, tasks=(Task("1", name, 1, notes=name, code="--><x/>"),)))
    row = rows(root, "Task")[0]
    assert text(row, "Name") == name.replace("\x07", "")


@pytest.fixture(scope="module")
def reader() -> Iterator[ReadingProcess]:
    """One Java for all files of this module."""
    with ReadingProcess() as process:
        yield process


def read(reader: ReadingProcess, path: Path) -> Plan:
    request: dict[str, Any] = {"action": "read", "source_project": ""}
    return plan_of(reading.ask(reader, path, path.name, detect(path, path.name), request, None))


def again(reader: ReadingProcess, plan: Plan, folder: Path) -> Plan:
    path = folder / "out.xml"
    with path.open("wb") as stream:
        write_mspdi(plan, stream)
    return read(reader, path)


def comparable(plan: Plan) -> Plan:
    """Without what tells of the file, and in the order in which Java gives links and fields."""
    places = {task.uid: place for place, task in enumerate(plan.tasks)}
    tasks = tuple(
        replace(
            task,
            fields=tuple(sorted(task.fields, key=lambda one: one.name)),
            free_slack=task.free_slack or 0.0,
            critical=bool(task.critical),
        )
        for task in plan.tasks
    )
    links = tuple(sorted(plan.links, key=lambda one: (places[one.successor], places[one.predecessor], one.kind)))
    own = tuple(one for one in plan.fields if one.name in ("AUTHOR", "COMPANY", "MANAGER"))
    return replace(plan, tasks=tasks, links=links, fields=own, kept=(), lost=(), format="", application="")


def assert_same(plan: Plan, other: Plan) -> None:
    """Equal, and where not, by the first field that differs."""
    for one in fields(Plan):
        assert getattr(plan, one.name) == getattr(other, one.name), one.name


def test_a_plan_that_uses_everything_is_equal_when_it_is_read_again(reader: ReadingProcess, tmp_path: Path) -> None:
    """Work of nobody is a placeholder to the programs that read the file."""
    plan = build.plan()
    plan = replace(plan, assignments=tuple(one for one in plan.assignments if one.resource is not None))
    plan = replace(plan, assignments=tuple(replace(one, delay=_in_minutes(one.delay)) for one in plan.assignments))
    assert_same(comparable(again(reader, plan, tmp_path)), comparable(plan))


def _in_minutes(delay: Span | None) -> Span:
    return Span(delay.minutes if delay is not None else 0.0, "m")


@pytest.mark.parametrize("contour", ["back_loaded", "front_loaded", "double_peak", "early_peak", "late_peak", "turtle"])
def test_contours_come_back(reader: ReadingProcess, tmp_path: Path, contour: str) -> None:
    tasks = (Task("1", "A", 1, start=build.at(1), finish=build.at(5, 17), duration=Span(2400.0, "d"), work=2400.0),)
    one = Assignment(
        "1", "1", "1", units=100.0, work=2400.0, start=build.at(1), finish=build.at(5, 17), contour=contour
    )
    plan = Plan(tasks=tasks, resources=(Resource("1", "R"),), assignments=(one,))
    assert [row.contour for row in again(reader, plan, tmp_path).assignments] == [contour]


def test_a_file_of_the_program_is_equal_when_it_went_out_and_in_again(reader: ReadingProcess, tmp_path: Path) -> None:
    plan = read(reader, FIXTURES / "office.xml")
    back = again(reader, plan, tmp_path)
    assert plan.tasks
    assert_same(replace(back, kept=(), lost=()), replace(plan, kept=(), lost=()))
