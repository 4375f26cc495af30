"""What fields of a plan are called and how their values read, by the attribute of `projects.calc.plan.document`."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from typing import Any

from django.utils.dates import WEEKDAYS_ABBR
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _

from pmo.core.calendars.queries import org_today
from pmo.core.web.formats import format_date, format_number
from projects.calc.plan.document import DayException, Range, Rate, Span, Week
from projects.models.plan import Assignment, PlanResource, PlanTask, PlanVersion, TaskLink

_MODELS: tuple[Any, ...] = (PlanTask, PlanResource, Assignment, PlanVersion, TaskLink)
_COLUMNS = {"start": "starts_at", "finish": "finishes_at"}
_LABELS: dict[str, Any] = {
    "second_constraint": gettext_lazy("Second constraint"),
    "second_constraint_at": gettext_lazy("Date of the second constraint"),
    "ignore_resource_calendars": gettext_lazy("Resource calendars are ignored"),
    "fixed_cost_accrual": gettext_lazy("Accrual of the fixed cost"),
    "accrual": gettext_lazy("Cost accrual"),
    "material_label": gettext_lazy("Unit of the material"),
    "critical_slack": gettext_lazy("Critical up to a float of"),
    "root_name": gettext_lazy("Name of the project's own row"),
    "week": pgettext_lazy("calendar", "Week"),
    "weeks": gettext_lazy("Work weeks"),
    "exceptions": gettext_lazy("Calendar exceptions"),
    "of_resource": gettext_lazy("Calendar of a resource"),
    "parent": pgettext_lazy("calendar", "Based on"),
    "lag": gettext_lazy("Lag"),
    "delay": pgettext_lazy("assignment", "Delay"),
    "contour": gettext_lazy("Work contour"),
}
_MINUTES = {"work", "actual_work", "remaining_work", "total_slack", "free_slack", "critical_slack"}
_PERCENT = {"percent_complete", "percent_work_complete", "physical_percent", "units", "max_units"}
_WORKING = {"m": 1, "h": 60, "d": 480, "w": 2400, "mo": 9600, "y": 124_800}
_ELAPSED = {"m": 1, "h": 60, "d": 1440, "w": 10_080, "mo": 43_200, "y": 525_600}
_MOST_PARTS = 6


def field_label(name: str) -> str:
    """What a field is called; a custom field as people named it."""
    if name.startswith("fields."):
        return name.removeprefix("fields.")
    if name in _LABELS:
        return str(_LABELS[name])
    field = _field(name)
    return str(field.verbose_name) if field is not None else name


@cache
def _field(name: str) -> Any:
    column = _COLUMNS.get(name, name)
    for model in _MODELS:
        found = {one.name: one for one in model._meta.concrete_fields}
        if column in found:
            return found[column]
    return None


def field_value(name: str, value: Any) -> str:
    """A value of the field in the reader's language."""
    if value is None or (isinstance(value, str) and not value.strip()):
        return "—"
    if name in _MINUTES:
        return shown_value(Span(float(value), "h"))
    if name in _PERCENT:
        return f"{shown_value(value)}%"
    choices = dict(getattr(_field(name), "flatchoices", None) or ())
    if isinstance(value, str) and value in choices:
        return str(choices[value])
    return shown_value(value)


def shown_value(value: Any) -> str:
    """A value of a plan in the reader's language, whatever it is."""
    lang = get_language() or "zh-hans"
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, datetime.date):
        return _moment(value, lang)
    if isinstance(value, Span):
        return _span(value, lang)
    if isinstance(value, int | float | Decimal):
        return _number(value, lang)
    if isinstance(value, Rate):
        return (
            f"{_number(value.amount, lang)} / {_units().get(value.per, value.per)}"
            if value.per
            else shown_value(value.amount)
        )
    if isinstance(value, Mapping):
        return _listed([f"{WEEKDAYS_ABBR[int(day) - 1]} {_ranges(ranges)}" for day, ranges in value.items()], 7)
    if isinstance(value, tuple):
        return _listed([_part(one, lang) for one in value], _MOST_PARTS)
    return str(value)


def _listed(parts: list[str], most: int) -> str:
    shown = _(", ").join(parts[:most])
    return shown if len(parts) <= most else _("%(parts)s and %(n)s more") % {"parts": shown, "n": len(parts) - most}


def _part(value: Any, lang: str) -> str:
    if isinstance(value, DayException | Week):
        days = _days(value.first, value.last, lang)
        return f"{value.name} {days}".strip()
    return shown_value(value)


def days_text(first: datetime.date, last: datetime.date) -> str:
    """A day, or from when to when."""
    return _days(first, last, get_language() or "zh-hans")


def _days(first: datetime.date, last: datetime.date, lang: str) -> str:
    start = _moment(first, lang)
    return start if first == last else f"{start} – {_moment(last, lang)}"


def _moment(value: datetime.date, lang: str) -> str:
    """The day, with the time of day where it has one."""
    if not isinstance(value, datetime.datetime):
        return format_date(value, lang, org_today(), weekday=False)
    day = format_date(value.date(), lang, org_today(), weekday=False)
    return f"{day} {value:%H:%M}"


def _ranges(ranges: tuple[Range, ...] | None) -> str:
    if ranges is None:
        return _("as the calendar it is based on")
    return " ".join(f"{start:%H:%M}–{end:%H:%M}" for start, end in ranges) or _("free")


def _number(value: float | Decimal, lang: str) -> str:
    return format_number(value, 0 if value == int(value) else 2, lang)


def _units() -> dict[str, str]:
    return {"m": _("min"), "h": _("h"), "d": _("d"), "w": _("wk"), "mo": _("mo"), "y": _("yr")}


def _span(span: Span, lang: str) -> str:
    if span.unit == "%":
        return f"{_number(span.minutes, lang)}%"
    elapsed = span.unit.startswith("e")
    unit = span.unit.removeprefix("e")
    amount = span.minutes / (_ELAPSED if elapsed else _WORKING).get(unit, 480)
    text = f"{_number(amount, lang)} {_units().get(unit, unit)}"
    text = _("%(span)s elapsed") % {"span": text} if elapsed else text
    return f"{text}?" if span.estimated else text
