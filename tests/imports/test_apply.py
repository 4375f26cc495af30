"""A mapping applied to a table: typed rows, named refusals, and counts that add up."""

from collections import Counter
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pmo.core.imports.apply import apply_mapping
from pmo.core.imports.fields import ImportField, Target
from pmo.core.imports.mapping import MappingError
from pmo.core.imports.mapping_json import load_mapping
from pmo.core.imports.values import Money, Rating
from tests.imports.helpers import TARGET, read, sheet_of, small_target


def run(tmp_path, data, fields, target=TARGET, as_of=None, **options):
    table = read(tmp_path, data)
    return apply_mapping(table, load_mapping({"fields": fields, **options}), target, as_of=as_of)


def refusals(batch):
    return [(one.row, one.column, one.value, one.reason.code) for one in batch.refusals()]


PORTFOLIO = """项目编号,项目名称,部门,开始日期,计划完成,预算(万元),状态灯
P1,甲,研发,2026-01-01,2026年12月,"1,234.5",绿
P2,乙,市场,30/06/2026,未定,涉密,延误
P3,丙,,2026-02-30,2026-12-31,-,紫
"""
FIELDS = {
    "code": "项目编号",
    "name": "项目名称",
    "unit": {"column": "部门", "create_parent": True},
    "planned_start": "开始日期",
    "planned_finish": "计划完成",
    "budget": {"column": "预算(万元)", "scale": 10000, "currency": "CNY"},
    "declared_rating": "状态灯",
}


def test_values_originals_and_refused_cells(tmp_path):
    batch = run(tmp_path, PORTFOLIO, FIELDS, as_of=date(2026, 6, 30))
    assert (batch.total, len(batch.rows), len(batch.refused)) == (3, 3, 0)
    first = batch.rows[0]
    assert first.values == {
        "code": "P1",
        "name": "甲",
        "unit": "研发",
        "planned_start": date(2026, 1, 1),
        "planned_finish": date(2026, 12, 31),
        "budget": Money(Decimal("12345000.00"), "CNY"),
        "declared_rating": Rating("green", "绿"),
    }
    assert first.raw["planned_finish"] == "2026年12月"
    assert (first.number, first.as_of, first.key) == (2, date(2026, 6, 30), "P1")
    assert refusals(batch) == [
        (3, "计划完成", "未定", "not_given"),
        (3, "预算(万元)", "涉密", "withheld"),
        (4, "开始日期", "2026-02-30", "no_such_date"),
        (4, "状态灯", "紫", "unknown_colour"),
    ]
    assert "budget" not in batch.rows[2].values
    assert batch.distinct("unit") == Counter({"研发": 1, "市场": 1})


def test_refusal_as_json(tmp_path):
    refusal = next(run(tmp_path, PORTFOLIO, FIELDS).refusals())
    data = refusal.to_json()
    assert (data["row"], data["column"], data["value"]) == (3, "计划完成", "未定")
    assert "未定" in data["reason"]
    assert sorted(data) == ["column", "reason", "row", "value"]


def test_composite_key(tmp_path):
    text = "uii,no,project\nA,1,x\nA,2,x\n,,y\nA,,z\n"
    batch = run(tmp_path, text, {"code": {"columns": ["uii", "no"], "separator": "/"}, "name": "project"})
    assert [(row.key, row.values["name"]) for row in batch.rows] == [("A/1", "x"), ("A/2", "x"), ("y", "y")]
    assert refusals(batch) == [(5, "no", "A/", "key_part_missing")]
    assert [row.number for row in batch.refused] == [5]


def test_first_of_several_columns(tmp_path):
    text = "name,plan b,plan a\nA,2026-05-01,2026-04-01\nB,-,2026-04-01\nC,,\nD,soon,2026-04-01\n"
    batch = run(tmp_path, text, {"name": "name", "planned_finish": {"first_of": ["plan b", "plan a"]}})
    days = [row.values.get("planned_finish") for row in batch.rows]
    assert days == [date(2026, 5, 1), date(2026, 4, 1), None, None]
    assert refusals(batch) == [(5, "plan b", "soon", "not_a_date")]


def test_constants_and_value_maps(tmp_path):
    fields = {
        "name": {"column": "n", "value_map": {"alpha": "Project Alpha", "zero": ""}},
        "country": {"constant": "China"},
        "status": {"column": "s", "value_map": {"läuft": "in_progress"}},
        "code": "c",
    }
    batch = run(tmp_path, "c,n,s\n1,Alpha,Läuft\n2,zero,Closed\n", fields)
    assert [row.values for row in batch.rows] == [
        {"code": "1", "name": "Project Alpha", "country": "China", "status": "in_progress"},
        {"code": "2", "country": "China", "status": "closed"},
    ]
    assert batch.rows[0].raw["name"] == "Alpha"


