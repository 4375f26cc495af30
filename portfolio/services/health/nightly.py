"""Which dates the nightly run computes.

The run that starts at the organisation's nightly time on day N computes the end of day N-1: the whole day is over, its
late entries are in. Pages say "as of" that date. Nights that were missed, or whose job failed, are made up for on the next
one, at most the last fourteen dates.
"""

from __future__ import annotations

import datetime
from typing import Any

from django.db.models import Min

from pmo.core.audit.actor import SYSTEM, Actor
from pmo.core.calendars.queries import organisation
from pmo.core.jobs.api import Job, enqueue
from projects.models import Project

KIND = "portfolio.recompute"
CATCH_UP_DAYS = 14
_KEY = "health-night-"
_ONE_DAY = datetime.timedelta(days=1)


def date_due(now: datetime.datetime) -> str | None:
    """The date that is due at a moment of the organisation's clock, as text; None before the nightly time."""
    if now.time() < organisation().nightly_time:
        return None
    return (now.date() - _ONE_DAY).isoformat()


def start_night(key: str) -> list[Job]:
    """Enqueue the date, and those before it that have no job which is done or under way. Four queries and a job's each."""
    return [_enqueue(day) for day in dates_to_compute(datetime.date.fromisoformat(key))]


def dates_to_compute(until: datetime.date) -> list[datetime.date]:
    """Dates up to `until` without a job, oldest first: within the catch-up and not before the first night ever."""
    if not Project.objects.exists():
        return []
    nights = Job.objects.filter(kind=KIND, asked_key__startswith=_KEY)
    first = nights.aggregate(first=Min("asked_key"))["first"]
    start = until if first is None else datetime.date.fromisoformat(first.removeprefix(_KEY))
    start = max(start, until - (CATCH_UP_DAYS - 1) * _ONE_DAY)
    days = [start + number * _ONE_DAY for number in range((until - start).days + 1)]
    keys = nights.filter(unique_key__in=[_key(day) for day in days])
    taken = set(keys.values_list("unique_key", flat=True))
    return [day for day in days if _key(day) not in taken]


def _key(day: datetime.date) -> str:
    return f"{_KEY}{day.isoformat()}"


def _enqueue(day: datetime.date) -> Job:
    params = {"date": day.isoformat(), "nightly": True}
    return enqueue(kind=KIND, params=params, actor=SYSTEM, unique_key=_key(day))


def request_recompute(
    *, actor: Actor, day: datetime.date, portfolio_id: int | None = None, project_ids: list[int] | None = None
) -> Job:
    """Enqueue a run on demand; the same request still waiting or running is returned instead of a second one.

    Raises Refused where the user lacks the permission.
    """
    params: dict[str, Any] = {"date": day.isoformat()}
    if portfolio_id is not None:
        params["portfolio"] = portfolio_id
    if project_ids is not None:
        params["projects"] = sorted(project_ids)
    live = Job.objects.filter(kind=KIND, state__in=[Job.State.QUEUED, Job.State.RUNNING], owner=actor.user)
    same: Job | None = live.filter(params=params).order_by("pk").first()
    return same or enqueue(kind=KIND, params=params, actor=actor)
