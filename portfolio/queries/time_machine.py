"""Looking back: the day asked for, the month-ends around it, and from when on there are figures."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.db.models import Min, Subquery

from portfolio.models import HealthSnapshot, RollupSnapshot
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


def time_at(asked: datetime.date | None, today: datetime.date, first: datetime.date | None = None) -> Time:
    """The steps from the day of the address, None for today. One query where the first day with figures is not given."""
    first, on = first or first_day(), asked or today
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


def shown_and_first_day(until: datetime.date | None) -> tuple[datetime.date | None, datetime.date | None]:
    """The last day with computed health, not after `until`, and the first day with figures. One query."""
    begun = RollupSnapshot.objects.filter(kind=Kind.ALL).order_by("date").values("date")[:1]
    rows = HealthSnapshot.objects.order_by("-date").annotate(first=Subquery(begun))
    if until is not None:
        rows = rows.filter(date__lte=until)
    found: tuple[datetime.date, datetime.date | None] | None = rows.values_list("date", "first").first()
    return found or (None, None)


def first_day() -> datetime.date | None:
    """The first day with computed figures, None before any. One query."""
    day: datetime.date | None = RollupSnapshot.objects.filter(kind=Kind.ALL).aggregate(first=Min("date"))["first"]
    return day
