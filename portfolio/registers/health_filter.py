"""Milestones of the projects that had computed health on a date: the rows behind a scorecard's milestone figure."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.dateparse import parse_date
from django.utils.translation import gettext_lazy as _

from pmo.core.registers.declaration import Filter, contribute_filters
from portfolio.models import HealthSnapshot


def _with_health(rows: Any, values: list[str], user: Any) -> Any:
    """Rows of projects with a snapshot on the day; closed and terminated projects have none."""
    try:
        day = parse_date(values[-1])
    except ValueError:
        day = None
    if day is None:
        raise ValidationError(_("%(value)s is not a date; expected YYYY-MM-DD.") % {"value": values[-1]})
    return rows.filter(project_id__in=HealthSnapshot.objects.filter(date=day).order_by().values("project_id"))


def contribute() -> None:
    """Add the filter to the milestone register."""
    contribute_filters(
        "milestones", [Filter("health_on", label=_("Projects with health on"), apply=_with_health, advanced=True)]
    )
