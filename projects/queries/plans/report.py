"""The fidelity report of a plan file as its page shows it, in the reader's language."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.utils.translation import gettext as _

from projects.calc.plan.document import Span
from projects.calc.plan.summary import Item
from projects.calc.plan.timesheets import TaskHours
from projects.plan_files.texts import TEXTS, error_message
from projects.queries.plans.fields import days_text, shown_value
from projects.queries.plans.taken import hours_sentence
from projects.queries.plans.words import area_label, line_label, remark_text

MASK = "***"
_DEEPEST = 5
_COUNTED = ("tasks", "links", "calendars", "resources", "assignments", "baselines")


@dataclass(frozen=True)
class Line:
    """One line of the report: a text, how many, examples, and the code its rows are asked by ("" where there are none)."""

    text: str
    count: int
    examples: tuple[str, ...]
    code: str = ""


@dataclass(frozen=True)
class Area:
    """The lines of one area."""

    label: str
    lines: list[Line]


def counts(report: Mapping[str, Any]) -> list[tuple[str, int]]:
    """How many of each kind were read."""
    found = report.get("counts", {})
    return [(area_label(area), found.get(area, 0)) for area in _COUNTED]


def lines(report: Mapping[str, Any], *, money: bool) -> dict[str, Any]:
    """What was read, by area; what is kept elsewhere; what is lost. Amounts in examples are for who may see money."""
    read = [
        Area(
            area_label(area),
            [Line(line_label(one["code"]), one["count"], tuple(one["examples"]), one["code"]) for one in found],
        )
        for area, found in groupby(report.get("held", []), key=lambda one: one["area"])
    ]
    return {
        "read": read,
        "kept": _remarks(_with_registers(report, "kept"), money=money),
        "lost": _remarks(_with_registers(report, "lost"), money=money),
        "lost_count": len(_with_registers(report, "lost")),
    }


def _with_registers(report: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    """Lines of the plan, then those of the rows that came along for registers."""
    return [*report.get(name, []), *(line for one in report.get("registers", []) for line in one[name])]


def _remarks(stored: Sequence[Mapping[str, Any]], *, money: bool) -> list[Area]:
    shown = []
    for area, found in groupby(sorted(stored, key=lambda one: str(one["area"])), key=lambda one: str(one["area"])):
        hidden = area == "costs" and not money
        shown.append(
            Area(
                area_label(area),
                [Line(remark_text(one), one["count"], () if hidden else tuple(one["examples"])) for one in found],
            )
        )
    return shown


def error_text(error: Mapping[str, Any]) -> str:
    """Why a file could not be read, in the active language; "" for one that was only stopped."""
    code = error.get("code", "")
    if code == "interrupted":
        return _("Reading was interrupted. The file is kept: read it again.")
    if code == "gone":
        return _("The file is no longer in the storage as it was uploaded. Upload it again, and tell the PMO.")
    if not code:
        return ""
    return error_message(code, error.get("params", {})) if code in TEXTS else _("The file could not be read.")


def shown_rows(rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The first rows of the outline, formatted."""
    return [
        {
            **row,
            "depth": min(row["level"], _DEEPEST),
            "start": shown_moment(row["start"]),
            "finish": shown_moment(row["finish"]),
            "duration": shown_value(Span(**row["duration"])) if row["duration"] else "",
        }
        for row in rows
    ]


def shown_moment(text: str | None) -> str:
    """A stored moment in the reader's language; "" for none."""
    return shown_value(datetime.datetime.fromisoformat(text)) if text else ""


def shown_item(item: Item, *, money: bool) -> tuple[str, str, str]:
    """Place, name and value of a row behind a line; amounts are masked for who may not see money."""
    value = item.value
    if item.money and not money:
        return item.place, item.name, MASK
    if isinstance(value, TaskHours):
        return item.place, item.name, hours_sentence(value)
    if isinstance(value, tuple):
        return item.place, item.name, days_text(*value)
    return item.place, item.name, shown_value(value)
