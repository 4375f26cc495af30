"""Looking back: the day asked for, the month-ends around it, and from when on there are figures."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.db.models import Min

from portfolio.models import RollupSnapshot
from portfolio.queries.scope import Kind


@dataclass(frozen=True)
class Time:
    """The day looked at, and the month-ends one step away; `first` is the first day with figures."""

    on: datetime.date
    today: datetime.date
    past: bool
    earlier: datetime.date | None
    later: datetime.date | None
    first: datetime.date | None


def month_end(day: datetime.date) -> datetime.date:
    """The last day of the month."""
    return (day.replace(day=1) + datetime.timedelta(days=32)).replace(day=1) - datetime.timedelta(days=1)


def time_at(asked: datetime.date | None, today: datetime.date) -> Time:
    """The steps from the day of the address, None for today. One query."""
    first, on = first_day(), asked or today
    before = on.replace(day=1) - datetime.timedelta(days=1) if on > datetime.date(1900, 1, 31) else None
    after = month_end(on + datetime.timedelta(days=1)) if asked is not None and asked < today else None
    return Time(
        on=on,
        today=today,
        past=asked is not None,
        earlier=before if before is not None and first is not None and before >= first else None,
        later=after if after is not None and after < today and first is not None and after >= first else None,
        first=first,
    )


def first_day() -> datetime.date | None:
    """The first day with computed figures, None before any. One query."""
    day: datetime.date | None = RollupSnapshot.objects.filter(kind=Kind.ALL).aggregate(first=Min("date"))["first"]
    return day
