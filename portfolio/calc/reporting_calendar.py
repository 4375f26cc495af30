"""Reporting periods and due dates on an organisation's working calendar. Plain Python: no database, no clock.

A weekly period ends on a chosen weekday, a fortnight on the same day of every second week, a month on its last day.
The report is due so many working days after that. Every due date and every reminder is a working day: a public holiday
is passed over, a make-up Saturday (调休) counts as one.
"""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from pmo.core.calendars.calc import WorkingCalendar

WEEKLY, FORTNIGHTLY, MONTHLY = "weekly", "fortnightly", "monthly"
CYCLES = (WEEKLY, FORTNIGHTLY, MONTHLY)
MOST_WORKING_DAYS = 20
_DAY = datetime.timedelta(days=1)
_WEEK = datetime.timedelta(weeks=1)
# Monday of the first ISO week of 2024: fortnights are counted from it unless a rule says otherwise.
DEFAULT_ANCHOR = datetime.date(2024, 1, 1)
DEFAULT_REMINDERS = (-2, 0, 1, 3)


@dataclass(frozen=True)
class DueRule:
    """When the reports of a cycle are due.

    `due_after` working days after the end of the period (0: on the end, or the first working day after it); `last_weekday`
    1 (Monday) to 7 on which weeks and fortnights end; `anchor` any day of the first week of some fortnight; `reminders`
    working days before (negative) and after the due date. Raises ValueError for anything outside those ranges.
    """

    cycle: str
    due_after: int = 1
    last_weekday: int = 7
    anchor: datetime.date = DEFAULT_ANCHOR
    reminders: tuple[int, ...] = DEFAULT_REMINDERS
    escalate: bool = True

    def __post_init__(self) -> None:
        if self.cycle not in CYCLES:
            raise ValueError(f"unknown cycle {self.cycle!r}")
        if not 0 <= self.due_after <= MOST_WORKING_DAYS:
            raise ValueError(f"due_after is 0 to {MOST_WORKING_DAYS} working days, not {self.due_after}")
        if not 1 <= self.last_weekday <= 7:
            raise ValueError(f"last_weekday is 1 (Monday) to 7, not {self.last_weekday}")
        if any(abs(offset) > MOST_WORKING_DAYS for offset in self.reminders):
            raise ValueError(f"reminders lie within {MOST_WORKING_DAYS} working days of the due date")
        if len(set(self.reminders)) != len(self.reminders):
            raise ValueError("a reminder is named twice")


@dataclass(frozen=True)
class Period:
    """A reporting period, both days included, and the day its report is due."""

    start: datetime.date
    end: datetime.date
    due: datetime.date


DEFAULT_RULES = {
    WEEKLY: DueRule(WEEKLY),
    FORTNIGHTLY: DueRule(FORTNIGHTLY),
    MONTHLY: DueRule(MONTHLY, due_after=3),
}


def span_at(rule: DueRule, day: datetime.date) -> tuple[datetime.date, datetime.date]:
    """First and last day of the period that contains the day."""
    if rule.cycle == MONTHLY:
        first = day.replace(day=1)
        return first, (first + 32 * _DAY).replace(day=1) - _DAY
    week_end = _week_end(rule, day)
    if rule.cycle == WEEKLY:
        return week_end - 6 * _DAY, week_end
    weeks = (week_end - _week_end(rule, rule.anchor)).days // 7
    end = week_end if weeks % 2 else week_end + _WEEK
    return end - 13 * _DAY, end


def _week_end(rule: DueRule, day: datetime.date) -> datetime.date:
    return day + (rule.last_weekday - day.isoweekday()) % 7 * _DAY


def period_at(rule: DueRule, day: datetime.date, calendar: WorkingCalendar) -> Period:
    """The period that contains the day."""
    start, end = span_at(rule, day)
    return Period(start, end, due_date(rule, end, calendar))


def due_date(rule: DueRule, end: datetime.date, calendar: WorkingCalendar) -> datetime.date:
    """The working day on which the report of a period that ends on `end` is due. Raises NoWorkingDayError."""
    if rule.due_after == 0:
        return calendar.next_working_day(end, inclusive=True)
    return shift(end, rule.due_after, calendar)


def shift(day: datetime.date, days: int, calendar: WorkingCalendar) -> datetime.date:
    """The working day `days` working days after the day (before it, if negative); shortened days count as days. 0 gives the day."""
    for _step in range(abs(days)):
        if days > 0:
            day = calendar.next_working_day(day)
        else:
            day = calendar.add_working_days(day, -1e-6)
    return day


def periods_between(
    rule: DueRule, first: datetime.date, last: datetime.date, calendar: WorkingCalendar
) -> Iterator[Period]:
    """The periods that end on one of the days from `first` to `last`, in order."""
    period = period_at(rule, first, calendar)
    while period.end <= last:
        yield period
        period = period_at(rule, period.end + _DAY, calendar)


def working_days_late(due: datetime.date, handed_in: datetime.date, calendar: WorkingCalendar) -> int:
    """Working days from the due date until the report was handed in; 0 for one that was in time."""
    late, day = 0, due
    while day < handed_in:
        day += _DAY
        late += calendar.is_working(day)
    return late


def reminder_now(
    rule: DueRule, due: datetime.date, today: datetime.date, sent: Collection[int], calendar: WorkingCalendar
) -> int | None:
    """The offset of the reminder to send today, None for none.

    After a pause only the newest that has come is sent, and none whose successor was sent: nobody gets three at once.
    """
    come = [offset for offset in sorted(rule.reminders) if shift(due, offset, calendar) <= today]
    if not come or any(offset >= come[-1] for offset in sent):
        return None
    return come[-1]


def escalation_day(rule: DueRule, due: datetime.date, calendar: WorkingCalendar) -> datetime.date | None:
    """The working day on which the PMO is told that a report is still missing: the one after the last reminder."""
    if not rule.escalate:
        return None
    return shift(due, max((*rule.reminders, 0)) + 1, calendar)


def window_start(cycle: str, day: datetime.date, count: int) -> datetime.date:
    """Reports of the last `count` periods of a cycle, seen from the day, fell due on this day or later.

    Before the first day of the calendar there is nothing: the window begins with it.
    """
    if cycle == MONTHLY:
        month = day.year * 12 + day.month - 1 - count
        year, month = divmod(month, 12)
        if year < 1:
            return datetime.date.min
        first = datetime.date(year, month + 1, 1)
        last = (first + 32 * _DAY).replace(day=1) - _DAY
        return first.replace(day=min(day.day, last.day))
    back = count * (_WEEK if cycle == WEEKLY else 2 * _WEEK)
    return datetime.date.fromordinal(max(day.toordinal() - back.days, 1))


def reminders_of(text: str) -> tuple[int, ...]:
    """The offsets of a text such as "-2, 0, 1, 3". Raises ValueError for anything else."""
    parts = [part.strip() for part in text.replace("，", ",").replace("、", ",").split(",")]
    return tuple(sorted(int(part) for part in parts if part))