def test_a_code_that_cannot_be_read_refuses_the_row(tmp_path):
    batch = run(
        tmp_path, sheet_of([["code", "name"], ["#REF!", "Alpha"], ["P2", "Beta"]]), {"code": "code", "name": "name"}
    )
    assert [row.number for row in batch.refused] == [2]
    assert refusals(batch) == [(2, "code", "#REF!", "spreadsheet_error")]


def test_required_fields_refuse_the_row_others_only_the_cell(tmp_path):
    target = small_target(ImportField("start", "Start", "date", required=True), ImportField("end", "End", "date"))
    text = "name,start,end\nA,,\nB,soon,\nC,2026-01-01,soon\n"
    batch = run(tmp_path, text, {"name": "name", "start": "start", "end": "end"}, target)
    assert [row.number for row in batch.refused] == [2, 3]
    assert refusals(batch) == [
        (2, "start", "", "required_missing"),
        (3, "start", "soon", "not_a_date"),
        (4, "end", "soon", "not_a_date"),
    ]


def test_rows_without_identity_and_totals(tmp_path):
    batch = run(
        tmp_path, "code,name,budget\n,,5\n,合计,10\nT,Total,3\n", {"code": "code", "name": "name", "budget": "budget"}
    )
    assert [(row.number, row.problems[0].reason.code) for row in batch.refused] == [
        (2, "no_identity_in_row"),
        (3, "total_row"),
    ]
    assert batch.rows[0].key == "T"


def test_repeated_keys_name_the_earlier_row(tmp_path):
    text = "code,name\nP1,A\nP2,B\nP1,C\n,D Project\n,d\nP9,D\nP3,B\n,b\n"
    batch = run(tmp_path, text, {"code": "code", "name": "name"})
    repeated = {one.row: one.reason.params["earlier"] for one in batch.refusals()}
    assert repeated == {4: 2, 6: 5, 7: 5, 9: 3}
    assert {one.reason.code for one in batch.refusals()} == {"repeated_key"}


def test_date_column_makes_snapshots_and_keys_may_repeat_between_them(tmp_path):
    text = "year,name,dca\n2019,A,Red\n2018,A,Amber\n2018,B,Green\n2019,A,Green\n,C,Red\nlast year,D,Red\n"
    batch = run(
        tmp_path, text, {"name": "name", "reviewed_rating": "dca"}, date={"column": "year", "year_end": "03-31"}
    )
    by_date = [(day, [row.values["name"] for row in rows]) for day, rows in batch.by_date()]
    assert by_date == [(date(2018, 3, 31), ["A", "B"]), (date(2019, 3, 31), ["A"])]
    assert [(one.row, one.reason.code) for one in batch.refusals()] == [
        (5, "repeated_key"),
        (6, "no_snapshot_date"),
        (7, "not_a_date"),
    ]


def test_order_of_dates_is_decided_per_column_and_reported(tmp_path):
    text = "name,a,b,c\nA,03/04/21,03/04/21,25/12/20\nB,25/12/20,05/06/21,12/25/20\n"
    fields = {"name": "name", "planned_start": "a", "planned_finish": "b", "actual_start": "c"}
    batch = run(tmp_path, text, fields)
    assert batch.rows[0].values["planned_start"] == date(2021, 4, 3)
    assert {note.code: note.params["column"] for note in batch.notes} == {
        "date_order_found": "a",
        "date_order_open": "b",
        "date_order_mixed": "c",
    }
    chosen = run(tmp_path, text, {**fields, "planned_finish": {"column": "b", "date_order": "mdy"}})
    assert chosen.rows[0].values["planned_finish"] == date(2021, 3, 4)
    assert "date_order_open" not in {note.code for note in chosen.notes}


def test_decimal_comma_is_decided_per_column(tmp_path):
    batch = run(tmp_path, "name;a\nA;1.234,50\nB;2.000\n", {"name": "name", "budget": "a"})
    assert [row.values["budget"].amount for row in batch.rows] == [Decimal("1234.50"), Decimal("2000.00")]
    assert "decimal_comma" in {note.code for note in batch.notes}


