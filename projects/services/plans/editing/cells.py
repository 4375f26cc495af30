"""Typing into a row of the outline: name, duration, dates, predecessors, percentage, milestone, who is responsible.

A changed duration or start moves the finish over the task's calendar; a changed finish changes the duration. Other tasks do not move: the
network is reckoned elsewhere.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from pmo.core.audit.actor import Actor
from pmo.core.people.models import Person
from pmo.core.records.services import StaleRecord
from pmo.core.registers.values import find_by_label
from projects.calc.plan.typed import TypedError, TypedLink, circle, read_duration, read_links
from projects.calc.plan.worktime import NoWorkingTimeError
from projects.models.plan import PlanTask, PlanVersion, TaskLink
from projects.queries.plans.links import links_of
from projects.services.plans.editing.operations import REFUSALS
from projects.services.plans.editing.record import Done, Operation, lock
from projects.services.plans.editing.rollup import roll_up, rules_of, worktime_of
from projects.services.plans.editing.sheet import load

FIELDS = ("name", "duration", "start", "finish", "predecessors", "percent", "milestone", "responsible")
_OF_LEAVES = {"duration", "start", "finish", "percent", "milestone"}
_DATED = {"duration", "start", "finish", "percent", "milestone"}
UTC = datetime.UTC
_DAY_SIGNS = str.maketrans({"/": "-", ".": "-", "年": "-", "月": "-", "日": None})
_YES = frozenset({"1", "true", "on", "yes", "y", "x", "是", "√", "✓", "里程碑"})


@transaction.atomic
def edit_cell(
    *, actor: Actor, plan: PlanVersion, row: int, field: str, text: str, expected_version: int | None = None
) -> Done:
    """Take what was typed into one cell. Raises ValidationError under the field's name, StaleRecord where somebody was faster."""
    plan = lock(plan)
    task = PlanTask.objects.filter(plan=plan, pk=row).order_by("pk").first()
    if task is None:
        raise ValidationError(REFUSALS["gone"], code="gone")
    if expected_version is not None and task.version != expected_version:
        raise StaleRecord(task)
    work = Operation(actor, plan, "edit", task.name)
    if field == "predecessors":
        _write_links(work, task, text)
        touched = [row]
    else:
        values = typed_values(plan, task, field, text, actor)
        for column, value in values.items():
            work.set(row, column, getattr(task, column), value)
        touched = [row, *work.fields]
    if not (work.fields or work.links_added or work.links_gone):
        return Done(None, (row,), (), row, plan.updated_at, plan.updated_at)
    work.set(row, "version", task.version, task.version + 1)
    if field in _DATED:
        work.flush()
        roll_up(work, load(plan), touched)
    work.label = task.name or str(work.fields[row].get("name", ["", ""])[1])
    told = {column: pair for column, pair in work.fields[row].items() if column != "version"}
    if field == "predecessors":
        told["predecessors"] = [None, text]
    work.fields[row].pop("version", None)
    return work.done(row, told, (row,))


def typed_values(plan: PlanVersion, task: PlanTask, field: str, text: str, actor: Actor) -> dict[str, Any]:
    """The columns that follow from what was typed. Raises ValidationError under the field's name."""
    text = text.replace("\x00", "").strip()
    if field in _OF_LEAVES and task.summary:
        raise _wrong(field, _("A summary row takes this from the rows below it."))
    if field not in _READERS:
        raise ValidationError(_("There is no such column."), code="field")
    try:
        return _READERS[field](plan, task, text, actor)
    except NoWorkingTimeError:
        raise _wrong(field, _("The calendar of the plan has no working time then.")) from None


def _wrong(field: str, message: str) -> ValidationError:
    return ValidationError({field: message})


