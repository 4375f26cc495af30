"""The baselines of `bench.pages`: the queries of each page, and its cells in one template loop within the frame."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.template import Context, Template, engines
from django.test import RequestFactory
from django.utils import translation

_PAGE = """{% extends "base.html" %}{% block content %}{% for table in tables %}<table>{% for row in table %}<tr>
{% for cell in row %}<td>{{ cell }}</td>{% endfor %}</tr>{% endfor %}</table>{% endfor %}{% endblock %}"""
_templates: dict[str, Template] = {}
Table = Iterable[Iterable[Any]]


def _render(user_name: str, url: str, tables: Callable[[HttpRequest], list[Table]]) -> str:
    """A request like the page's: the login is read, then the tables, then the frame."""
    from pmo.core.calendars.queries import organisation
    from pmo.core.kept import keeping
    from pmo.core.people.models import User
    from pmo.core.web.context import Shell

    request: Any = RequestFactory().get(url)
    with keeping(), translation.override("en"):
        request.user = User.objects.select_related("person").get(username=user_name)
        organisation()
        if "page" not in _templates:
            _templates["page"] = engines["django"].from_string(_PAGE).template  # type: ignore[attr-defined]
        context = Context({"tables": tables(request), "shell": Shell(request), "request": request, "csrf_token": "x"})
        return _templates["page"].render(context)


def cells(rows: Iterable[Model], names: list[str]) -> list[list[Any]]:
    """Per row the values of the fields: the words of a choice, the name of a related row."""
    shown = []
    for row in rows:
        line: list[Any] = []
        for name in names:
            words = getattr(row, f"get_{name}_display", None)
            line.append(words() if words else getattr(row, name))
        shown.append(line)
    return shown


def project_list(user_name: str, url: str) -> str:
    """The rows of the list with the columns it shows, its count and the choices of its filters."""
    from pmo.core.registers.declaration import get_register
    from pmo.core.registers.expressions import MAY_CHANGE, may_change
    from pmo.core.registers.preferences import preference
    from pmo.core.registers.queries import filtered, ordered
    from pmo.core.registers.state import read_state

    def tables(request: HttpRequest) -> list[Table]:
        register = get_register("projects")
        kept = preference(user=request.user, register=register)
        state = read_state(register, request.user, request.GET, kept.columns, kept.page_size)
        rows: QuerySet[Any] = filtered(state)
        found: list[list[Any]] = []
        told = rows.annotate(**{MAY_CHANGE: may_change(register, request.user)})
        for row in ordered(state, told)[:100]:
            line: list[Any] = [row.get_absolute_url() if hasattr(row, "get_absolute_url") else f"/r/projects/{row.pk}/"]
            for bound in state.columns:
                words = getattr(row, f"get_{bound.name}_display", None)
                related = bound.kind == "fk" and not bound.computed
                value = words() if words else getattr(row, bound.name) if related else bound.value_of(row)
                line.append(value)
            found.append(line)
        choices = [filter_.choices(request.user) for filter_ in register.all_filters if callable(filter_.choices)]
        return [[[rows.count()]], found, *choices]

    return _render(user_name, url, tables)


def scorecard(user_name: str, url: str) -> str:
    """Weekly roll-ups, exceptions, decisions, money by unit and value points: the same queries, the same figures."""
    from pmo.core.calendars.queries import working_calendar
    from portfolio.access import SCORECARD
    from portfolio.queries import scorecard as figures
    from portfolio.queries.scope import project_filter, scopes, snapshot_day
    from projects.models import Decision

    def tables(request: HttpRequest) -> list[Table]:
        options = scopes(request.user, SCORECARD, "All")
        scope, day = options[0], snapshot_day()
        assert day is not None
        weeks = [
            "date",
            "overall",
            "red",
            "eac_over_pct",
            "cpi",
            "milestones_met",
            "milestones_due",
            "stale",
            "watermelons",
        ]
        pending = Decision.objects.visible_to(request.user).filter(project_filter(scope, day), state="open")
        decisions = list(pending.select_related("project", "decider__unit").order_by("needed_by")[:200])
        worst = figures.exceptions(scope, day, request.user)
        reasons = [figures.explanation_of(row.snapshot) for row in worst]
        points = figures.value_points(scope, day, request.user)
        working_calendar(day=day)
        figures.override_on(scope, day)
        return [
            [[row.code, row.name] for row in options],
            cells(figures.roll_ups(scope, day), weeks),
            [
                [row.snapshot.project, row.snapshot.band, row.snapshot.overall, row.since, why.shown]
                for row, why in zip(worst, reasons, strict=True)
            ],
            cells(decisions[:5], ["title", "project", "decider", "needed_by"]),
            [
                [row.name, row.budget, row.actual, row.forecast]
                for row in figures.money_by_unit(scope, day, request.user)
            ],
            [[point.snapshot.project, point.snapshot.overall, point.value, point.budget_left] for point in points],
        ]

    return _render(user_name, url, tables)


