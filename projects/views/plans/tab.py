"""The plan tab of a project: the outline with its Gantt chart, a page at a time, versions, exports, the verdict on the WBS."""

from __future__ import annotations

import datetime
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from pmo.core.access.api import can
from pmo.core.access.grants import grants_of
from pmo.core.calendars.queries import org_today
from pmo.core.charts.gantt import GanttLink, GanttRow, gantt
from pmo.core.charts.model import RowBars
from projects.access import EDIT_PLAN, IMPORT_PLAN
from projects.features import may_import
from projects.models import Project
from projects.models.plan import PlanVersion
from projects.queries.plans.outline_page import (
    CRITICAL,
    FILTERS,
    LATE,
    MILESTONES,
    MINE,
    Figures,
    Line,
    Part,
    figures,
    part_of,
)
from projects.queries.plans.wbs import limits_of, rules_in_force, verdict_of
from projects.services.plans.editing.rollup import rules_of
from projects.views.plans.common import number_of, tab_url
from projects.views.plans.wbs import shown_verdict

LEVELS = (1, 2, 3, 4)
_MOST_FOLDS = 400
_LISTED = 5


def plan_tab(request: HttpRequest, row: Project) -> HttpResponse:
    """The published plan, the version of `?version=`, or the draft where nothing is published yet."""
    edit = can(request.user, EDIT_PLAN, row)
    known = PlanVersion.objects.filter(project=row).select_related("published_by__person", "source")
    if not edit:
        known = known.exclude(state=PlanVersion.State.DRAFT)
    versions = list(known.order_by("-number")[: _LISTED + 1])
    plan, draft = _chosen(known, versions, number_of(request.GET, "version"))
    context: dict[str, Any] = {
        "project": row,
        "plan": plan,
        "versions": versions[:_LISTED],
        "more_versions": len(versions) > _LISTED,
        "all_versions": f"{reverse('register-list', kwargs={'key': 'plan-versions'})}?project={row.pk}",
        "draft": draft,
        "edit": edit,
        "import": may_import(request.user, row),
        "keeper": can(request.user, IMPORT_PLAN, row),
        "tab_url": tab_url(row.pk),
    }
    if plan is None:
        return render(request, "projects/plans/tab.html", context)
    context |= _outline(request, row, plan)
    if request.htmx and "from" in request.GET:  # type: ignore[attr-defined]
        return render(request, "projects/plans/tab_rows.html", context)
    verdict = verdict_of(plan, limits_of(rules_in_force()))
    return render(request, "projects/plans/tab.html", context | shown_verdict(verdict))


def _chosen(known: Any, listed: list[PlanVersion], number: int | None) -> tuple[PlanVersion | None, PlanVersion | None]:
    """The version asked for, else the published one, else the newest; and the draft. One statement where they are not listed."""
    states = (PlanVersion.State.PUBLISHED, PlanVersion.State.DRAFT)
    found = listed
    if number is not None or len(listed) > _LISTED:
        found = [*listed, *known.filter(Q(number=number) | Q(state__in=states))]
    by_state = {one.state: one for one in found if one.state in states}
    asked = next((one for one in found if one.number == number), None)
    newest = listed[0] if listed else None
    return asked or by_state.get(PlanVersion.State.PUBLISHED) or newest, by_state.get(PlanVersion.State.DRAFT)


