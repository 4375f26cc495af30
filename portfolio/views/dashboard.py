"""The PMO dashboard: the heat map, what changed, watermelons, late reports, the review queue."""

from __future__ import annotations

import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from pmo.core.access.api import can
from pmo.core.calendars.queries import organisation
from pmo.core.charts.spark import band_bar, shared_scale, sparkline
from portfolio import tiles
from portfolio.access import DASHBOARD, RECOMPUTE
from portfolio.models import HealthSnapshot
from portfolio.queries import dashboard as figures
from portfolio.queries import scorecard as card
from portfolio.queries.computed import score_band
from portfolio.queries.scope import Scope, scopes, snapshot_day
from portfolio.views.scorecard import asked_day, asked_scope
from projects.access import MONEY
from projects.models.choices import Band, Dimension

SHOWN, MOST, CHANGES = 6, 500, 60
HEADLINES = ("health", "forecast", "cpi", "milestones")
SAYS_AMOUNTS = {"forecast", "cpi"}


@require_safe
def dashboard(request: HttpRequest) -> HttpResponse:
    """The dashboard of a scope on the last computed day, or on a past one."""
    scope, options = asked_scope(request, DASHBOARD)
    day = snapshot_day(asked_day(request))
    if day is None:
        return render(
            request,
            "portfolio/dashboard_empty.html",
            {"scope": scope, "recompute": can(request.user, RECOMPUTE, HealthSnapshot)},
        )
    context = {"scope": scope, "options": options, "day": day, "past": asked_day(request) is not None}
    return render(request, "portfolio/dashboard.html", context | _figures(request, scope, day))


def _figures(request: HttpRequest, scope: Scope, day: datetime.date) -> dict[str, Any]:
    lang = get_language() or "zh-hans"
    rows = card.roll_ups(scope, day)
    heat = figures.heat_rows(scope, day, request.user)
    counts = card.counts(scope, day, request.user)
    query = "&".join(part for part in (f"date={day}", scope.query) if part)
    melons = figures.watermelons(scope, day, request.user)
    changed = figures.colour_changes(scope, day, request.user)
    late = figures.late_reports(scope, day, request.user, limit=MOST)
    waiting = list(figures.waiting_reports(request.user)[:MOST])
    headlines = _headlines(request, scope)
    return {
        "now": rows[-1] if rows else None,
        "tiles": [
            tile for tile in tiles.tiles(rows, scope, organisation().base_currency, lang) if tile.key in headlines
        ],
        **_heat(heat),
        "counts": _by_gravity(counts),
        "bar": band_bar(counts, lang=lang),
        "total": sum(counts.values()),
        "health_url": reverse("register-list", kwargs={"key": "health"}) + f"?{query}",
        "changed": changed[:CHANGES],
        "changed_count": len(changed),
        "watermelons": [figures.HeatRow(row, [], [], None, "") for row in melons[:SHOWN]],
        "watermelon_count": melons.count(),
        "late": late[:SHOWN],
        "late_count": len(late),
        "waiting": waiting[:SHOWN],
        "waiting_count": len(waiting),
        "recompute": can(request.user, RECOMPUTE, HealthSnapshot),
    }


def _headlines(request: HttpRequest, scope: Scope) -> set[str]:
    """The tiles of the page; those that name amounts only where the user may see money in the whole scope."""
    return set(HEADLINES) if scope in scopes(request.user, MONEY, scope.name) else set(HEADLINES) - SAYS_AMOUNTS


def _by_gravity(counts: dict[str, int]) -> dict[str, int]:
    """Red first, as exceptions are."""
    return {band: counts[band] for band in (Band.RED.value, Band.AMBER.value, Band.GREEN.value, Band.GREY.value)}


def _heat(rows: list[figures.HeatRow]) -> dict[str, Any]:
    """The heat map's lines and dimensions; a dimension that nobody has a score in is named instead of drawn."""
    scale = shared_scale([row.history for row in rows], height=24)
    scored = {name for row in rows for name, score in row.scores if score is not None}
    lines = [
        {
            "row": row,
            "project": row.snapshot.project,
            "url": reverse("register-detail", kwargs={"key": "projects", "pk": row.snapshot.project_id}),
            "why": reverse("register-tab", kwargs={"key": "projects", "pk": row.snapshot.project_id, "tab": "health"})
            + f"?date={row.snapshot.date}",
            "cells": [(name, score, cell_band(score)) for name, score in row.scores if name in scored],
            "change": None if row.change is None else round(row.change),
            "spark": sparkline(row.history, width=80, height=24, last_band=row.snapshot.band, per_pixel=scale),
        }
        for row in rows
    ]
    return {
        "heat": lines,
        "dimensions": [(value, label) for value, label in Dimension.choices if value in scored],
        "unmeasured": [str(label) for value, label in Dimension.choices if value not in scored] if scored else [],
    }


def cell_band(score: float | None) -> str:
    """The colour of one dimension's score, grey without one."""
    return Band.GREY.value if score is None else score_band(score)
