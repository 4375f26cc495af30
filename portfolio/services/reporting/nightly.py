"""The reporting cycle at night: settle the periods that ended, then remind. Started once a day by the organisation's clock."""

from __future__ import annotations

import datetime

from pmo.core.audit.actor import SYSTEM
from pmo.core.calendars.queries import organisation
from pmo.core.jobs.api import Job, enqueue

KIND = "portfolio.reporting"


def day_due(now: datetime.datetime) -> str | None:
    """Today once the nightly time has come, as text; None before."""
    return now.date().isoformat() if now.time() >= organisation().nightly_time else None


def start(key: str) -> Job:
    """Enqueue the day's run."""
    return enqueue(kind=KIND, params={"date": key}, actor=SYSTEM, unique_key=f"reporting-{key}")