def _duration(plan: PlanVersion, task: PlanTask, text: str) -> dict[str, Any]:
    if not text:
        return {"duration": None, "estimated": False}
    try:
        span = read_duration(text, rules_of(plan))
    except TypedError:
        message = _("“%(text)s” is not a duration; write a number and a unit such as 5d, 2w, 4h or 3 天.")
        raise _wrong("duration", message % {"text": text}) from None
    values: dict[str, Any] = {
        "duration": span.minutes,
        "duration_unit": span.unit,
        "estimated": span.estimated,
        "milestone": span.minutes == 0,
    }
    if task.starts_at is not None:
        values["finishes_at"] = _later(plan, task, task.starts_at, span.minutes, span.unit)
    return values | _progress(task, span.minutes, task.percent_complete)


def _later(plan: PlanVersion, task: PlanTask, start: datetime.datetime, minutes: float, unit: str) -> datetime.datetime:
    """Where that much time ends; elapsed units run through nights and free days."""
    if unit.startswith("e"):
        return start + datetime.timedelta(minutes=minutes)
    return worktime_of(plan, task.calendar_id).add(start, minutes)


def _progress(task: PlanTask, minutes: float | None, percent: float | None) -> dict[str, Any]:
    """Actual and remaining duration go with duration and percentage where the plan keeps them."""
    if task.actual_duration is None and task.remaining_duration is None:
        return {}
    done = (minutes or 0) * (percent or 0) / 100
    return {"actual_duration": done, "remaining_duration": (minutes or 0) - done}


def _day(field: str, text: str) -> datetime.datetime:
    try:
        day = parse_date(text.translate(_DAY_SIGNS))
    except ValueError:
        day = None
    if day is None or not 1984 <= day.year <= 2149:
        message = _("“%(text)s” is not a date; write it as 2026-11-30.") % {"text": text}
        raise _wrong(field, message)
    return datetime.datetime.combine(day, datetime.time(), UTC)


def _start(plan: PlanVersion, task: PlanTask, text: str) -> dict[str, Any]:
    if not text:
        return {"starts_at": None, "finishes_at": None}
    start = worktime_of(plan, task.calendar_id).first_at(_day("start", text))
    return {
        "starts_at": start,
        "finishes_at": _later(plan, task, start, task.duration or 0, task.duration_unit or "d"),
    }


def _finish(plan: PlanVersion, task: PlanTask, text: str) -> dict[str, Any]:
    if not text:
        return {"finishes_at": None}
    day, worktime = _day("finish", text), worktime_of(plan, task.calendar_id)
    last = worktime.last_on(day.date())
    finish = datetime.datetime.combine(day.date(), last or datetime.time(23, 59), UTC)
    if task.starts_at is None:
        return {"finishes_at": finish}
    if task.milestone or not task.duration and task.starts_at.date() == day.date():
        return {"starts_at": finish, "finishes_at": finish}
    if finish <= task.starts_at:
        raise _wrong("finish", _("The finish is before the start."))
    minutes = worktime.between(task.starts_at, finish)
    if minutes <= 0:
        raise _wrong("finish", _("There is no working time between the start and this finish."))
    values = {"finishes_at": finish, "duration": minutes, "estimated": False}
    if (task.duration_unit or "d").startswith("e"):
        values["duration_unit"] = "d"
    return values | _progress(task, minutes, task.percent_complete)


def _percent(task: PlanTask, text: str) -> dict[str, Any]:
    if not text:
        return {"percent_complete": None}
    try:
        value = float(text.rstrip("%％ ").replace(",", "."))
    except ValueError:
        value = -1.0
    if not 0 <= value <= 100:
        raise _wrong("percent", _("“%(text)s” is not a percentage from 0 to 100.") % {"text": text})
    return {"percent_complete": value} | _progress(task, task.duration, value)


def _milestone(task: PlanTask, on: bool) -> dict[str, Any]:
    if not on:
        return {"milestone": False}
    at = task.finishes_at or task.starts_at
    return {"milestone": True, "duration": 0.0, "starts_at": at, "finishes_at": at, "estimated": False}


