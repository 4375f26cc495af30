"""What the report of an export says in words."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from projects.plan_files import wording

_TEXTS: dict[str, Any] = {
    "activity_id": _("Activity IDs: the format has the WBS code only"),
    "task_type": _("Task types that the format does not know: fixed duration is written"),
    "constraint_nearest": _("Constraints that the format does not know: the nearest one is written"),
    "second_constraint": _("Second constraints: a task has one there"),
    "unit_years": _("Durations in years: written in months"),
    "one_unit": _("Durations of one task in several units: the format keeps one"),
    "delay_unit": _("Units of delays: the format keeps minutes"),
    "rounded": _("Fractions beyond a tenth of a minute or a whole percent: rounded"),
    "contour": _("Work contours that the format does not know"),
    "project_fields": _("Details of the project that the format has no place for"),
    "fields_renamed": _("Fields of other programs: written into free custom fields under their labels"),
    "fields_without_room": _("Custom fields beyond those that the format has"),
    "rates_per_hour": _("Rates that are no even amount per hour, in which the format keeps them"),
    "calendar_of_nobody": _("Calendars of resources that no resource has: written as base calendars"),
    "text_cut": _("Texts longer than a cell holds: cut"),
}


def export_text(code: str) -> str:
    """What a line of the export's own report says."""
    return str(_TEXTS[code]) if code in _TEXTS else wording.remark_text(code)
