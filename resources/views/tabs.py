"""The tab of the pool on a project's page."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from pmo.core.access.api import can
from pmo.core.calendars.queries import org_today, working_calendar
from pmo.core.registers.declaration import Tab, contribute_tabs
from pmo.core.web.formats import format_number
from projects.models import Project
from resources.capacity_grid import load_words
from resources.models import Allocation, EquipmentBooking
from resources.queries import project as figures


def resources_tab(request: HttpRequest, row: Project) -> HttpResponse:
    """People with their load, bookings, and by how much the people are promised beyond their capacity."""
    lang, today, calendar = get_language() or "zh-hans", org_today(), working_calendar()
    lines = figures.allocation_lines(row.pk, today, calendar)
    over = figures.project_over(row.pk, today, calendar)
    words = load_words()
    names = {line.row.person_id: str(line.row.person) for line in lines if line.kind in {"over", "extreme"}}
    context = {
        "project": row,
        "lines": [
            {
                "row": line.row,
                "load": _percent(line.load, lang),
                "word": words[line.kind] if line.load is not None else "",
                "strong": line.kind in {"over", "extreme"},
            }
            for line in lines
        ],
        "bookings": figures.bookings(row.pk, today),
        "over": None if over is None else format_number(over, 0 if over >= 10 else 1, lang),
        "is_over": bool(over),
        "over_names": list(names.values()),
        "days": figures.HORIZON,
        "can_propose": can(request.user, "add", Allocation(project=row)),
        "can_book": can(request.user, "add", EquipmentBooking(project=row)),
    }
    return render(request, "resources/tab_resources.html", context)


def _percent(value: float | None, lang: str) -> str:
    if value is None:
        return "—"
    return "∞" if value == float("inf") else f"{format_number(value, 0, lang)}%"


def contribute() -> None:
    """Add the tab to the project register's detail page."""
    contribute_tabs(
        "projects",
        [Tab("resources", _("Resources"), view=resources_tab, permission="resources.allocation.view", order=47)],
    )
