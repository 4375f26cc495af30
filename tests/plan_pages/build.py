"""Small plans as a reader gives them, and a reader that gives them."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

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
    SourceProject,
    Span,
    Task,
)

WORK = ((datetime.time(8), datetime.time(12)), (datetime.time(13), datetime.time(17)))
WEEK = {day: WORK if day < 6 else () for day in range(1, 8)}


def at(day: int, hour: int = 8) -> datetime.datetime:
    """A moment in March 2027."""
    return datetime.datetime(2027, 3, day, hour)


def task(uid: str, name: str, **values: Any) -> Task:
    """A task of one day."""
    plain = {"level": 1, "wbs": uid, "duration": Span(480), "start": at(1), "finish": at(1, 17)}
    return Task(uid=uid, name=name, **{**plain, **values})


def small_plan() -> Plan:
    """A summary, two tasks and a milestone with links, a resource, a baseline, a cost, a custom field and remarks."""
    design = task(
        "2",
        "Design",
        level=2,
        parent="1",
        wbs="1.1",
        cost=Decimal("7200"),
        percent_complete=40.0,
        baselines=(Baseline(0, at(1), at(2, 17), Span(960)),),
        fields=(Field("TEXT1", "Cost centre", "text", "CC-17"),),
    )
    build = task("3", "Build", level=2, parent="1", wbs="1.2", start=at(3), finish=at(5, 17), duration=Span(1440))
    return Plan(
        title="Harbour crane renewal",
        format="mspdi",
        application="Microsoft Project",
        start=at(1),
        finish=at(5, 17),
        currency="CNY",
        calendar="1",
        calendars=(Calendar("1", "Standard", None, WEEK, (DayException(at(4).date(), at(4).date(), (), "Holiday"),)),),
        resources=(Resource("1", "Wu Lan", rate=Rate(Decimal("120"))),),
        tasks=(
            task("1", "Phase one", summary=True, wbs="1", finish=at(5, 17)),
            design,
            build,
            task("4", "Accepted", wbs="2", milestone=True, duration=Span(0), start=at(5, 17), finish=at(5, 17)),
        ),
        links=(Link("2", "3", "FS", Span(480)), Link("3", "4")),
        assignments=(Assignment("1", "2", "1", units=100.0, work=480.0),),
        kept=(Remark("fields", "test_kept", 1, ("Design",)),),
        lost=(Remark("costs", "test_lost", 2, ("Secret example 7200",)),),
    )


def changed_plan() -> Plan:
    """The same file a month later: Design is longer, Build is gone, Tests and Handover are new."""
    first = small_plan()
    phase, design, _build, accepted = first.tasks
    longer = replace(design, duration=Span(1920), finish=at(4, 17), cost=Decimal("9900"))
    tests = task("5", "Tests", level=2, parent="1", wbs="1.2", start=at(5), finish=at(5, 17))
    handover = task("6", "Handover", wbs="3", milestone=True, duration=Span(0), start=at(6, 17), finish=at(6, 17))
    return replace(first, tasks=(phase, longer, tests, accepted, handover), links=(Link("2", "5"), Link("5", "4")))


class FakeReader:
    """Stands for `projects.plan_files.reading`; counts how often a plan was read."""

    def __init__(self) -> None:
        self.plan = small_plan()
        self.sources = [SourceProject("", "Harbour crane renewal", 4)]
        self.error: Exception | None = None
        self.read: list[tuple[str, str | None]] = []

    def projects_of(self, path: Path, *, name: str) -> list[SourceProject]:
        """The projects of the file."""
        assert path.exists()
        if self.error is not None:
            raise self.error
        return self.sources

    def read_plan(
        self, path: Path, *, name: str, source_project: str | None = None, progress: Callable[..., None] | None = None
    ) -> Plan:
        """The plan."""
        if progress is not None:
            progress("parsing", 1, 2)
        self.read.append((name, source_project))
        return self.plan


def upload(name: str = "crane.xml", content: bytes = b"<Project/>") -> SimpleUploadedFile:
    """A file as a browser sends it."""
    return SimpleUploadedFile(name, content)
