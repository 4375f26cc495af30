"""Calendars in Microsoft's XML: the week, exceptions, weeks that hold for a time."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from typing import Any

from projects.calc.plan.document import Calendar, DayException, Range, Week


def write_calendars(xml: Any, calendars: Iterable[Calendar], uids: Any) -> None:
    """All calendars, in the order of the plan."""
    xml.raw("<Calendars>\n")
    for one in calendars:
        xml.raw("<Calendar>")
        xml.leaf("UID", uids.calendars[one.uid])
        xml.leaf("Name", one.name)
        xml.leaf("IsBaseCalendar", "0" if one.of_resource and one.uid in uids.of_resources else "1")
        xml.leaf("BaseCalendarUID", uids.calendars[one.parent] if one.parent is not None else "-1")
        _write_days(xml, one.week)
        if one.exceptions:
            xml.raw("<Exceptions>")
            for exception in one.exceptions:
                _write_exception(xml, exception)
            xml.raw("</Exceptions>")
        if one.weeks:
            xml.raw("<WorkWeeks>")
            for week in one.weeks:
                _write_week(xml, week)
            xml.raw("</WorkWeeks>")
        xml.raw("</Calendar>\n")
    xml.raw("</Calendars>\n")


def _write_days(xml: Any, days: Mapping[int, tuple[Range, ...] | None]) -> None:
    """Days that the calendar decides itself; the schema begins with Sunday."""
    own = [(day % 7 + 1, ranges) for day, ranges in days.items() if ranges is not None]
    if not own:
        return
    xml.raw("<WeekDays>")
    for number, ranges in sorted(own):
        xml.raw("<WeekDay>")
        xml.leaf("DayType", str(number))
        _write_ranges(xml, ranges)
        xml.raw("</WeekDay>")
    xml.raw("</WeekDays>")


def _write_ranges(xml: Any, ranges: tuple[Range, ...]) -> None:
    xml.leaf("DayWorking", "1" if ranges else "0")
    if not ranges:
        return
    xml.raw("<WorkingTimes>")
    for start, end in ranges:
        xml.raw("<WorkingTime>")
        xml.leaf("FromTime", start.isoformat("seconds"))
        xml.leaf("ToTime", end.isoformat("seconds"))
        xml.raw("</WorkingTime>")
    xml.raw("</WorkingTimes>")


def _write_period(xml: Any, first: datetime.date, last: datetime.date) -> None:
    xml.raw("<TimePeriod>")
    xml.leaf("FromDate", f"{first.isoformat()}T00:00:00")
    xml.leaf("ToDate", f"{last.isoformat()}T23:59:00")
    xml.raw("</TimePeriod>")


def _write_exception(xml: Any, one: DayException) -> None:
    xml.raw("<Exception>")
    xml.leaf("EnteredByOccurrences", "0")
    _write_period(xml, one.first, one.last)
    xml.leaf("Occurrences", str((one.last - one.first).days + 1))
    if one.name:
        xml.leaf("Name", one.name)
    xml.leaf("Type", "1")
    _write_ranges(xml, one.ranges)
    xml.raw("</Exception>")


def _write_week(xml: Any, one: Week) -> None:
    xml.raw("<WorkWeek>")
    _write_period(xml, one.first, one.last)
    xml.leaf("Name", one.name)
    _write_days(xml, one.days)
    xml.raw("</WorkWeek>")
