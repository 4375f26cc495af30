"""The overview tab of a project: the three colours, what costs the most, reports, earned value, next dates."""

from __future__ import annotations

import datetime
from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from pmo.core.access.api import can
from pmo.core.calendars.queries import org_today, organisation, working_calendar
from pmo.core.charts.spark import StripRow, strip
from pmo.core.web.rag import rag_html
from portfolio import wording
from portfolio.calc.indicators import ratio
from portfolio.figures import points_figure
from portfolio.models import HealthSnapshot, PortfolioItem, ProgrammeItem
from portfolio.queries.scorecard import ProjectException, explanation_of, key_milestones
from projects.access import MONEY
from projects.models import Decision, Project
from projects.models.choices import Stage
from projects.queries.overview import MilestoneLine, last_reports, milestone_lines

SENTENCES = 3
# Measures whose sentence names money.
SAYS_AMOUNTS = frozenset({"cpi", "eac_over_budget_pct"})


def overview(request: HttpRequest, row: Project) -> HttpResponse:
    """What a reader should know of the project in one look."""
    lang, today = get_language() or "zh-hans", org_today()
    history = list(HealthSnapshot.objects.filter(project=row).select_related("model").order_by("-date")[:2])
    now = history[0] if history else None
    calendar = working_calendar()
    lines = milestone_lines(row.pk, calendar, today)
    money = bool(can(request.user, MONEY, row))
    context = {
        "project": row,
        "now": now,
        "change": _change(history),
        "today": today,
        "portfolio": PortfolioItem.objects.filter(project=row).select_related("portfolio").first(),
        "programme": ProgrammeItem.objects.visible_to(request.user)
        .filter(project=row)
        .select_related("programme")
        .first(),
        "stages": _stages(row),
        "points": points_figure(explanation_of(now), row.pk, lang) if now else None,
        "sentences": _sentences(now, lang, today, calendar, money=money) if now else [],
        "milestones": shown_milestones(lines),
        "milestone_count": len(lines),
        "decisions": list(
            Decision.objects.filter(project=row, state=Decision.State.OPEN)
            .select_related("decider")
            .order_by("needed_by")[:3]
        ),
        "money": earned_value(now) if now and money else None,
        "base": organisation().base_currency,
    }
    return render(request, "portfolio/tab_overview.html", context | _reports(row, lang))


def shown_milestones(lines: list[MilestoneLine], limit: int = 8) -> list[MilestoneLine]:
    """All of them where they are few; else the key, late and next ones, in their order."""
    if len(lines) <= limit:
        return lines
    open_ones = [line for line in lines if line.row.actual_date is None]
    wanted = {line.row.pk for line in lines if line.row.is_key or line.late} | {line.row.pk for line in open_ones[:3]}
    return [line for line in lines if line.row.pk in wanted][-limit:]


def health_mark(request: HttpRequest, row: Project) -> Any:
    """The computed colour beside the project's name."""
    band = HealthSnapshot.objects.filter(project=row).order_by("-date").values_list("band", flat=True).first()
    return rag_html(band) if band else ""


def _change(history: list[HealthSnapshot]) -> float | None:
    if len(history) < 2 or history[0].overall is None or history[1].overall is None:
        return None
    return round(history[0].overall, 1) - round(history[1].overall, 1)


def _stages(row: Project) -> list[dict[str, Any]]:
    order = list(Stage.values)
    reached = order.index(row.stage)
    return [
        {"label": label, "done": index < reached, "current": index == reached}
        for index, (_value, label) in enumerate(Stage.choices)
    ]


def _sentences(now: HealthSnapshot, lang: str, today: datetime.date, calendar: Any, *, money: bool) -> list[str]:
    """The measures that cost the most points, a sentence each; those that name amounts only for readers of money."""
    why = explanation_of(now)
    if not money:
        why = replace(why, measures=tuple(item for item in why.measures if item.measure not in SAYS_AMOUNTS))
    found = ProjectException(now, None, key_milestones([now], now.date).get(now.project_id), "")
    voice = wording.Voice(lang, today, organisation().base_currency, calendar)
    return wording.measure_sentences(found, why, voice, SENTENCES)


def _reports(row: Project, lang: str) -> dict[str, Any]:
    """The strip of the last nine reports: declared, computed on the day of publication, reviewed."""
    reports = last_reports(row.pk)
    if not reports:
        return {"reports": [], "strip": None}
    days = [report.published_on or report.period_end for report in reports]
    first = min(days) - datetime.timedelta(days=14)
    known = list(
        HealthSnapshot.objects.filter(project=row, date__gte=first, date__lte=max(days))
        .order_by("date")
        .values_list("date", "band")
    )
    computed = [next((band for date, band in reversed(known) if date <= day), None) for day in days]
    rows = [
        StripRow(_("Declared"), [report.declared for report in reports]),
        StripRow(_("Computed"), computed),
        StripRow(_("Reviewed"), [report.reviewed for report in reports]),
    ]
    weeks = [str(report.period_end.isocalendar().week) for report in reports]
    return {"reports": reports, "strip": strip(rows, weeks, lang=lang, label=_("Last reports by week"))}


def earned_value(now: HealthSnapshot) -> dict[str, Any]:
    """BAC, EAC, AC, EV and the indices of a snapshot; None where there is nothing to divide."""
    numbers = {
        name: None if getattr(now, name) is None else float(getattr(now, name))
        for name in ("bac", "pv", "ev", "ac", "eac")
    }
    left = None if numbers["bac"] is None or numbers["ev"] is None else numbers["bac"] - numbers["ev"]
    funds = None if numbers["bac"] is None or numbers["ac"] is None else numbers["bac"] - numbers["ac"]
    return {
        **{name: getattr(now, name) for name in numbers},
        "spi": ratio(numbers["ev"], numbers["pv"]),
        "cpi": ratio(numbers["ev"], numbers["ac"]),
        "tcpi": ratio(left, funds) if funds is not None and funds > 0 else None,
    }
