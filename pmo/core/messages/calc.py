"""Moments: when quiet hours end, when a digest is due, how long to wait after a failure."""

from __future__ import annotations

import datetime
import zoneinfo

FIRST_WAIT_SECONDS = 30
LONGEST_WAIT_SECONDS = 3600


def after_quiet(
    moment: datetime.datetime,
    zone: zoneinfo.ZoneInfo,
    quiet_from: datetime.time | None,
    quiet_to: datetime.time | None,
) -> datetime.datetime:
    """The moment itself, or the end of the quiet hours it lies in. They may run over midnight; equal ends mean none."""
    if quiet_from is None or quiet_to is None or quiet_from == quiet_to:
        return moment
    local = moment.astimezone(zone)
    clock = local.time()
    over_midnight = quiet_from > quiet_to
    inside = (clock >= quiet_from or clock < quiet_to) if over_midnight else quiet_from <= clock < quiet_to
    if not inside:
        return moment
    day = local.date()
    if over_midnight and clock >= quiet_from:
        day += datetime.timedelta(days=1)
    return datetime.datetime.combine(day, quiet_to, tzinfo=zone).astimezone(datetime.UTC)


def digest_day(moment: datetime.datetime, zone: zoneinfo.ZoneInfo, hour: int) -> datetime.date | None:
    """The day whose digest is due at the moment by the clock of the zone; None before the hour has come."""
    local = moment.astimezone(zone)
    return local.date() if local.hour >= hour else None


def wait_seconds(attempts: int) -> int:
    """Seconds until the next try after so many: 30, 60, 120, ... up to an hour."""
    return int(min(FIRST_WAIT_SECONDS * 2 ** max(attempts - 1, 0), LONGEST_WAIT_SECONDS))
