"""The words of a fidelity report: areas, and the lines of what was read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from projects.plan_files import wording

AREAS: dict[str, Any] = {
    "tasks": gettext_lazy("Tasks"),
    "links": pgettext_lazy("plan", "Links"),
    "calendars": pgettext_lazy("plan", "Calendars"),
    "resources": pgettext_lazy("plan", "Resources"),
    "assignments": gettext_lazy("Assignments"),
    "baselines": gettext_lazy("Baselines"),
    "costs": pgettext_lazy("plan", "Costs"),
    "fields": gettext_lazy("Custom fields"),
    "risks": gettext_lazy("Risks"),
    "issues": gettext_lazy("Issues"),
    "timesheets": gettext_lazy("Timesheets"),
    "file": gettext_lazy("File"),
    "plan": gettext_lazy("Plan"),
}
_LINES: dict[str, Any] = {
    "tasks": gettext_lazy("Tasks with outline and WBS code"),
    "summaries": gettext_lazy("Summary tasks"),
    "milestones": gettext_lazy("Milestones"),
    "progress": gettext_lazy("Tasks with progress"),
    "constraints": gettext_lazy("Constraints"),
    "deadlines": gettext_lazy("Deadlines"),
    "task_calendars": gettext_lazy("Tasks with a calendar of their own"),
    "by_hand": gettext_lazy("Tasks scheduled by hand"),
    "inactive": gettext_lazy("Inactive tasks"),
    "notes": gettext_lazy("Notes"),
    "hyperlinks": gettext_lazy("Hyperlinks"),
    "FS": gettext_lazy("Finish to start"),
    "SS": gettext_lazy("Start to start"),
    "FF": gettext_lazy("Finish to finish"),
    "SF": gettext_lazy("Start to finish"),
    "lags": gettext_lazy("Links with lag or lead"),
    "calendars": gettext_lazy("Working calendars"),
    "exceptions": gettext_lazy("Calendar exceptions"),
    "work_weeks": gettext_lazy("Work weeks"),
    "resources_work": pgettext_lazy("plan resources", "People and equipment"),
    "resources_material": pgettext_lazy("plan resources", "Material"),
    "resources_cost": pgettext_lazy("plan resources", "Cost resources"),
    "assignments": gettext_lazy("Assignments"),
    "task_costs": gettext_lazy("Tasks with costs"),
    "rates": gettext_lazy("Resources with rates"),
    "risks": gettext_lazy("Risks"),
    "issues": gettext_lazy("Issues"),
    "timesheet_lines": gettext_lazy("Lines of timesheets"),
    "timesheet_tasks": gettext_lazy("Hours by task"),
}
_OWNERS: dict[str, Any] = {
    "project": pgettext_lazy("custom field of", "project"),
    "task": pgettext_lazy("custom field of", "task"),
    "resource": pgettext_lazy("custom field of", "resource"),
    "assignment": pgettext_lazy("custom field of", "assignment"),
}


def area_label(area: str) -> str:
    """What an area of the report is called."""
    return str(AREAS.get(area, area))


def line_label(code: str) -> str:
    """What a line of what was read is called (codes of `projects.calc.plan.summary`)."""
    kind, _colon, rest = code.partition(":")
    if kind == "baseline":
        return _("Baseline %(number)s") % {"number": rest}
    if kind == "field":
        owner, _colon, name = rest.partition(":")
        return _("%(name)s (%(owner)s)") % {"name": name, "owner": _OWNERS.get(owner, owner)}
    return str(_LINES.get(code, code))


def remark_text(stored: Mapping[str, Any]) -> str:
    """What a line of what is kept elsewhere or lost says."""
    return wording.remark_text(str(stored["code"]))