def dashboard(user_name: str, url: str) -> str:
    """The sixty rows of the heat map with twelve weeks of history, the counts, the lists beside it."""
    from portfolio.access import DASHBOARD
    from portfolio.queries import dashboard as figures
    from portfolio.queries import reporting
    from portfolio.queries import scorecard as card
    from portfolio.queries.scope import scopes, snapshot_day
    from projects.models.choices import Dimension

    names = ["project", "overall", "declared", "band", *Dimension.values]

    def tables(request: HttpRequest) -> list[Table]:
        options = scopes(request.user, DASHBOARD, "All")
        scope, day = options[0], snapshot_day()
        assert day is not None
        rows = list(figures.worst_first(card.snapshots(scope, day, request.user))[:60])
        history = figures.health_history([row.project_id for row in rows], day)
        late = list(reporting.late_periods(request.user, day, scope)[:500])
        changed = figures.colour_changes(scope, day, request.user)
        melons = figures.watermelons(scope, day, request.user)
        waiting = list(figures.waiting_reports(request.user)[:500])
        heat = [
            [*line, *(value for _date, value, _band in history.get(row.project_id, []))]
            for row, line in zip(rows, cells(rows, names), strict=True)
        ]
        return [
            [[row.code, row.name] for row in options],
            cells(card.roll_ups(scope, day), ["date", "overall", "cpi", "eac_over_pct", "milestones_met"]),
            heat,
            list(card.counts(scope, day, request.user).items()),
            [[row.project, row.owner, row.due_on] for row in late[:6]],
            [[row.snapshot.project, row.snapshot.band, row.was] for row in changed[:60]],
            [[melons.count()], *([row.project, row.band] for row in melons[:6])],
            cells(waiting[:6], ["project", "author", "submitted_on"]),
        ]

    return _render(user_name, url, tables)


def project(user_name: str, url: str) -> str:
    """The row, its two newest snapshots, milestones, reports, decisions and places."""
    from pmo.core.access.api import can, get_or_refuse
    from pmo.core.calendars.queries import org_today, working_calendar
    from portfolio.models import HealthSnapshot, PortfolioItem, ProgrammeItem
    from portfolio.queries.scorecard import explanation_of, key_milestones
    from projects.access import MONEY
    from projects.models import Decision, Project
    from projects.queries.overview import last_reports, milestone_lines

    def tables(request: HttpRequest) -> list[Table]:
        row = get_or_refuse(request.user, Project, 1)
        history = list(HealthSnapshot.objects.filter(project=row).select_related("model").order_by("-date")[:2])
        for action in ("change", "delete", MONEY):
            can(request.user, action, row)
        why = explanation_of(history[0])
        lines = milestone_lines(row.pk, working_calendar(), org_today())
        reports = last_reports(row.pk)
        days = [report.period_end for report in reports]
        known = HealthSnapshot.objects.filter(project=row, date__gte=min(days), date__lte=max(days))
        decisions = Decision.objects.filter(project=row, state=Decision.State.OPEN).select_related("decider")[:3]
        return [
            cells([row], ["code", "name", "status", "stage", "pm", "sponsor", "unit", "planned_finish"]),
            cells(history, ["date", "overall", "band", "declared", "reviewed", "bac", "pv", "ev", "ac", "eac"]),
            [[item.measure, item.value, item.score] for item in why.measures],
            [list(key_milestones(history[:1], history[0].date))],
            [[line.row.name, line.row.baseline_date, line.row.forecast_date, line.slip, line.late] for line in lines],
            cells(reports, ["period_end", "declared", "reviewed", "published_on"]),
            list(known.values_list("date", "band")),
            cells(decisions, ["title", "decider", "needed_by"]),
            cells(PortfolioItem.objects.filter(project=row).select_related("portfolio")[:1], ["portfolio"]),
            cells(ProgrammeItem.objects.filter(project=row).select_related("programme")[:1], ["programme"]),
        ]

    return _render(user_name, url, tables)


BASELINES: dict[str, Callable[[str, str], str]] = {
    "list": project_list,
    "scorecard": scorecard,
    "dashboard": dashboard,
    "project": project,
}