def _person(text: str, actor: Actor) -> int | None:
    if not text:
        return None
    found = find_by_label(Person, text, actor.user)
    if len(found) == 1:
        return int(found[0].pk)
    if found:
        raise _wrong("responsible", _("Several people are called “%(text)s”; give the staff number.") % {"text": text})
    raise _wrong(
        "responsible", _("Nobody is called “%(text)s”; give the staff number or the full name.") % {"text": text}
    )


def _name(text: str) -> dict[str, Any]:
    if len(text) > 1000:
        raise _wrong("name", _("A name has 1,000 characters at most."))
    return {"name": text}


_READERS: dict[str, Callable[[PlanVersion, PlanTask, str, Actor], dict[str, Any]]] = {
    "name": lambda plan, task, text, actor: _name(text),
    "responsible": lambda plan, task, text, actor: {"responsible_id": _person(text, actor)},
    "percent": lambda plan, task, text, actor: _percent(task, text),
    "milestone": lambda plan, task, text, actor: _milestone(task, text.lower() in _YES),
    "duration": lambda plan, task, text, actor: _duration(plan, task, text),
    "start": lambda plan, task, text, actor: _start(plan, task, text),
    "finish": lambda plan, task, text, actor: _finish(plan, task, text),
}


def _write_links(work: Operation, task: PlanTask, text: str) -> None:
    """Make the task's predecessors what was typed; links that stay as they are are left alone."""
    try:
        wanted = read_links(text.replace("\x00", ""), rules_of(work.plan))
    except TypedError as error:
        if error.code == "twice":
            raise _wrong("predecessors", _("Row %(row)s is named twice.") % {"row": error.text}) from None
        message = _("“%(text)s” is not a link; write the row's number, such as 3, 3FS+2d or 5SS.") % {
            "text": error.text
        }
        raise _wrong("predecessors", message) from None
    sheet = load(work.plan)
    outline = sheet.outline
    present = list(links_of(work.plan).filter(successor=task).order_by("pk"))
    left = {(row.predecessor_id, row.kind, row.lag, row.lag_unit): row.pk for row in present}
    fresh = []
    for link in wanted:
        if not 1 <= link.row <= len(outline):
            raise _wrong("predecessors", _("There is no row %(row)s.") % {"row": link.row})
        key = outline.ids[link.row - 1]
        _check_kin(outline, key, task.pk, link)
        known = next((one for one in left if one[:3] == (key, link.kind, link.lag.minutes)), None)
        if known is not None:
            left.pop(known)
        else:
            fresh.append((key, link))
    work.take_links(list(left.values()))
    if fresh:
        _refuse_circle(work.plan, task.pk, fresh)
    for key, link in fresh:
        row = TaskLink.objects.create(
            plan=work.plan,
            predecessor_id=key,
            successor=task,
            kind=link.kind,
            lag=link.lag.minutes,
            lag_unit=link.lag.unit,
        )
        work.links_added.append(row.pk)


def _check_kin(outline: Any, key: int, own: int, link: TypedLink) -> None:
    if key == own:
        raise _wrong("predecessors", _("A row does not follow itself."))
    places = outline.places
    first, second = sorted((places[key], places[own]))
    if second < outline.end(first):
        raise _wrong("predecessors", _("Row %(row)s is above or below this one in the outline.") % {"row": link.row})


def _refuse_circle(plan: PlanVersion, task: int, fresh: list[tuple[int, TypedLink]]) -> None:
    links: dict[int, list[int]] = defaultdict(list)
    for successor, predecessor in links_of(plan).values_list("successor_id", "predecessor_id"):
        links[successor].append(predecessor)
    for key, link in fresh:
        links[task].append(key)
        if circle(links, task):
            raise _wrong(
                "predecessors", _("With row %(row)s the links would go round in a circle.") % {"row": link.row}
            )
