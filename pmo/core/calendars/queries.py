"""What day it is for the organisation, and its settings."""

from __future__ import annotations

import datetime
import zoneinfo
from typing import Any

from django.utils import timezone

from pmo.core.calendars.calc import WorkingCalendar
from pmo.core.calendars.models import CalendarException, Organisation
from pmo.core.history.models import version_of
from pmo.core.history.queries import as_of
from pmo.core.kept import kept
from pmo.core.prepared import Prepared

_first = Prepared(lambda _pk: Organisation.objects.order_by("pk")[:1])


def organisation() -> Organisation:
    """The installation's organisation; unsaved defaults before set-up has named one. Read once in a reading request."""
    return kept("organisation", _organisation)


def _organisation() -> Organisation:
    return next(iter(_first.of(0)), None) or Organisation(name_zh="风向标", name_en="Bellwether")


def organisation_zone() -> zoneinfo.ZoneInfo:
    """The time zone that defines night and snapshot date."""
    return zoneinfo.ZoneInfo(organisation().time_zone)


def org_today() -> datetime.date:
    """Today in the organisation's time zone."""
    return timezone.now().astimezone(organisation_zone()).date()


def organisation_as_of(day: datetime.date) -> Any:
    """The organisation's settings as they stood on the day; its first ones on days before they were recorded."""
    versions: Any = version_of(Organisation)
    first = versions.objects.order_by("valid_from", "row_id")
    return as_of(Organisation, day).order_by("row_id").first() or first.first() or organisation()


def working_calendar(region: str = "", day: datetime.date | None = None, settings: Any = None) -> WorkingCalendar:
    """The organisation's working calendar with its dated exceptions (and those of a region), as known on `day` (now).

    `settings` are the organisation's of that day, where they have been read already.
    """
    rows = CalendarException.objects.all() if day is None else as_of(CalendarException, day)
    settings = settings or (organisation() if day is None else organisation_as_of(day))
    pairs = rows.filter(region__in={"", region}).order_by("region").values_list("day", "factor")
    weekdays = frozenset(int(digit) - 1 for digit in settings.working_weekdays)
    return WorkingCalendar(weekdays=weekdays, exceptions={date: float(factor) for date, factor in pairs})
