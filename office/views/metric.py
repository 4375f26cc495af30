"""The page of one metric: what it means, how it is formed, what it is today, who answers for it."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from pmo.core.access.api import can
from pmo.core.calendars.queries import organisation
from pmo.core.metrics.declaration import MetricValue, declared
from pmo.core.metrics.models import MetricDefinition
from pmo.core.metrics.queries import current_value, thresholds_of
from pmo.core.metrics.services import as_declared
from pmo.core.registers.declaration import UnknownRegisterError, get_register
from pmo.core.registers.history import history
from pmo.core.web.formats import EMPTY, format_money, format_number
from portfolio.calc.indicators import Limits

Unit = MetricDefinition.Unit


@require_safe
def metric_page(request: HttpRequest, code: str) -> HttpResponse:
    """Everything about the metric with this code."""
    can(request.user, "view", MetricDefinition).or_raise()
    row = _metric(request, code)
    value = current_value(request.user, row)
    green, red, page = thresholds_of(row)
    register = get_register("metrics")
    acts = history(register, row, request.user, None)[1] if row.pk else []
    spec = declared(row.code)
    context: dict[str, Any] = {
        "metric": row,
        "value": value,
        "shown": value_text(row, value.value, value.places) if value else "",
        "band": _band(row, value, green, red),
        "green": _limit(row, green, good=True),
        "red": _limit(row, red, good=False),
        "target": value_text(row, row.target, 2) if row.target is not None else "",
        "limits_page": reverse(page) if page else "",
        "computed": spec is not None and spec.value is not None,
        "register": _source(row.source),
        "source_url": value.url if value and value.url else _source_url(row.source),
        "acts": acts[:8],
        "change": can(request.user, "change", row) if row.pk else None,
    }
    return render(request, "office/metric.html", context)


def _metric(request: HttpRequest, code: str) -> MetricDefinition:
    """The row; for a computed metric that the catalogue has not been told of yet, what the code declares."""
    rows = MetricDefinition.objects.visible_to(request.user).filter(code=code).select_related("owner")
    row: MetricDefinition | None = rows.first()
    if row is not None:
        return row
    spec = declared(code)
    if spec is None:
        raise Http404(_("There is no such metric."))
    return as_declared(spec)


def value_text(row: MetricDefinition, value: Any, places: int) -> str:
    """A value with its unit."""
    if value is None:
        return EMPTY
    lang = get_language() or "zh-hans"
    if row.unit == Unit.MONEY:
        return format_money(value, organisation().base_currency, lang)
    number = format_number(value, 0 if row.unit == Unit.COUNT else places, lang)
    if row.unit == Unit.PERCENT:
        return f"{number}%"
    if row.unit in {Unit.COUNT, Unit.SCORE, Unit.RATIO}:
        return number
    return f"{number} {row.get_unit_display()}"


def _limit(row: MetricDefinition, limit: float | None, *, good: bool) -> str:
    """The edge of a colour: ≥ 90%, < 75%; a dash where there is none."""
    if limit is None:
        return EMPTY
    higher = row.direction == MetricDefinition.Direction.HIGHER
    sign = ("≥" if good else "<") if higher else ("≤" if good else ">")
    text = value_text(row, limit, 2)
    return f"{sign} {text}"


def _band(row: MetricDefinition, value: MetricValue | None, green: float | None, red: float | None) -> str:
    if value is None or green is None or red is None or row.direction == MetricDefinition.Direction.NONE:
        return ""
    return Limits(green, red, higher=row.direction == MetricDefinition.Direction.HIGHER).band(value.value)


def _source(key: str) -> Any:
    try:
        return get_register(key) if key else None
    except UnknownRegisterError:
        return None


def _source_url(key: str) -> str:
    return reverse("register-list", kwargs={"key": key}) if _source(key) else ""
