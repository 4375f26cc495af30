"""Days of use: one flag per login and day, kept for 13 months, nothing else."""

from __future__ import annotations

import datetime
from typing import Any

from pmo.core.calendars.queries import org_today
from portfolio.models import SignInDay
from portfolio.queries.adoption import KEEP_DAYS


def note_sign_in(*, user: Any, day: datetime.date) -> None:
    """Remember that the login was used on the day; a second time changes nothing. Not audited: it is no change of data."""
    SignInDay.objects.bulk_create([SignInDay(user=user, day=day)], ignore_conflicts=True)


def note_day_of(user: Any) -> None:
    """Somebody signed in: note today. A session lasts twelve hours, so that a day of use begins with it."""
    note_sign_in(user=user, day=org_today())


def forget_old_days(*, today: datetime.date) -> int:
    """Remove the flags older than 13 months; returns how many went."""
    removed: int = SignInDay.objects.filter(day__lte=today - datetime.timedelta(days=KEEP_DAYS)).delete()[0]
    return removed
