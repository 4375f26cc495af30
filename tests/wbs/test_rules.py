"""The verdict on a work breakdown structure, rule by rule, and what people type."""

from __future__ import annotations

import datetime

import pytest

from projects.calc.plan.document import Calendar, DayException, Span
from projects.calc.plan.pasted import read_pasted
from projects.calc.plan.typed import Rules, TypedError, read_duration, read_links, write_duration, write_link
from projects.calc.plan.wbs_rules import EMPTY, FAILED, PASSED, REMARKS, Limits, Row, judge
from projects.calc.plan.worktime import NoWorkingTimeError, Worktime

GOOD = [
    Row(1, 1, "1", "Phase"),
    Row(2, 2, "1.1", "Draw", minutes=960, duration=960, staffed=True),
    Row(3, 2, "1.2", "Build", minutes=960, duration=960, staffed=True),
    Row(4, 2, "1.3", "Ready", milestone=True),
]


def changed(index: int, **values: object) -> list[Row]:
    rows = list(GOOD)
    rows[index] = Row(**{**rows[index].__dict__, **values})  # type: ignore[arg-type]
    return rows


def test_a_good_structure_passes() -> None:
    assert judge(GOOD, Limits()).word == PASSED
    assert judge([], Limits()).word == EMPTY


@pytest.mark.parametrize(("rule", "rows", "limits"), [
    ("depth", GOOD, Limits(max_depth=1)),
    ("small", changed(1, minutes=60), Limits()),
    ("large", changed(1, minutes=81 * 60), Limits()),
    ("code", changed(1, code="7.1"), Limits(no_gaps=False)),
    ("code", changed(1, code=""), Limits()),
    ("gaps", changed(2, code="1.4"), Limits()),
    ("name", changed(1, name=" "), Limits()),
    ("whole", GOOD[:2], Limits()),
    ("own_work", changed(0, resources=True), Limits()),
    ("complete", changed(1, staffed=False), Limits()),
    ("complete", changed(1, duration=None), Limits()),
])  # fmt: skip
def test_each_rule_finds_its_rows(rule: str, rows: list[Row], limits: Limits) -> None:
    verdict = judge(rows, limits)
    assert verdict.found[rule]
    assert verdict.word == FAILED


def test_few_rows_are_remarks_and_switched_off_rules_are_silent() -> None:
    rows = [Row(n, 1, str(n), "Step", minutes=960, duration=960, staffed=n != 7) for n in range(1, 41)]
    verdict = judge(rows, Limits())
    assert (verdict.word, verdict.found["complete"], verdict.broken) == (REMARKS, [7], 1)
    assert judge(rows, Limits(complete=False)).word == PASSED
    assert judge(rows, Limits(remarks_percent=0)).word == FAILED


@pytest.mark.parametrize(("text", "minutes", "unit"), [
    ("5d", 2400, "d"), ("3 天", 1440, "d"), ("2w", 4800, "w"), ("1.5 mo", 14400, "mo"), ("4 小时", 240, "h"), ("7", 3360, "d"),
    ("2ed", 2880, "ed"), ("５ 个工作日", 2400, "d"), ("0", 0, "d"),
])  # fmt: skip
def test_durations_as_people_type_them(text: str, minutes: float, unit: str) -> None:
    rules = Rules()
    span = read_duration(text, rules)
    assert (span.minutes, span.unit) == (minutes, unit)
    for language in ("en", "zh-hans"):
        assert read_duration(write_duration(span.minutes, span.unit, rules, language=language), rules) == span
    assert write_duration(480, "d", rules, language="zh-hans", estimated=True) == "1 天?"


@pytest.mark.parametrize("text", ["soon", "d", "-3d", "5 parsecs", "1e9d", "99999999y", "٣d"])
def test_what_is_no_duration(text: str) -> None:
    with pytest.raises(TypedError):
        read_duration(text, Rules())


def test_links_as_people_type_them() -> None:
    rules = Rules()
    found = read_links("3, 5fs+2d；7SS-50%、 9FF", rules)
    texts = [f"{one.row}{write_link(one.kind, one.lag.minutes, one.lag.unit, rules)}" for one in found]
    assert texts == ["3", "5FS+2d", "7SS-50%", "9FF"]
    assert found[1].lag == Span(960.0, "d")
    for wrong in ("3 to 4", "x", "3FS+2", "3FS+", "3,3"):
        if wrong == "3FS+2":
            assert read_links(wrong, rules)[0].lag.minutes == 960
        else:
            with pytest.raises(TypedError):
                read_links(wrong, rules)


def test_working_time_skips_weekends_exceptions_and_follows_the_parent() -> None:
    parent = Calendar(
        "1", "Parent", None, {day: ((datetime.time(9), datetime.time(17)),) for day in range(1, 6)} | {6: (), 7: ()}
    )
    holiday = DayException(datetime.date(2026, 11, 4), datetime.date(2026, 11, 4))
    short = DayException(
        datetime.date(2026, 11, 5), datetime.date(2026, 11, 5), ((datetime.time(9), datetime.time(11)),)
    )
    own = Calendar("2", "Own", "1", {day: None for day in range(1, 8)}, (holiday, short))
    time = Worktime(own, {"1": parent})
    start = datetime.datetime(2026, 11, 3, 9)
    assert time.add(start, 480) == datetime.datetime(2026, 11, 3, 17)
    assert time.add(start, 600) == datetime.datetime(2026, 11, 5, 11)
    assert time.add(start, 601) == datetime.datetime(2026, 11, 6, 9, 1)
    assert time.between(start, datetime.datetime(2026, 11, 9, 10)) == 480 + 120 + 480 + 60
    assert time.first_at(datetime.datetime(2026, 11, 7)) == datetime.datetime(2026, 11, 9, 9)
    free = Calendar("3", "Free", None, {day: () for day in range(1, 8)})
    with pytest.raises(NoWorkingTimeError):
        Worktime(free).add(start, 1)


def test_pasted_rows_take_their_level_from_codes_levels_or_indents() -> None:
    assert [row.level for row in read_pasted("1\tA\n1.1\tB\n1.1.1\tC\n2\tD")] == [1, 2, 3, 1]
    assert [row.level for row in read_pasted("A\n  B\n    C\n\tD\n　E")] == [1, 2, 3, 2, 2]
    assert [row.level for row in read_pasted("级别\t任务名称\n2\tA\n4\tB\n2\tC")] == [1, 2, 1]
    row = read_pasted('Task name\tFinish\tDuration\tExtra\n"Two\nlines"\t2026-11-02\t3d\tmore')[0]
    assert (row.cells["name"], row.cells["duration"], row.rest) == ("Two\nlines", "3d", ["more"])
    assert read_pasted(" \n\t\n") == []
