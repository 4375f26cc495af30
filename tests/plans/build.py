"""Small plans that use everything a plan can say."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

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

DAY = (
    (datetime.time(8), datetime.time(12)),
    (datetime.time(13), datetime.time(17)),
)
NIGHT = ((datetime.time(20), datetime.time(0)),)


def at(day: int, hour: int = 8, month: int = 3) -> datetime.datetime:
    """A moment of 2027."""
    return datetime.datetime(2027, month, day, hour)


def week(**other: Any) -> dict[int, Any]:
    """Monday to Friday by day."""
    days: dict[int, Any] = {day: DAY for day in range(1, 6)} | {6: (), 7: ()}
    return days | {int(name[1:]): ranges for name, ranges in other.items()}


def calendars() -> tuple[Calendar, ...]:
    """A base with a holiday and a summer week, one below it, one of a resource that is written before its parent."""
    return (
        Calendar("9", "Night crew of Li Lei", "2", {day: None for day in range(1, 8)}, of_resource=True),
        Calendar(
            "1",
            "Standard",
            None,
            week(),
            exceptions=(
                DayException(datetime.date(2027, 10, 1), datetime.date(2027, 10, 7), name="National Day"),
                DayException(datetime.date(2027, 10, 9), datetime.date(2027, 10, 9), DAY, "Working Saturday"),
            ),
            weeks=(Week(datetime.date(2027, 7, 1), datetime.date(2027, 8, 31), week(d5=DAY[:1]), "Summer"),),
        ),
        Calendar("2", "Night", "1", week(d1=NIGHT, d2=None)),
    )


def resources() -> tuple[Resource, ...]:
    """A person, a material and a cost."""
    return (
        Resource(
            "1",
            "Li Lei",
            initials="LL",
            code="E017",
            email="lilei@example.com",
            group="Site",
            max_units=150.0,
            rate=Rate(Decimal("250.5"), "h"),
            overtime_rate=Rate(Decimal("4000"), "d"),
            cost_per_use=Decimal("80"),
            accrual="prorated",
            calendar="9",
            work=4800.0,
            cost=Decimal("20040"),
            notes="Knows the site.",
            fields=(Field("TEXT1", "Depot", "text", "North"),),
        ),
        Resource("2", "Concrete", kind="material", rate=Rate(Decimal("560"), ""), material_label="m³", accrual="start"),
        Resource("3", "Travel", kind="cost", accrual="end"),
    )


def fields() -> tuple[Field, ...]:
    """One of each kind."""
    return (
        Field("TEXT1", "Cost centre", "text", "=CC-100 工程"),
        Field("NUMBER2", "", "number", Decimal("12.25")),
        Field("COST1", "Reserve", "money", Decimal("1000.5")),
        Field("DATE1", "Permit", "date", at(4, 9)),
        Field("FLAG3", "Outdoors", "flag", True),
        Field("DURATION1", "Buffer", "duration", Span(960.0, "d")),
    )


def tasks() -> tuple[Task, ...]:
    """Two phases, three levels, a milestone."""
    return (
        Task("10", "Foundation", 1, wbs="1", summary=True, start=at(1), finish=at(12, 17), duration=Span(4800.0, "d")),
        Task(
            "11",
            "Dig",
            2,
            parent="10",
            wbs="1.1",
            priority=700,
            constraint="start_no_earlier_than",
            constraint_at=at(1),
            deadline=at(8, 17),
            calendar="2",
            ignore_resource_calendars=True,
            duration=Span(2400.0, "d", estimated=True),
            start=at(1),
            finish=at(5, 17),
            early_start=at(1),
            early_finish=at(5, 17),
            late_start=at(2),
            late_finish=at(8, 17),
            total_slack=480.0,
            free_slack=0.0,
            critical=False,
            percent_complete=40.0,
            percent_work_complete=35.0,
            actual_start=at(1, 9),
            actual_duration=Span(960.0, "d"),
            remaining_duration=Span(1440.0, "d"),
            work=2400.0,
            actual_work=840.0,
            remaining_work=1560.0,
            cost=Decimal("10020"),
            actual_cost=Decimal("3507"),
            remaining_cost=Decimal("6513"),
            fixed_cost=Decimal("250.25"),
            fixed_cost_accrual="prorated",
            notes="Mind the pipe.\nAsk the waterworks first.",
            hyperlink="https://example.com/permit",
            baselines=(
                Baseline(0, at(1), at(4, 17), Span(1920.0, "d"), 1920.0, Decimal("8016")),
                Baseline(3, at(1), at(5, 17), Span(2400.0, "d"), 2400.0, Decimal("10020")),
            ),
            fields=fields(),
        ),
        Task("12", "Formwork", 2, parent="10", wbs="1.2", summary=True, duration=Span(2400.0, "d")),
        Task("13", "Carpentry", 3, parent="12", wbs="1.2.1", duration=Span(2400.0, "w"), kind="fixed_work"),
        Task("14", "Pour", 2, parent="10", wbs="1.3", duration=Span(1440.0, "eh"), kind="fixed_duration", manual=True),
        Task(
            "15",
            "Foundation done",
            1,
            wbs="2",
            milestone=True,
            duration=Span(0.0, "d"),
            start=at(12, 17),
            finish=at(12, 17),
            critical=True,
            baselines=(Baseline(0, at(10, 17), at(10, 17), Span(0.0, "d")),),
        ),
    )


def plan(**other: Any) -> Plan:
    """The whole plan."""
    values: dict[str, Any] = {
        "title": "Harbour shed",
        "format": "mspdi",
        "application": "Microsoft",
        "start": at(1),
        "finish": at(12, 17),
        "status_at": at(3, 17),
        "currency": "CNY",
        "calendar": "1",
        "root_name": "Harbour shed",
        "calendars": calendars(),
        "resources": resources(),
        "tasks": tasks(),
        "links": (
            Link("11", "13"),
            Link("13", "14", "SS", Span(960.0, "d")),
            Link("14", "15", "FF", Span(-480.0, "ed")),
            Link("11", "14", "SF", Span(25.0, "%")),
        ),
        "assignments": (
            Assignment(
                "100",
                "11",
                "1",
                units=50.0,
                work=2400.0,
                actual_work=840.0,
                remaining_work=1560.0,
                cost=Decimal("10020"),
                actual_cost=Decimal("3507"),
                remaining_cost=Decimal("6513"),
                start=at(1),
                finish=at(5, 17),
                actual_start=at(1, 9),
                delay=Span(60.0, "h"),
                contour="bell",
                baselines=(Baseline(0, at(1), at(4, 17), None, 1920.0, Decimal("8016")),),
            ),
            Assignment("101", "14", "2", units=1200.0),
            Assignment("102", "13", None, work=480.0),
        ),
        "fields": (Field("TEXT1", "Site", "text", "Pier 4"),),
        "kept": (Remark("fields", "custom_fields", 6, ("Cost centre",)),),
        "lost": (Remark("file", "views", 2),),
    }
    return Plan(**(values | other))
