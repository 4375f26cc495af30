"""Guessed mappings: headers in both languages, values as evidence, never one column for two fields."""

from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pmo.core.imports.apply import apply_mapping
from pmo.core.imports.checks import check_mapping
from pmo.core.imports.guess import guess_mapping, words_of
from pmo.core.imports.header_words import likeness, read_header
from pmo.core.imports.mapping import DateColumn, Source
from tests.imports.helpers import TARGET, read


def guessed(tmp_path, text):
    return guess_mapping(read(tmp_path, text), TARGET)


def columns(found):
    return {key: source.title for key, source in found.mapping.fields.items()}


CHINESE = """项目编号,项目名称,所属部门,项目经理,计划开始,计划完成,实际完成,预算(万元),完成率,健康度,状态,备注
P1,新能源平台,研发中心,王伟,2026-01-01,2026-12-31,,1200,35%,绿,进行中,按计划
P2,智能座舱,产品部,李娜,2026/02/01,2027年3月,,800,20%,黄,进行中,人手不足
P3,门店改造,零售部,张强,2025-05-01,2026-06-30,2026-07-15,300,100%,红,已关闭,
"""
ENGLISH = """Project ID,Project Name,Department,Project Manager,Start Date,End Date,Total Budget ($m),% Complete,RAG Status,Status
P1,New platform,R&D,Ann Lee,01/02/2026,31/12/2026,1.2,0.35,Green,Active
P2,Smart cockpit,Product,Bob Ray,15/03/2026,30/06/2027,0.8,0.2,Amber,On hold
"""


def test_chinese_headers(tmp_path):
    found = guessed(tmp_path, CHINESE)
    assert columns(found) == {
        "code": "项目编号",
        "name": "项目名称",
        "unit": "所属部门",
        "pm": "项目经理",
        "planned_start": "计划开始",
        "planned_finish": "计划完成",
        "actual_finish": "实际完成",
        "budget": "预算(万元)",
        "percent_complete": "完成率",
        "declared_rating": "健康度",
        "status": "状态",
        "declared_comment": "备注",
    }
    budget = found.mapping.fields["budget"]
    assert (budget.scale, budget.currency) == (Decimal(10_000), "CNY")
    assert found.mapping.fields["unit"].create_parent is True
    assert found.mapping.fields["pm"].create_parent is False
    assert found.unmapped == ()


def test_english_headers(tmp_path):
    found = guessed(tmp_path, ENGLISH)
    assert columns(found) == {
        "code": "Project ID",
        "name": "Project Name",
        "unit": "Department",
        "pm": "Project Manager",
        "planned_start": "Start Date",
        "planned_finish": "End Date",
        "budget": "Total Budget ($m)",
        "percent_complete": "% Complete",
        "declared_rating": "RAG Status",
        "status": "Status",
    }
    assert found.mapping.fields["budget"].scale == Decimal(1_000_000)
    assert found.mapping.fields["percent_complete"].scale == Decimal(100)


def test_a_guess_says_how_sure_it_is_and_why(tmp_path):
    by_field = {guess.field: guess for guess in guessed(tmp_path, CHINESE).guesses}
    assert by_field["code"].confidence == 1.0
    assert [reason.code for reason in by_field["budget"].reasons] == ["header_same", "values_fit", "unit_in_header"]
    assert all(0 < guess.confidence <= 1 and guess.reasons for guess in by_field.values())


def test_values_speak_against_a_header(tmp_path):
    found = guessed(tmp_path, "name,budget,start\nA,big,soon\nB,small,later\n")
    assert columns(found) == {"name": "name"}


def test_a_code_that_repeats_becomes_a_composite_key(tmp_path):
    found = guessed(tmp_path, "uii,project_id,project\nA,1,x\nA,2,y\nB,1,z\n")
    assert found.mapping.fields["code"] == Source(("uii", "project_id"), combine="join")


def test_a_code_that_repeats_without_a_partner_stays_alone(tmp_path):
    found = guessed(tmp_path, "code,title,team\nA,x,1\nA,y,1\n")
    assert found.mapping.fields["code"] == Source(("code",))


def test_records_that_repeat_by_year_make_snapshots(tmp_path):
    found = guessed(tmp_path, "year,project,dca\n2018,A,Red\n2018,B,Green\n2019,A,Amber\n2019,B,Red\n")
    assert found.mapping.date == DateColumn("year")
    assert columns(found) == {"name": "project", "reviewed_rating": "dca"}


def test_a_year_column_of_different_records_is_no_snapshot(tmp_path):
    assert guessed(tmp_path, "year,project\n2018,A\n2019,B\n").mapping.date is None


def test_ratings_are_known_by_their_values(tmp_path):
    found = guessed(tmp_path, "project,colour of the month\nA,Red\nB,Amber\nC,Green\n")
    assert columns(found)["declared_rating"] == "colour of the month"
    both = guessed(tmp_path, "project,dca,copy\nA,Red,Red\nB,Amber,Amber\nC,Green,Green\n")
    assert columns(both) == {"name": "project", "reviewed_rating": "dca"}


