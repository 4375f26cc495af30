"""How old the health of today is, for monitors."""

from __future__ import annotations

from django.db.models import Max

from pmo.core.calendars.queries import org_today
from pmo.core.ops.metrics.sources import Sample
from portfolio.models import HealthSnapshot


def snapshot_age() -> list[Sample]:
    """Days since the last date with a health snapshot; nothing where there is none."""
    last = HealthSnapshot.objects.aggregate(last=Max("date"))["last"]
    return [] if last is None else [Sample((org_today() - last).days, {})]
