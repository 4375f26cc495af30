"""Why a project has its health: the tab of the project page."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from pmo.core.access.api import can, get_or_refuse
from pmo.core.calendars.queries import org_today
from pmo.core.charts.tables import LostPoints, waterfall
from pmo.core.people.models import Person
from portfolio.access import RECOMPUTE
from portfolio.calc.health.bands import round_shown
from portfolio.explanations import Account, MeasureLine, RuleLine, account_of
from portfolio.figures import trend_figure
from portfolio.measure_words import driver_label
from portfolio.models import HealthSnapshot
from portfolio.queries.health_models import spec_of
from portfolio.queries.health_story import Story, series_of, story_of
from portfolio.sentences import Teller
from projects.access import MONEY
from projects.models import Project
from projects.models.choices import Band

_RANK = [Band.GREY, Band.RED, Band.AMBER, Band.GREEN]


@dataclass(frozen=True)
class Drawn:
    """The bars of the waterfall: one for each measure and each rule that took points, by code, and the header."""

    bars: dict[str, SafeString]
    head: SafeString
    label: str


def health_tab(request: HttpRequest, row: Project) -> HttpResponse:
    """The tab `health` of a project: `?date=` shows the last snapshot up to that day."""
    day, wrong = _asked_day(request)
    story = story_of(row.pk, day)
    context: dict[str, Any] = {
        "project": row,
        "story": story,
        "asked": day,
        "wrong": wrong,
        "today": org_today(),
        "recompute": can(request.user, RECOMPUTE, HealthSnapshot),
    }
    if story is not None:
        context |= _told(request, row, story)
    return render(request, "portfolio/health_panel.html", context, status=422 if wrong else 200)


def _told(request: HttpRequest, row: Project, story: Story) -> dict[str, Any]:
    lang = get_language() or "zh-hans"
    spec = spec_of(story.snapshot.model)
    teller = Teller(lang, org_today(), bool(can(request.user, MONEY, row)))
    account = account_of(story, spec, teller)
    return {
        "account": account,
        "drawn": _drawn(account, lang),
        "change": _change(story),
        "driver": driver_label(story.inputs.get("driver", "")),
        "people": _people(story),
        "better": _RANK.index(Band(story.snapshot.declared)) > _RANK.index(Band(story.snapshot.band)) > 0,
        "figure": trend_figure(series_of(row.pk, story.day), spec, row.pk, lang),
    }


def _asked_day(request: HttpRequest) -> tuple[datetime.date | None, str]:
    """The day of `?date=`, and what is wrong with it."""
    raw = request.GET.get("date", "").strip()
    if not raw:
        return None, ""
    try:
        return datetime.date.fromisoformat(raw), ""
    except ValueError:
        return None, _("Date: received %(received)s, expected a date such as 2026-11-20.") % {"received": raw}


def _drawn(account: Account, lang: str) -> Drawn | None:
    """None for a grey project: nothing is taken from nothing."""
    if account.band == Band.GREY:
        return None
    steps: list[MeasureLine | RuleLine] = [line for block in account.blocks for line in block.lines]
    steps += account.rules
    found = waterfall([LostPoints(step.label, step.lost, getattr(step, "band", "red")) for step in steps], lang=lang)
    bars = {step.code: bar for step, bar in zip(steps, found.bars, strict=True)}
    return Drawn(bars, found.head, found.label)


def _change(story: Story) -> float | None:
    """Points won or lost since the snapshot before, as shown."""
    before = None if story.previous is None else story.previous.overall
    if before is None or story.explanation.shown is None:
        return None
    return round(story.explanation.shown - float(round_shown(before)), 1)


def _people(story: Story) -> dict[str, str]:
    """Author and reviewer of the report, by name. One query."""
    if story.report is None:
        return {}
    ids = {"author": story.report.author_id, "reviewer": story.report.reviewer_id}
    people = Person.all_objects.in_bulk([pk for pk in ids.values() if pk])
    return {part: str(people[pk]) for part, pk in ids.items() if pk in people}


@require_safe
def project_health(request: HttpRequest, pk: int) -> HttpResponseRedirect:
    """The short address of the tab."""
    row = get_or_refuse(request.user, Project, pk)
    url = reverse("register-tab", kwargs={"key": "projects", "pk": row.pk, "tab": "health"})
    day = request.GET.get("date")
    return redirect(f"{url}?{urlencode({'date': day})}" if day else url)
