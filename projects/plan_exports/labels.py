"""What the tables and columns of an export are called, in the language of whoever exports."""

from __future__ import annotations

from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from projects.models.plan import Assignment, PlanCalendar, PlanResource, PlanTask, PlanVersion, TaskBaseline, TaskLink

TITLES: dict[str, Any] = {
    "plan": _("Plan"),
    "tasks": _("Tasks"),
    "links": _("Links"),
    "resources": _("Resources"),
    "assignments": _("Assignments"),
    "baselines": _("Baselines"),
    "fields": _("Custom fields"),
    "calendars": _("Calendars"),
    "exceptions": _("Calendar exceptions"),
    "weeks": _("Working weeks"),
    "report": _("Import and export report"),
}
_MODELS: dict[str, Any] = {
    "plan": PlanVersion,
    "tasks": PlanTask,
    "links": TaskLink,
    "resources": PlanResource,
    "assignments": Assignment,
    "baselines": TaskBaseline,
    "calendars": PlanCalendar,
}
_NAMES = {"start": "starts_at", "finish": "finishes_at", "status_at": "status_at"}
_OWN: dict[str, Any] = {
    "day1": _("Monday"),
    "day2": _("Tuesday"),
    "day3": _("Wednesday"),
    "day4": _("Thursday"),
    "day5": _("Friday"),
    "day6": _("Saturday"),
    "day7": _("Sunday"),
    "of": pgettext_lazy("plan export", "Belongs to"),
    "uid": _("ID in the file"),
    "name": _("Name"),
    "value": _("Value"),
    "label": _("Label"),
    "kind": _("Kind"),
    "calendar": _("Calendar"),
    "first": _("First day"),
    "last": _("Last day"),
    "ranges": _("Working hours"),
    "what": pgettext_lazy("plan export", "What"),
    "area": _("Area"),
    "code": _("Code"),
    "count": _("Count"),
    "examples": _("Examples"),
    "task": _("Task"),
    "resource": _("Resource"),
    "format": _("Format"),
    "application": _("Program"),
}


def label_of(key: str, name: str) -> str:
    """The label of a column: the model's where it has one."""
    model = _MODELS.get(key)
    known = {f.name: f for f in model._meta.concrete_fields} if model is not None else {}
    field = known.get(_NAMES.get(name, name))
    if field is not None and key not in ("calendars", "plan"):
        return capfirst(str(field.verbose_name))
    return str(_OWN[name]) if name in _OWN else capfirst(str(field.verbose_name)) if field is not None else name
