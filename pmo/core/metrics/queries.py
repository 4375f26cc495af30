"""Reading the metric catalogue."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import Any

from django.urls import NoReverseMatch, reverse

from pmo.core.access.api import holds_everywhere
from pmo.core.history.queries import as_of
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
    """(green, red) of the metrics as they stood at the end of the day; before they were on file, their first ones.

    One query. A metric without a row is absent.
    """
    wanted = list(codes)
    rows: Any = MetricDefinition.objects.filter(code__in=wanted).values_list("code", "pk", "green", "red")
    found = {code: (pk, green, red) for code, pk, green, red in rows}
    past = {
        pk: (green, red)
        for pk, green, red in as_of(MetricDefinition, day)
        .filter(row_id__in=[pk for pk, _green, _red in found.values()])
        .values_list("row_id", "green", "red")
    }
    return {
        code: tuple(_number(value) for value in past.get(pk, (green, red)))  # type: ignore[misc]
        for code, (pk, green, red) in found.items()
    }


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
