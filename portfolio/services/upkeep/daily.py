"""The upkeep of a date, after its health: completeness by unit, the back-test of the warnings, old flags removed.

It is a job of its own, so that the nightly computation of health waits for none of it.
"""

from __future__ import annotations

import datetime
from collections import defaultdict

from django.db import transaction

from pmo.core.audit.actor import SYSTEM
from pmo.core.calendars.queries import organisation
from pmo.core.jobs.api import Job, enqueue
from portfolio.models import UpkeepSnapshot, WarningTrial
from portfolio.queries.completeness import upkeep
from portfolio.queries.warning_history import HORIZONS, history, trial_of
from portfolio.services.health.snapshots import lock_date
from portfolio.services.upkeep.use import forget_old_days

KIND = "portfolio.upkeep"
JUDGE_EVERY = 7
_KEY = "upkeep-"
_ONE_DAY = datetime.timedelta(days=1)
_HALF_AN_HOUR = datetime.timedelta(minutes=30)


def date_due(now: datetime.datetime) -> str | None:
    """The date that is due, half an hour after the nightly time: yesterday, as text."""
    if (now - _HALF_AN_HOUR).date() < now.date() or (now - _HALF_AN_HOUR).time() < organisation().nightly_time:
        return None
    return (now.date() - _ONE_DAY).isoformat()


def start(key: str) -> list[Job]:
    """Enqueue the upkeep of the date."""
    return [enqueue(kind=KIND, params={"date": key}, actor=SYSTEM, unique_key=f"{_KEY}{key}")]


def keep_upkeep(*, day: datetime.date) -> int:
    """Write completeness and upkeep of every unit with live projects on the date; the same again changes nothing.

    Returns how many rows are on file. Five queries.
    """
    sums: dict[int, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for row in upkeep(day):
        entry = sums[row.unit_id or 0]
        for place, value in enumerate((1, row.filled, row.expected, int(row.maintained))):
            entry[place] += value
    with transaction.atomic():
        lock_date(day)
        stored = UpkeepSnapshot.objects.filter(date=day)
        stored.exclude(unit_ref__in=list(sums)).delete()
        UpkeepSnapshot.objects.bulk_create(
            [
                UpkeepSnapshot(date=day, unit_ref=unit, projects=n, filled=filled, expected=expected, maintained=kept)
                for unit, (n, filled, expected, kept) in sorted(sums.items())
            ],
            update_conflicts=True,
            unique_fields=["date", "unit_ref"],
            update_fields=["projects", "filled", "expected", "maintained"],
        )
    return len(sums)


def judge_warnings(*, day: datetime.date, again: bool = False) -> bool:
    """Judge the warnings of the last year for every horizon; once a week is enough. Returns whether it was done.

    Four queries, whatever the number of projects.
    """
    last = WarningTrial.objects.filter(date__lte=day).order_by("-date").values_list("date", flat=True).first()
    if not again and last is not None and (day - last).days < JUDGE_EVERY:
        return False
    past = history(day)
    rows = [trial_of(past, day, horizon) for horizon in HORIZONS]
    with transaction.atomic():
        lock_date(day)
        WarningTrial.objects.filter(date=day).delete()
        WarningTrial.objects.bulk_create(rows)
    return True


def run_day(*, day: datetime.date) -> dict[str, object]:
    """All of it for a date; what the job reports."""
    units = keep_upkeep(day=day)
    judged = judge_warnings(day=day)
    return {"date": day.isoformat(), "units": units, "judged": judged, "forgotten": forget_old_days(today=day)}
