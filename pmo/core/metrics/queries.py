"""Reading the metric catalogue."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import Any

from django.urls import NoReverseMatch, reverse

from pmo.core.access.api import holds_everywhere
from pmo.core.history.models import version_of
from pmo.core.metrics.declaration import MetricValue, declared
from pmo.core.metrics.models import MetricDefinition


def metric_url(code: str) -> str:
    """The page of a metric that the product computes, "" where it computes none such. No query."""
    if declared(code) is None:
        return ""
    try:
        return reverse("metric-page", kwargs={"code": code})
    except NoReverseMatch:
        return ""


def thresholds_on(day: datetime.date, codes: Iterable[str]) -> dict[str, tuple[float | None, float | None]]:
    """(green, red) of the metrics as they stood at the end of the day; on days before they were on file, their first ones.

    One query. A metric that was never on file is absent.
    """
    table: Any = version_of(MetricDefinition)
    rows = table.objects.filter(code__in=list(codes)).order_by("valid_from", "row_id")
    found: dict[str, tuple[float | None, float | None]] = {}
    for code, since, green, red in rows.values_list("code", "valid_from", "green", "red"):
        if since <= day or code not in found:
            found[code] = (_number(green), _number(red))
    return found


def _number(value: Any) -> float | None:
    return None if value is None else float(value)


def current_value(user: Any, row: MetricDefinition) -> MetricValue | None:
    """The metric's value for the whole organisation; None where it is not computed or not for this reader."""
    spec = declared(row.code)
    if spec is None or spec.value is None:
        return None
    if spec.permission and not holds_everywhere(user, spec.permission):
        return None
    return spec.value()


def thresholds_of(row: MetricDefinition) -> tuple[float | None, float | None, str]:
    """(green, red, route of the page that sets them or "") of a metric."""
    spec = declared(row.code)
    if spec is not None and spec.limits is not None:
        green, red = spec.limits()
        return green, red, spec.limits_page
    return _number(row.green), _number(row.red), ""
