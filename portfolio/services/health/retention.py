"""Daily snapshots for 90 days, then one a week.

A week (Monday to Sunday, whatever the organisation's working days) is thinned once, in the nights after its Sunday has
turned 90 days old: of each project, and of each roll-up, the last snapshot of the week stays, which is Sunday's where
there is one. A project that closed on a Wednesday keeps Wednesday's. Only the four weeks before that edge are looked at,
so a date that somebody recomputes later than that stays as it is.
"""

from __future__ import annotations

import datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef

from portfolio.models import EarlyWarning, HealthSnapshot, RollupSnapshot
from portfolio.services.health.snapshots import lock_date

DAILY_DAYS = 90
LOOK_BACK_WEEKS = 4
_ONE_DAY = datetime.timedelta(days=1)


def thin(*, day: datetime.date) -> int:
    """Thin the weeks that have just turned old, seen from `day`; returns how many rows went. Five statements a date."""
    removed = 0
    for date, sunday in _dates(day):
        with transaction.atomic():
            lock_date(date)
            removed += _thin(HealthSnapshot, ("project_id",), date, sunday)
            _drop_warnings(date)
            removed += _thin(RollupSnapshot, ("kind", "ref_id"), date, sunday)
    return removed


def _dates(day: datetime.date) -> list[tuple[datetime.date, datetime.date]]:
    """Dates other than Sundays with snapshots, each with its Sunday, whose whole week is older than 90 days."""
    edge = day - datetime.timedelta(days=DAILY_DAYS)
    last_sunday = edge - datetime.timedelta(days=edge.isoweekday() % 7)
    first = last_sunday - datetime.timedelta(weeks=LOOK_BACK_WEEKS) + _ONE_DAY
    found: set[datetime.date] = set()
    for model in (HealthSnapshot, RollupSnapshot):
        rows: Any = model.objects.filter(date__gte=first, date__lte=last_sunday)
        found |= set(rows.order_by().values_list("date", flat=True).distinct())
    pairs = [(date, date + datetime.timedelta(days=7 - date.isoweekday())) for date in sorted(found)]
    return [(date, sunday) for date, sunday in pairs if date != sunday]


def _thin(model: Any, key: tuple[str, ...], date: datetime.date, sunday: datetime.date) -> int:
    later = model.objects.filter(date__gt=date, date__lte=sunday, **{name: OuterRef(name) for name in key})
    removed: int = model.objects.filter(Exists(later), date=date).delete()[0]
    return removed


def _drop_warnings(date: datetime.date) -> None:
    """Warnings go with the snapshot they were raised with."""
    snapshot = HealthSnapshot.objects.filter(date=date, project_id=OuterRef("project_id"))
    EarlyWarning.objects.filter(~Exists(snapshot), date=date).delete()
