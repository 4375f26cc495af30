"""XLSX and CSV read back the same plan; nothing in them is ever a formula."""

from __future__ import annotations

import datetime
import io
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import settings as budget
from hypothesis import strategies as st

from projects.calc.plan.document import Baseline, Calendar, Field, Link, Plan, Rate, Resource, Span, Task
from projects.calc.plan.money import without_money
from projects.plan_exports.cells import CellError, Units, ranges_of, ranges_text
from projects.plan_exports.csv_file import read_csv, write_csv
from projects.plan_exports.tables import NotAPlan, plan_of, tables_of
from projects.plan_exports.xlsx import read_xlsx, write_xlsx
from projects.plan_files.errors import PlanFileError
from tests.plans import build

Write = Callable[[Plan, Any], Any]
Read = Callable[[Path], Plan]
BOTH = pytest.mark.parametrize(("write", "read"), [(write_xlsx, read_xlsx), (write_csv, read_csv)], ids=["xlsx", "csv"])

DANGEROUS = [
    "=1+1",
    "+49 30",
    "-5",
    "@SUM(A1)",
    "'=quoted",
    "\t=x",
    "＝1",
    " plain",
    "_x0041_",
    'a"b,c;d',
    "two\nlines\r\nmore",
]


def there_and_back(plan: Plan, write: Write, read: Read, folder: Path) -> Plan:
    path = folder / "plan"
    with path.open("wb") as stream:
        assert write(plan, stream) == ()
    return read(path)


@BOTH
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_a_plan_that_uses_everything_comes_back_the_same(
    write: Write, read: Read, language: str, tmp_path: Path
) -> None:
    with translation.override(language):
        assert there_and_back(build.plan(), write, read, tmp_path) == build.plan()


@BOTH
def test_an_empty_plan_comes_back_empty(write: Write, read: Read, tmp_path: Path) -> None:
    assert there_and_back(Plan(), write, read, tmp_path) == Plan()


@BOTH
def test_texts_that_look_like_formulas_come_back_as_they_were(write: Write, read: Read, tmp_path: Path) -> None:
    tasks = tuple(
        Task(str(n), text, 1, wbs=text, notes=text, fields=(Field("TEXT1", text, "text", text),))
        for n, text in enumerate(DANGEROUS)
    )
    plan = Plan(title="=cmd", tasks=tasks, resources=(Resource("1", "@boss"),))
    assert there_and_back(plan, write, read, tmp_path) == plan


@BOTH
def test_numbers_that_no_cell_holds_exactly_come_back_exactly(write: Write, read: Read, tmp_path: Path) -> None:
    tasks = (
        Task("1", "A", 1, cost=Decimal("123456789012345.6789"), work=0.1 + 0.2, duration=Span(1 / 3, "d")),
        Task("2", "B", 1, cost=Decimal("0.0001"), work=1e-17, start=datetime.datetime(1899, 12, 31, 8)),
        Task(
            "3",
            "C",
            1,
            finish=datetime.datetime(2027, 3, 1, 8, 0, 1),
            late_start=datetime.datetime(9999, 12, 31, 23, 59),
        ),
        Task("4", "D", 1, baselines=(Baseline(10, cost=Decimal("-1.25")),)),
    )
    plan = Plan(minutes_per_day=450, minutes_per_week=2250, days_per_month=21.5, tasks=tasks, links=(Link("1", "2"),))
    assert there_and_back(plan, write, read, tmp_path) == plan


SPANS = st.builds(
    Span,
    st.floats(-1e6, 1e6, allow_nan=False),
    st.sampled_from(["m", "h", "d", "w", "mo", "y", "em", "eh", "ed", "ew", "emo", "ey", "%", "e%"]),
    st.booleans(),
)


@budget(max_examples=150)
@given(SPANS, st.integers(1, 1440))
def test_spans_are_written_and_read_exactly(span: Span, minutes_per_day: int) -> None:
    units = Units(minutes_per_day)
    assert units.span_of(units.text_of(span)) == span


def test_spans_are_written_as_people_do() -> None:
    units = Units()
    assert units.text_of(Span(2400.0, "d")) == "5 d"
    assert units.text_of(Span(240.0, "d", True)) == "0.5 d?"
    assert units.text_of(Span(25.0, "%")) == "25 %"
    for wrong in ("", "5", "5 fortnights", "five d"):
        with pytest.raises(CellError):
            units.span_of(wrong)


@budget(max_examples=60)
@given(st.none() | st.lists(st.tuples(st.times(), st.times()), max_size=3).map(tuple))
def test_ranges_are_written_and_read_exactly(ranges: Any) -> None:
    if ranges:
        ranges = tuple((start.replace(microsecond=0), end.replace(microsecond=0)) for start, end in ranges)
    assert ranges_of(ranges_text(ranges)) == ranges