def _outline(request: HttpRequest, project: Project, plan: PlanVersion) -> dict[str, Any]:
    today = org_today()
    only = request.GET.get("only", "")
    only = only if only in FILTERS else ""
    level = number_of(request.GET, "level")
    level = level if level in LEVELS else None
    closed = frozenset(
        int(one)
        for one in request.GET.get("closed", "").split(".")[:_MOST_FOLDS]
        if one.isascii() and one.isdigit() and len(one) < 19
    )
    first = number_of(request.GET, "from") or 0
    person = grants_of(request.user).person_id
    part = part_of(plan, rules_of(plan), today, level=level, closed=closed, only=only, person=person, first=first)
    known = figures(plan, today)
    state = {"version": plan.number if "version" in request.GET else "", "only": only, "level": level or ""}
    state["closed"] = ".".join(map(str, sorted(closed)))
    base = tab_url(project.pk)
    drawn = _drawn(part, plan, known, today)
    return {
        "part": part,
        "figures": known,
        "rows": list(
            zip(
                part.lines,
                drawn.bars,
                [_fold(base, state, line, closed) for line in part.lines],
                strict=True,
            )
        ),
        "axis": drawn,
        "more_url": _url(base, state | {"from": part.next}) if part.next else "",
        "filters": [
            (label, _url(base, state | {"only": key, "from": ""}), key == only)
            for key, label in _filter_words(bool(person)).items()
        ],
        "levels": [
            (one, _url(base, state | {"level": one, "closed": "", "only": ""}), one == level)
            for one in LEVELS
            if one < part.deepest
        ],
        "all_url": _url(base, state | {"level": "", "closed": "", "only": ""}),
        "level": level,
        "only": only,
        "today": today,
    }


def _filter_words(person: bool) -> dict[str, str]:
    words = {
        "": _("All rows"),
        LATE: pgettext("task", "Late"),
        CRITICAL: _("Critical"),
        MILESTONES: _("Milestones"),
        MINE: _("Mine"),
    }
    return words if person else {key: word for key, word in words.items() if key != MINE}


def _url(base: str, state: dict[str, Any]) -> str:
    kept = {key: value for key, value in state.items() if value not in ("", None)}
    return f"{base}?{urlencode(kept)}" if kept else base


def _fold(base: str, state: dict[str, Any], line: Line, closed: frozenset[int]) -> str:
    """The address with the branch opened or closed."""
    if not line.task.summary or state["only"]:
        return ""
    if line.closed and line.task.pk not in closed:
        return _url(base, state | {"level": line.task.level + 1 if line.task.level < max(LEVELS) else ""})
    folds = closed ^ {line.task.pk}
    return _url(base, state | {"closed": ".".join(map(str, sorted(folds)))})


def _span(plan: PlanVersion, known: Figures, today: datetime.date) -> tuple[datetime.date, datetime.date]:
    ends = [one.date() for one in (known.first, known.finish, known.baseline_finish) if one is not None] or [today]
    return min(ends), max(ends)


def _drawn(part: Part, plan: PlanVersion, known: Figures, today: datetime.date) -> RowBars:
    first, last = _span(plan, known, today)
    places = {line.task.pk: index for index, line in enumerate(part.lines)}
    rows = [_drawing(part, line, index, places) for index, line in enumerate(part.lines)]
    status = plan.status_at.date() if plan.status_at else None
    # Rows that are brought later have no legend of their own.
    further = known.kinds if part.next else frozenset()
    return gantt(rows, first, last, today, status, further, lang=get_language())


def _drawing(part: Part, line: Line, index: int, places: dict[int, int]) -> GanttRow:
    task, agreed = line.task, line.baseline
    return GanttRow(
        label=task.name,
        start=task.starts_at,
        finish=task.finishes_at,
        baseline_start=agreed.starts_at if agreed else None,
        baseline_finish=agreed.finishes_at if agreed else None,
        done=(task.percent_complete or 0) / 100,
        summary=task.summary,
        milestone=task.milestone,
        critical=bool(task.critical) and not task.summary,
        links=tuple(
            link
            for before, kind in line.links
            if before in places and (link := _link(part.lines[places[before]].task, task, kind, index - places[before]))
        ),
    )


def _link(before: Any, after: Any, kind: str, rows_up: int) -> GanttLink | None:
    start = before.starts_at if kind[0] == "S" else before.finishes_at
    end = after.starts_at if kind[1] == "S" else after.finishes_at
    if start is None or end is None:
        return None
    return GanttLink(rows_up, start, end, bool(before.critical and after.critical))
