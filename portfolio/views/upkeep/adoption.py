"""Use and upkeep: who signs in, which projects are kept up to date, how complete the data are."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from pmo.core.access.api import holds_everywhere, refusal
from pmo.core.calendars.queries import org_today
from pmo.core.charts.columns import BarSeries, bars
from pmo.core.charts.dates import full_date
from pmo.core.charts.model import Cell, Column, DataTable, Figure
from pmo.core.charts.trend import Line, line_trend
from pmo.core.people.models import OrgUnit, User
from pmo.core.web.formats import format_number
from portfolio.access_upkeep import ADOPTION
from portfolio.queries import adoption as found
from portfolio.queries.completeness import ITEMS, Upkeep, missing_counts
from projects.models import Project

WORST = 20


@require_safe
def adoption(request: HttpRequest) -> HttpResponse:
    """The page, as of today."""
    if not holds_everywhere(request.user, ADOPTION):
        raise PermissionDenied(refusal(ADOPTION).reason)
    lang, today = get_language() or "zh-hans", org_today()
    weeks = found.active_by_week(today)
    groups = found.active_now(today)
    kept = found.kept_projects(request.user, today)
    trend = found.completeness_trend(today)
    people = User.objects.filter(is_active=True, person__isnull=False).count()
    maintained = sum(row.maintained for row in kept)
    context = {
        "today": today,
        "people": people,
        "active": weeks[-2].active if len(weeks) > 1 else 0,
        "projects": len(kept),
        "maintained": maintained,
        "stale": len(kept) - maintained,
        "completeness": _mean(kept),
        "use": use_figure(weeks, people, lang),
        "groups": groups,
        "upkeep": upkeep_figure(trend, lang),
        "units": _by_unit(kept),
        "worst": _worst(kept),
        "missing": _missing(request, today),
        "items": ITEMS.values(),
    }
    return render(request, "portfolio/adoption.html", context)


def _mean(rows: Sequence[Upkeep]) -> float | None:
    return sum(row.score for row in rows) / len(rows) if rows else None


def use_figure(weeks: Sequence[found.WeekOfUse], people: int, lang: str) -> Figure:
    """People who signed in, week by week."""
    used = any(week.active for week in weeks)
    labels = [_("W%(week)s") % {"week": week.week.isocalendar().week} for week in weeks]
    rows: list[list[Cell | str]] = [
        [full_date(week.week, lang), str(week.active), format_number(_share(week.active, people), 0, lang)]
        for week in reversed(weeks)
    ]
    return Figure(
        key="use",
        title=_("People signed in, by week"),
        takeaway=_use_takeaway(weeks, people),
        table=DataTable(
            columns=[
                Column(_("Week from")),
                Column(_("People"), numeric=True),
                Column(_("Share of logins, %"), numeric=True),
            ],
            rows=rows,
        ),
        drawing=bars(
            labels,
            [BarSeries(_("People"), [float(week.active) if used else None for week in weeks], "c1")],
            title=_("People signed in, by week"),
            partial={len(weeks) - 1},
            compact=False,
            lang=lang,
        ),
        how=_(
            "Everybody who signed in on at least one day of the week; a session lasts twelve hours at most. Kept is one flag per person and day, for 13 months: no time, no page, no device. The last week is not over."
        ),
    )


def _share(part: int, whole: int) -> float | None:
    return 100.0 * part / whole if whole else None


def _use_takeaway(weeks: Sequence[found.WeekOfUse], people: int) -> str:
    if not any(week.active for week in weeks):
        return _("No sign-in is on file for these weeks.")
    words = {"active": weeks[-2].active, "people": people}
    return _("Last week %(active)s of %(people)s people with a login signed in.") % words


def upkeep_figure(trend: Sequence[found.TrendPoint], lang: str) -> Figure:
    """Completeness and kept projects over time."""
    rows: list[list[Cell | str]] = [
        [
            full_date(point.date, lang),
            str(point.projects),
            format_number(point.completeness, 1, lang),
            format_number(point.kept, 1, lang),
        ]
        for point in reversed(trend)
    ]
    return Figure(
        key="upkeep",
        title=_("Completeness and upkeep"),
        takeaway=_trend_takeaway(trend, lang),
        table=DataTable(
            columns=[
                Column(_("Date")),
                Column(_("Live projects"), numeric=True),
                Column(_("Completeness, %"), numeric=True),
                Column(_("Kept up to date, %"), numeric=True),
            ],
            rows=rows,
        ),
        drawing=line_trend(
            [
                Line(_("Completeness"), [(point.date, point.completeness) for point in trend], "c1"),
                Line(_("Kept up to date"), [(point.date, point.kept) for point in trend], "c2"),
            ],
            title=_("Completeness and upkeep"),
            low=0,
            high=100,
            compact=False,
            lang=lang,
        ),
        how=_(
            "Completeness: filled items of all live projects by the items asked for. Kept up to date: live projects with an entry or a change within their reporting cycle. Written each night, one point a week."
        ),
    )


def _trend_takeaway(trend: Sequence[found.TrendPoint], lang: str) -> str:
    if not trend:
        return _("The nightly run has not written any figure yet.")
    first, last = trend[0], trend[-1]
    words = {
        "now": format_number(last.completeness, 0, lang),
        "before": format_number(first.completeness, 0, lang),
        "date": full_date(first.date, lang),
    }
    return _("Completeness is %(now)s%%; on %(date)s it was %(before)s%%.") % words


def _by_unit(rows: Sequence[Upkeep]) -> list[dict[str, Any]]:
    """Live projects, kept ones and completeness of each unit, the least complete first. One query."""
    groups: dict[int | None, list[Upkeep]] = defaultdict(list)
    for row in rows:
        groups[row.unit_id].append(row)
    names = {unit.pk: str(unit) for unit in OrgUnit.objects.filter(pk__in=[pk for pk in groups if pk])}
    found_units = [
        {
            "name": names.get(unit or 0, ""),
            "projects": len(part),
            "kept": sum(row.maintained for row in part),
            "score": sum(row.score for row in part) / len(part),
            "url": reverse("register-list", kwargs={"key": "projects"}) + (f"?unit={unit}" if unit else ""),
            "gaps": reverse("data-quality") + (f"?unit={unit}" if unit else ""),
        }
        for unit, part in groups.items()
    ]
    return sorted(found_units, key=lambda entry: (entry["score"], entry["name"]))


def _worst(rows: Sequence[Upkeep]) -> list[dict[str, Any]]:
    """Projects without an entry within their cycle, the longest first, then the least complete. One query."""
    behind = sorted(
        (row for row in rows if not row.maintained),
        key=lambda row: (row.last_entry or datetime.date.min, row.score, row.project_id),
    )[:WORST]
    projects = Project.objects.select_related("pm").in_bulk([row.project_id for row in behind])
    return [
        {
            "project": projects[row.project_id],
            "pm": projects[row.project_id].pm,
            "last": row.last_entry,
            "cycle": row.cycle_days,
            "score": row.score,
        }
        for row in behind
        if row.project_id in projects
    ]


def _missing(request: HttpRequest, today: datetime.date) -> list[tuple[Any, int]]:
    """How many live projects lack each item, most first. One query."""
    visible = Project.objects.visible_to(request.user).order_by().values("pk")
    counts = missing_counts(today, among=visible)
    return sorted(((ITEMS[name], number) for name, number in counts.items()), key=lambda pair: -pair[1])