def test_a_workbook_is_for_people_too(tmp_path: Path) -> None:
    path = tmp_path / "plan.xlsx"
    with path.open("wb") as stream, translation.override("en"):
        write_xlsx(build.plan(), stream)
    book = openpyxl.load_workbook(path)
    assert book.sheetnames[:3] == ["Plan", "Tasks", "Links"]
    sheet = book["Tasks"]
    head = {cell.value: cell.column for cell in sheet[1]}
    row = next(row for row in sheet.iter_rows(min_row=3) if row[1].value == "Dig")
    assert row[head["Duration"] - 1].value == "5 d?"
    assert row[head["Start"] - 1].value == datetime.datetime(2027, 3, 1, 8)
    assert row[head["Start"] - 1].number_format == "yyyy-mm-dd hh:mm"
    assert {cell.data_type for line in book["Custom fields"].iter_rows() for cell in line if cell.value} == {"s"}


def test_a_formula_is_refused_not_computed(tmp_path: Path) -> None:
    path = tmp_path / "plan.xlsx"
    with path.open("wb") as stream:
        write_xlsx(build.plan(), stream)
    book = openpyxl.load_workbook(path)
    book.worksheets[1]["B5"] = "=1+1"
    book.save(path)
    with pytest.raises(PlanFileError) as refused:
        read_xlsx(path)
    assert (refused.value.code, refused.value.params) == ("formula", {"row": 5})
    assert "5" in refused.value.message()


def test_text_longer_than_a_cell_is_told_in_the_report_of_the_export(tmp_path: Path) -> None:
    path = tmp_path / "plan.xlsx"
    plan = Plan(tasks=(Task("1", "A", 1, notes="n" * 40_000),))
    with path.open("wb") as stream:
        (told,) = write_xlsx(plan, stream)
    assert (told.area, told.code, told.count) == ("file", "text_cut", 1)
    report = openpyxl.load_workbook(path).worksheets[-1]
    assert [cell.value for cell in report[3]][:4] == ["export", "file", "text_cut", 1]
    assert read_xlsx(path) == replace(plan, tasks=(replace(plan.tasks[0], notes="n" * 32_767),))
    stream = io.BytesIO()
    assert write_csv(plan, stream) == ()


@BOTH
def test_other_tables_are_no_plans(write: Write, read: Read, tmp_path: Path) -> None:
    path = tmp_path / "other"
    if read is read_xlsx:
        book = openpyxl.Workbook()
        book.active.append(["a", "b"])
        book.save(path)
    else:
        path.write_text("a,b\n1,2\n")
    with pytest.raises(PlanFileError) as refused:
        read(path)
    assert refused.value.code == "unknown_format"


def test_a_damaged_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "plan"
    stream = io.BytesIO()
    write_xlsx(build.plan(), stream)
    path.write_bytes(stream.getvalue()[: len(stream.getvalue()) // 2])
    with pytest.raises(PlanFileError) as refused:
        read_xlsx(path)
    assert refused.value.code == "damaged"
    path.write_bytes(b"#plan,Plan\r\nname,value\r\ntitle,\xff\r\n")
    with pytest.raises(PlanFileError):
        read_csv(path)


def test_a_changed_cell_is_named_with_its_place() -> None:
    read = {
        table.key: ([column.name for column in table.columns], list(table.rows)) for table in tables_of(build.plan())
    }
    at = read["tasks"][0].index("duration")
    read["tasks"][1][1][at] = "a while"
    with pytest.raises(NotAPlan) as refused:
        plan_of(read)
    assert refused.value.place == "tasks 2, duration: a while"


def test_without_money_nothing_of_it_is_left() -> None:
    stream = io.BytesIO()
    money = Plan(
        tasks=(
            Task(
                "1",
                "A",
                1,
                cost=Decimal("917.11"),
                fixed_cost=Decimal("917.22"),
                baselines=(Baseline(0, cost=Decimal("917.33")),),
                fields=(
                    Field("COST1", "Reserve", "money", Decimal("917.44")),
                    Field("OVERTIME_COST", "", "text", "917.55"),
                    Field("TEXT1", "Site", "text", "North"),
                ),
            ),
        ),
        resources=(
            Resource("1", "R", rate=Rate(Decimal("917.66")), cost_per_use=Decimal("917.77"), cost=Decimal("917.88")),
        ),
    )
    write_csv(without_money(money), stream)
    text = stream.getvalue().decode("utf-8-sig")
    assert "917." not in text
    assert "North" in text


def test_calendars_without_days_say_nothing_of_them() -> None:
    plan = Plan(calendars=(Calendar("1", "C", None, {day: None for day in range(1, 8)}),))
    read = {table.key: ([column.name for column in table.columns], list(table.rows)) for table in tables_of(plan)}
    assert plan_of(read) == plan