def test_currency_column_speaks_for_amounts_without_one(tmp_path):
    text = "name,ccy,cost\nA,USD,5\nB,人民币,6\nC,HKD,$7\nD,USD,£8\nE,,9\nF,gold,10\n"
    batch = run(tmp_path, text, {"name": "name", "currency": "ccy", "budget": "cost"})
    money = {row.values["name"]: row.values.get("budget") for row in batch.rows}
    assert money == {
        "A": Money(Decimal("5.00"), "USD"),
        "B": Money(Decimal("6.00"), "CNY"),
        "C": Money(Decimal("7.00"), "HKD"),
        "D": None,
        "E": Money(Decimal("9.00"), ""),
        "F": Money(Decimal("10.00"), ""),
    }
    assert [(one.row, one.reason.code) for one in batch.refusals()] == [(5, "other_currency"), (7, "unknown_choice")]


def test_bounds_and_rounding(tmp_path):
    batch = run(tmp_path, "name,done\nA,33.335\nB,101%\nC,-1\n", {"name": "name", "percent_complete": "done"})
    assert batch.rows[0].values["percent_complete"] == Decimal("33.34")
    assert [(one.row, one.reason.code) for one in batch.refusals()] == [(3, "above_maximum"), (4, "below_minimum")]


def test_formula_cells(tmp_path):
    data = sheet_of([["name", "budget"], ["Alpha", "=1+1"]])
    batch = run(tmp_path, data, {"name": "name", "budget": "budget"})
    assert refusals(batch) == [(2, "budget", "", "formula_without_value")]


def test_stored_formula_values_can_be_refused(tmp_path):
    table = read(tmp_path, "name,budget\nAlpha,5\n")
    table.formulas = {(2, 1): True}
    fields = {"name": "name", "budget": "budget"}
    taken = apply_mapping(table, load_mapping({"fields": fields}), TARGET)
    assert taken.rows[0].values["budget"].amount == 5
    refused = apply_mapping(table, load_mapping({"fields": fields, "formulas": "refuse"}), TARGET)
    assert refusals(refused) == [(2, "budget", "5", "formula_refused")]


def test_rows_out_of_step_are_refused_whole(tmp_path):
    text = "code,name,budget\nP1,Alpha,1\nP2,Beta, the second,2\nP3,Gamma,3\n"
    batch = run(tmp_path, text, {"code": "code", "name": "name"})
    assert [row.values["code"] for row in batch.rows] == ["P1", "P3"]
    assert refusals(batch) == [(3, "", "2", "row_out_of_step")]


def test_unused_columns_are_reported(tmp_path):
    batch = run(tmp_path, "code,name,secret\nP1,A,x\n", {"name": "name"})
    assert [dict(note.params) for note in batch.notes if note.code == "columns_unused"] == [
        {"columns": ["code", "secret"]}
    ]


def test_a_mapping_that_does_not_fit_is_not_applied(tmp_path):
    with pytest.raises(MappingError) as caught:
        run(tmp_path, "code,name\nP1,A\n", {"name": "title"})
    assert caught.value.issues[0].message.params["column"] == "title"


def test_progress_is_reported(tmp_path):
    table = read(tmp_path, "name\n" + "".join(f"P{number}\n" for number in range(2_500)))
    told = []
    apply_mapping(table, load_mapping({"fields": {"name": "name"}}), TARGET, progress=told.append)
    assert told == [1_000, 2_000]


CELL = st.sampled_from(
    [
        "",
        "A",
        "a project",
        "P1",
        "2026-01-01",
        "31/12/26",
        "1,5",
        "Red",
        "=1",
        "合计",
        "TBD",
        "text with \x01 inside it",
        "-",
    ]
)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(*[CELL] * 5), max_size=12))
def test_nothing_is_lost(tmp_path, rows):
    """Every row is accepted or refused; every cell with content is a value, a refusal, or in a refused row."""
    lines = ["code\tname\tstart\tbudget\trag", *("\t".join(row) for row in rows)]
    table = read(tmp_path, "\n".join(lines), delimiter="\t", encoding="utf-8", header_row=1)
    columns = {"code": "code", "name": "name", "planned_start": "start", "budget": "budget", "declared_rating": "rag"}
    batch = apply_mapping(table, load_mapping({"fields": columns}), TARGET)
    assert batch.total == len(table.rows)
    assert all(any(problem.whole_row for problem in row.problems) for row in batch.refused)
    for row in batch.rows:
        original = dict(zip(columns, table.rows[table.numbers.index(row.number)], strict=True))
        refused = {problem.field for problem in row.problems}
        for key, cell in original.items():
            blank = not (cell or "").strip() or (cell == "-" and key not in ("code", "name"))
            assert blank or (key in row.values) != (key in refused)


def test_target_refuses_a_key_twice():
    with pytest.raises(ValueError):
        Target.of([ImportField("a", "A"), ImportField("a", "B")])
