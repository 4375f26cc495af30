"""Early warnings: who will probably turn to a worse colour within some weeks, and why."""

from __future__ import annotations

import datetime
from typing import Any

from django.core.exceptions import BadRequest, PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from pmo.core.access.api import can, has_any, refusal
from pmo.core.calendars.queries import org_today
from portfolio.access import RECOMPUTE
from portfolio.access_upkeep import WARNINGS
from portfolio.calc.warning.chance import HORIZONS
from portfolio.calc.warning.table import TABLE
from portfolio.models import HealthSnapshot, WarningTrial
from portfolio.queries import warnings as found
from portfolio.queries.scope import Scope, choose, scopes, snapshot_day
from portfolio.views.scorecard import asked_day
from portfolio.warning_words import CONFIDENCE, evidence

ON_A_PAGE = 25


@require_safe
def warnings_page(request: HttpRequest) -> HttpResponse:
    """The warnings of the last computed day, or of a past one, for a choice of weeks and a portfolio."""
    if not has_any(request.user, WARNINGS):
        raise PermissionDenied(refusal(WARNINGS).reason)
    weeks = asked_weeks(request)
    day = snapshot_day(asked_day(request))
    options = scopes(request.user, "portfolio.portfolio.view", _("All portfolios"))
    scope = choose(options, request.GET.get("scope", "")) if options else None
    context: dict[str, Any] = {
        "weeks": weeks,
        "horizons": HORIZONS,
        "options": options,
        "scope": scope,
        "day": day,
        "past": asked_day(request) is not None,
    }
    if day is not None:
        context |= _figures(request, scope, day, weeks)
    return render(request, "portfolio/warnings.html", context)


def asked_weeks(request: HttpRequest) -> int:
    """The horizon of the address; another than those there are is 400 and named."""
    raw = request.GET.get("weeks", str(found.WEEKS))
    if raw not in {str(weeks) for weeks in HORIZONS}:
        raise BadRequest(_("%(value)s is not a choice of weeks; expected 2, 4, 8 or 12.") % {"value": raw[:20]})
    return int(raw)


def _figures(request: HttpRequest, scope: Scope | None, day: datetime.date, weeks: int) -> dict[str, Any]:
    lang, today = get_language() or "zh-hans", org_today()
    narrow = None if scope is None or not scope.code else scope
    rows = found.warning_rows(request.user, day, weeks, scope=narrow)
    page = Paginator(rows.select_related("project", "project__pm"), ON_A_PAGE).get_page(request.GET.get("page"))
    told = found.with_evidence(page.object_list, day)
    query = "&".join(part for part in (f"date={day}", f"weeks__lte={weeks}", narrow.query if narrow else "") if part)
    total = page.paginator.count
    return {
        "rows": [_row(row, lang, today) for row in told],
        "page": page,
        "total": total,
        "to_red": rows.filter(expected="red").count(),
        "list_url": reverse("register-list", kwargs={"key": "early-warnings"}) + f"?{query}",
        "trials": [_trial(trial) for trial in found.trials(day)],
        "table": TABLE,
        "kept": bool(total) or found.any_warnings_kept(day),
        "recompute": can(request.user, RECOMPUTE, HealthSnapshot),
    }


def _row(row: found.WarningRow, lang: str, today: datetime.date) -> dict[str, Any]:
    page = {"key": "projects", "pk": row.project.pk}
    return {
        "project": row.project,
        "now": row.now,
        "expected": row.expected,
        "score": row.inputs.get("score"),
        "weeks": row.weeks,
        "chance": row.chance,
        "confidence": CONFIDENCE[row.confidence],
        "evidence": evidence(row, lang, today),
        "why": reverse("register-tab", kwargs={**page, "tab": "health"}) + f"?date={row.warning.date}",
    }


def _trial(row: WarningTrial) -> dict[str, Any]:
    """A back-test in shares (0..1), None where there is nothing to divide by."""
    said, right, worse = row.warnings, row.right, row.worse
    trend = 2 * row.trend_right / (row.trend_warnings + worse) if worse else None
    return {
        "horizon": row.horizon,
        "cases": row.cases,
        "first": row.first,
        "last": row.last,
        "base": worse / row.cases if row.cases else None,
        "precision": right / said if said else None,
        "recall": right / worse if worse else None,
        "f1": 2 * right / (said + worse) if worse else None,
        "trend": trend,
        "lead": row.lead_weeks,
    }