def test_a_name_without_a_known_header(tmp_path):
    found = guessed(tmp_path, "nr,was\n1,Neue Plattform\n2,Lager\n")
    assert columns(found)["name"] == "was"


def test_unit_in_header_is_not_used_when_the_cells_name_another(tmp_path):
    found = guessed(tmp_path, "name,预算(万元)\nA,3亿\nB,2亿\n")
    assert found.mapping.fields["budget"].scale == 1


@pytest.mark.parametrize(
    ("header", "name", "scale", "currency"),
    [
        ("预算(万元)", "预算", 10**4, "CNY"),
        ("预算（亿美元）", "预算", 10**8, "USD"),
        ("总投资/万", "总投资", 10**4, ""),
        ("合同额(元)", "合同额", 1, "CNY"),
        ("wlc_gbp_m", "wlc", 10**6, "GBP"),
        ("planned_cost_musd", "planned cost", 10**6, "USD"),
        ("Budget (£m)", "budget", 10**6, "GBP"),
        ("Cost (USD)", "cost", 1, "USD"),
        ("Total cost in millions", "total cost", 10**6, ""),
        ("budgetAmount €k", "budget amount", 10**3, "EUR"),
        ("planned_completion_b2", "planned completion b2", 1, ""),
        ("单元测试", "单元测试", 1, ""),
        ("M", "m", 1, ""),
        ("", "", 1, ""),
    ],
)
def test_headers_and_their_units(header, name, scale, currency):
    words = read_header(header)
    assert (words.name, words.scale, words.currency) == (name, Decimal(scale), currency)


def test_likeness_of_headers():
    assert likeness("project name", ["Project Name"])[:2] == (1.0, "same")
    assert likeness("planned completion b2", ["planned completion"])[1] == "inside"
    assert likeness("investment type", ["investment"])[0] < likeness("type", ["type"])[0] / 2
    assert likeness("projct name", ["project name"])[1] == "similar"
    assert likeness("项目总预算金额", ["预算"])[1] == "inside"
    assert likeness("weather", ["project name"]) == (0.0, "", "")


def test_words_for_the_value_mapping(tmp_path):
    table = read(tmp_path, "name,dca\nA,Red\nB,red\nC,1\nD,Amber/Red\nE,\n")
    uses = words_of(table, TARGET.fields["reviewed_rating"], Source(("dca",), value_map={"1": "green"}))
    assert [(use.word, use.count, use.meaning) for use in uses] == [
        ("Red", 2, "red"),
        ("1", 1, "green"),
        ("Amber/Red", 1, "red"),
    ]


HEADERS = st.sampled_from(
    [
        "name",
        "项目名称",
        "code",
        "id",
        "budget",
        "预算(万元)",
        "start",
        "计划完成",
        "year",
        "rag",
        "状态",
        "x",
        "",
        "owner",
        "uii",
    ]
)
CELLS = st.sampled_from(["", "A", "B", "1", "2018", "2019", "Red", "2026-01-01", "5%", "0.5", "进行中", "£5"])


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(HEADERS, min_size=1, max_size=8), st.data())
def test_a_guess_can_always_be_applied_and_uses_no_column_twice(tmp_path, headers, data):
    rows = data.draw(st.lists(st.lists(CELLS, min_size=len(headers), max_size=len(headers)), max_size=6))
    text = "\n".join("\t".join(row) for row in [[*headers, "end"], *[[*row, "z"] for row in rows]])
    table = read(tmp_path, text, delimiter="\t", header_row=1)
    found = guess_mapping(table, TARGET)
    used = [column for source in found.mapping.fields.values() for column in source.columns]
    if found.mapping.date is not None:
        used.append(found.mapping.date.column)
    assert len(used) == len(set(used))
    issues = check_mapping(found.mapping, table, TARGET)
    assert {issue.message.code for issue in issues} <= {"no_identity"}
    if not issues:
        assert apply_mapping(table, found.mapping, TARGET).total == len(table.rows)


@pytest.mark.parametrize(
    ("header", "words"),
    [("状态", ("绿", "黄", "红", "正常", "风险", "延期")), ("Status", ("Green", "Amber", "Red", "Green"))],
)
def test_a_status_of_colours_is_the_declared_rating(tmp_path, header, words):
    rows = "".join(f"P{number},Project {number},{word}\n" for number, word in enumerate(words))
    found = columns(guessed(tmp_path, f"Code,Name,{header}\n{rows}"))
    assert found["declared_rating"] == header
    assert "status" not in found


def test_a_status_with_a_word_of_its_own_stays_a_status(tmp_path):
    found = columns(guessed(tmp_path, "编号,名称,状态\nP1,一号,正常\nP2,二号,进行中\nP3,三号,正常\nP4,四号,延期\n"))
    assert found["status"] == "状态"
    assert "declared_rating" not in found
