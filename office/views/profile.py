"""The page of a PMO: who it is, what its type changes, what it looks after, what it may decide."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from office.access import ASSESS
from office.calc.types import EFFECTS, TYPES
from office.models import PMOCharter, PMOUnit, TypeAssessment
from office.queries.units import UnitFigures, branch, charters_of, figures_of, root_unit
from office.services.charters import rights_of
from office.words import EFFECT_LABELS, EFFECT_VALUES, TYPE_MEANINGS
from pmo.core.access.api import can, get_or_refuse
from pmo.core.access.roles import Role
from pmo.core.calendars.queries import org_today
from pmo.core.web.formats import format_number
from portfolio.queries.limits import limits_on
from projects.models.choices import Band

ASSESSMENTS_SHOWN = 4
PMO_ROLES = {Role.PMO_ADMIN.value, Role.PMO_ANALYST.value, Role.COORDINATOR.value, Role.RESOURCE_MANAGER.value}


@require_safe
def office(request: HttpRequest) -> HttpResponse:
    """The profile of the enterprise PMO; before there is one, how to begin."""
    can(request.user, "view", PMOUnit).or_raise()
    unit = root_unit()
    if unit is None:
        return render(request, "office/profile_empty.html", {"add": can(request.user, "add", PMOUnit)})
    return render(request, "office/profile.html", _context(request, unit))


@require_safe
def pmo_unit(request: HttpRequest, pk: int) -> HttpResponse:
    """The profile of any PMO unit."""
    return render(request, "office/profile.html", _context(request, get_or_refuse(request.user, PMOUnit, pk)))


def _context(request: HttpRequest, unit: PMOUnit) -> dict[str, Any]:
    units = branch(unit)
    figures = figures_of(units, request.user)
    charters = charters_of(unit)
    signed = next((row for row in charters if row.state == PMOCharter.State.SIGNED), None)
    draft = next((row for row in charters if row.state == PMOCharter.State.DRAFT), None)
    own = figures.get(unit.pk)
    rights = rights_of(signed) if signed else []
    return {
        "unit": unit,
        "today": org_today(),
        "figures": own,
        "tiles": _tiles(unit, own) if own else [],
        "effects": _effects(unit),
        "meaning": TYPE_MEANINGS[unit.type],
        "units": [_branch_line(row, unit, figures.get(row.pk)) for row in units],
        "charter": signed,
        "draft": draft,
        "rights": [row for row in rights if row.role in PMO_ROLES],
        "rights_total": len(rights),
        "assessments": _assessments(request, unit),
        "change": can(request.user, "change", unit),
        "assess": can(request.user, ASSESS, TypeAssessment),
        "add_charter": can(request.user, "add", PMOCharter),
    }


def _branch_line(row: PMOUnit, top: PMOUnit, figures: UnitFigures | None) -> dict[str, Any]:
    depth = row.path.count("/") - top.path.count("/")
    return {"row": row, "depth": min(depth, 4), "figures": figures, "url": _health_url(row, figures, "")}


def _health_url(unit: PMOUnit, figures: UnitFigures | None, query: str) -> str:
    if figures is None:
        return ""
    return reverse("register-list", kwargs={"key": "health"}) + f"?date={figures.day}&pmo={unit.pk}{query}"


def _late_url(unit: PMOUnit, figures: UnitFigures) -> str:
    query = f"standing_at=late@{figures.day}&pmo={unit.pk}"
    return reverse("register-list", kwargs={"key": "report-periods"}) + f"?{query}"


def _tiles(unit: PMOUnit, figures: UnitFigures) -> list[dict[str, Any]]:
    """Projects in scope, reports up to date, projects with health, projects per head: each opens its rows."""
    lang = get_language() or "zh-hans"
    late, grey = figures.projects - figures.reported, figures.projects - figures.with_health
    coloured = "".join(f"&band={band}" for band in (Band.RED.value, Band.AMBER.value, Band.GREEN.value))
    load = figures.projects / float(unit.fte) if unit.fte else None
    return [
        {
            "label": _("Projects in scope"),
            "value": format_number(figures.projects, 0, lang),
            "url": _health_url(unit, figures, ""),
            "why": _("with a row in the last run"),
        },
        {
            "label": _("Reports up to date"),
            "value": format_number(figures.report_share, 0, lang),
            "unit": "%" if figures.report_share is not None else "",
            "rag": limits_on(figures.day)["reports"].band(figures.report_share),
            "url": _late_url(unit, figures),
            "why": _("%(count)s late") % {"count": late},
            "metric": "PF-REPORTS",
        },
        {
            "label": _("Projects with health"),
            "value": format_number(figures.health_share, 0, lang),
            "unit": "%" if figures.health_share is not None else "",
            "url": _health_url(unit, figures, coloured),
            "why": _("%(count)s without data") % {"count": grey},
            "metric": "PF-COVERAGE",
        },
        {
            "label": _("Projects per FTE"),
            "value": format_number(load, 1, lang),
            "url": "",
            "why": _("%(fte)s FTE in the PMO") % {"fte": format_number(unit.fte, 1, lang)},
        },
    ]


def _effects(unit: PMOUnit) -> dict[str, Any]:
    """The table of what a type changes: one row per rule, one column per type."""
    heads = [{"label": PMOUnit.Type(name).label, "current": name == unit.type} for name in TYPES]
    rows = []
    for rule, label in EFFECT_LABELS.items():
        cells = [
            {"text": EFFECT_VALUES[rule, getattr(EFFECTS[name], rule)], "current": name == unit.type} for name in TYPES
        ]
        rows.append({"label": label, "cells": cells})
    return {"heads": heads, "rows": rows}


def _assessments(request: HttpRequest, unit: PMOUnit) -> list[TypeAssessment] | None:
    """The last ones; None for readers who may not see them."""
    if not can(request.user, "view", TypeAssessment):
        return None
    rows = TypeAssessment.objects.visible_to(request.user).filter(unit=unit).select_related("assessor")
    return list(rows.order_by("-assessed_on", "-pk")[:ASSESSMENTS_SHOWN])
