"""Calendars: the week, days that differ (recurring ones once a day that they fall on), weeks between two days."""

from __future__ import annotations

import datetime
from typing import Any

from jpype import JClass

from projects.plan_files.child.remarks import Remarks
from projects.plan_files.child.values import Json, day, put, text, word

MOST_DAYS = 20_000
"""Exceptions of one file after recurring ones stand once a day."""
MOST_OF_ONE = 4_000


class CalendarReader:
    """Reads the calendars of a project; recurring exceptions are written out as far as the limit."""

    def __init__(self, project: Any, remarks: Remarks) -> None:
        self.project = project
        self.remarks = remarks
        self.days_of_week = list(JClass("java.time.DayOfWeek").values())
        self.left = MOST_DAYS

    def read(self) -> list[Json]:
        """All calendars; one whose id came before is damaged and left out."""
        result: dict[str, Json] = {}
        for one in self.project.getCalendars():
            if str(one.getUniqueID()) in result:
                self.remarks.lost("calendars", "duplicates", text(one.getName()))
            else:
                result[str(one.getUniqueID())] = self._calendar(one)
        return list(result.values())

    def _calendar(self, calendar: Any) -> Json:
        parent = calendar.getParent()
        result: Json = {
            "uid": str(calendar.getUniqueID()),
            "name": text(calendar.getName()),
            "parent": None if parent is None else str(parent.getUniqueID()),
            "week": self._days(calendar),
            "of_resource": bool(calendar.getPersonal()) or word(calendar.getType()) == "resource" or _derived(calendar),
        }
        put(result, "exceptions", self._exceptions(calendar))
        put(result, "weeks", [one for one in map(self._week, calendar.getWorkWeeks()) if one is not None])
        return result

    def _days(self, days: Any) -> dict[str, Any]:
        """Ranges by day, 1 (Monday) to 7; None where the parent decides."""
        result: dict[str, Any] = {}
        for number, one in enumerate(self.days_of_week, start=1):
            kind = word(days.getCalendarDayType(one))
            if kind == "working":
                result[str(number)] = _ranges(days.getCalendarHours(one) or ())
            else:
                result[str(number)] = [] if kind == "non_working" else None
        return result

    def _week(self, week: Any) -> Json | None:
        between = week.getDateRange()
        first, last = day(between.getStart()), day(between.getEnd())
        if first is None or last is None:
            self.remarks.lost("calendars", "not_read", text(week.getName()))
            return None
        result: Json = {"first": first, "last": last, "days": self._days(week)}
        put(result, "name", text(week.getName()))
        return result

    def _exceptions(self, calendar: Any) -> list[Json]:
        result = []
        for exception in calendar.getCalendarExceptions():
            recurring = exception.getRecurring()
            if recurring is None:
                single = [exception]
            elif _spans_years(recurring):
                self.remarks.lost("calendars", "recurring_cut", text(exception.getName()))
                continue
            else:
                single = list(exception.getExpandedExceptions())
                self.remarks.kept("calendars", "recurring_days", text(exception.getName()), count=1)
            for one in single:
                if self.left <= 0:
                    self.remarks.lost("calendars", "exceptions_cut", text(exception.getName()))
                    break
                self.left -= 1
                taken = _exception(one, text(exception.getName()))
                if taken is None:
                    self.remarks.lost("calendars", "not_read", text(exception.getName()))
                else:
                    result.append(taken)
        return result


def _spans_years(recurring: Any) -> bool:
    """Whether writing the days out would take too many: longer than a working life, or too often."""
    if not bool(recurring.isValid()):
        return True
    occurrences, first, last = recurring.getOccurrences(), recurring.getStartDate(), recurring.getFinishDate()
    if occurrences is not None and int(occurrences) > MOST_OF_ONE:
        return True
    if first is None:
        return True
    if last is None:
        return occurrences is None
    return (_date(last) - _date(first)).days > MOST_OF_ONE * 7


def _date(value: Any) -> datetime.date:
    return datetime.date(int(value.getYear()), int(value.getMonthValue()), int(value.getDayOfMonth()))


def _exception(exception: Any, name: str) -> Json | None:
    first, last = day(exception.getFromDate()), day(exception.getToDate())
    if first is None or last is None or last < first:
        return None
    result: Json = {"first": first, "last": last}
    put(result, "ranges", _ranges(exception))
    put(result, "name", name)
    return result


def _ranges(ranges: Any) -> list[list[str]]:
    return [
        [str(one.getStart()), str(one.getEnd())]
        for one in ranges
        if one.getStart() is not None and one.getEnd() is not None
    ]


def _derived(calendar: Any) -> bool:
    return bool(calendar.isDerived()) and int(calendar.getResourceCount()) > 0
