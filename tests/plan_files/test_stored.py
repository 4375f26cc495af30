"""Plans written as JSON and read again are the same plans."""

from __future__ import annotations

import datetime
import json
from decimal import Decimal

from projects.calc.plan import stored
from projects.calc.plan.document import (
    Assignment,
    Baseline,
    Calendar,
    DayException,
    Field,
    Link,
    Plan,
    Rate,
    Remark,
    Resource,
    Span,
    Task,
    Week,
)

MORNING = (datetime.time(8), datetime.time(12))
NIGHT = (datetime.time(23), datetime.time(0))
WEEK = {1: (MORNING, NIGHT), 6: (), 7: None}
DAY = datetime.date(2026, 10, 1)
AT = datetime.datetime(2026, 10, 1, 8, 30)
FIELDS = (
    Field("TEXT1", "成本中心", "text", "研发"),
    Field("NUMBER1", "", "number", Decimal("0.10")),
    Field("COST1", "", "money", Decimal("12.3400")),
    Field("DATE1", "", "date", AT),
    Field("FLAG1", "", "flag", False),
    Field("DURATION1", "", "duration", Span(90.0, "eh", True)),
)
BASELINES = (Baseline(0, AT, AT, Span(60.0, "h"), 30.0, Decimal("5.5")), Baseline(10))
PLAN = Plan(
    title="Plan",
    format="mspdi",
    start=AT,
    calendar="1",
    calendars=(
        Calendar("1", "Standard", None, WEEK, (DayException(DAY, DAY, (MORNING,), "国庆"),), (Week(DAY, DAY, WEEK),)),
    ),
    resources=(Resource("1", "甲", rate=Rate(Decimal("20.5"), "d"), max_units=250.0, fields=FIELDS),),
    tasks=(
        Task("1", "A", 1, summary=True, start=AT, baselines=BASELINES, fields=FIELDS),
        Task(
            "2",
            "B",
            2,
            parent="1",
            duration=Span(480.0),
            critical=False,
            cost=Decimal("0.0"),
            finish=AT.replace(second=7),
        ),
    ),
    links=(Link("1", "2"), Link("2", "1", "SS", Span(-15.0, "%"))),
    assignments=(Assignment("1", "2", None, units=50.0, delay=Span(5.0, "ed"), baselines=BASELINES),),
    kept=(Remark("fields", "custom", 2, ("a", "b")),),
)


def test_a_plan_comes_back_the_same() -> None:
    written = json.loads(json.dumps(stored.plan_json(PLAN)))

    assert stored.plan_of(written) == PLAN
    assert str(stored.plan_of(written).tasks[0].fields[1].value) == "0.10"


def test_values_equal_to_the_default_are_left_out() -> None:
    assert stored.plan_json(Plan(tasks=(Task("1", "A", 1),))) == {"tasks": [{"uid": "1", "name": "A", "level": 1}]}


def test_parts_come_back_the_same() -> None:
    calendar = PLAN.calendars[0]

    assert stored.days_json(WEEK) == {"1": [["08:00", "12:00"], ["23:00", "00:00"]], "6": [], "7": None}
    assert stored.days_of(stored.days_json(WEEK)) == WEEK
    assert stored.exceptions_of(stored.exceptions_json(calendar.exceptions)) == calendar.exceptions
    assert stored.weeks_of(stored.weeks_json(calendar.weeks)) == calendar.weeks
    assert stored.fields_of(stored.fields_json(FIELDS)) == FIELDS
    assert stored.baselines_of(stored.baselines_json(BASELINES)) == BASELINES
    assert stored.remarks_of(stored.remarks_json(PLAN.kept)) == PLAN.kept
