"""With what a roll-up report begins: for which programme or portfolio, on which period."""

from __future__ import annotations

import calendar
import datetime
from typing import Any

from pmo.core.access.api import permission_of, scoped_q
from pmo.core.access.grants import grants_of
from pmo.core.calendars.queries import working_calendar
from portfolio.calc.reporting_calendar import period_at
from portfolio.models import Portfolio, Programme, RollupReport
from portfolio.queries.reporting_rules import rules

_DAY = datetime.timedelta(days=1)


def begun(user: Any, today: datetime.date, portfolio: int | None = None, programme: int | None = None) -> RollupReport:
    """The open draft of the programme or portfolio, else an unsaved report on the period after its last one.

    Without either: the first programme that the user manages, else the first portfolio that they report on. What the user
    may not see counts as not named; a report about nothing yet has no period. At most seven queries.
    """
    group, part = _subject(user, portfolio, programme)
    if group is None:
        return RollupReport()
    rows = RollupReport.objects.filter(portfolio=group, programme=part)
    draft: RollupReport | None = rows.filter(state=RollupReport.State.DRAFT).order_by("-period_end").first()
    if draft is not None:
        return draft
    last = rows.order_by("-period_end").first()
    first, end = _ended(group, today) if last is None else following(last.period_start, last.period_end)
    return RollupReport(portfolio=group, programme=part, period_start=first, period_end=end)


def _subject(user: Any, portfolio: int | None, programme: int | None) -> tuple[Portfolio | None, Programme | None]:
    parts = Programme.objects.select_related("portfolio").order_by("code")
    if programme is not None:
        part = parts.visible_to(user).filter(pk=programme).first()
        return (None, None) if part is None else (part.portfolio, part)
    if portfolio is not None:
        return Portfolio.objects.visible_to(user).filter(pk=portfolio).first(), None
    led = parts.filter(manager_id=grants_of(user).person_id or 0).first()
    if led is not None:
        return led.portfolio, led
    kept = scoped_q(user, "portfolio", permission_of(RollupReport, "add"), "pk")
    return Portfolio.objects.filter(kept).order_by("code").first(), None


def _ended(group: Portfolio, today: datetime.date) -> tuple[datetime.date, datetime.date]:
    """The last period of the portfolio's cycle that has ended."""
    rule, days = rules().of(group.cycle, group.pk), working_calendar()
    before = period_at(rule, period_at(rule, today, days).start - _DAY, days)
    return before.start, before.end


def following(start: datetime.date, end: datetime.date) -> tuple[datetime.date, datetime.date]:
    """The period after one: whole months after whole months, else as many days."""
    first = end + _DAY
    if start.day != 1 or first.day != 1:
        return first, first + (end - start)
    months = (first.year - start.year) * 12 + first.month - start.month
    year, month = divmod(first.year * 12 + first.month - 1 + months - 1, 12)
    return first, datetime.date(year, month + 1, calendar.monthrange(year, month + 1)[1])
