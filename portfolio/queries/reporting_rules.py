"""Which due rule applies to a portfolio, now or on a past day, and which period a project reports."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q

from pmo.core.calendars.queries import working_calendar
from pmo.core.history.queries import as_of
from portfolio.calc.reporting_calendar import DEFAULT_RULES, DueRule, Period, period_at
from portfolio.models import PortfolioItem, ReportingRule
from portfolio.models.reporting import rule_of
from projects.models import StatusReport
from projects.queries.reporting_cycle import ReportingPeriod

_DAY = datetime.timedelta(days=1)


@dataclass(frozen=True)
class RuleBook:
    """The rules in force: one for each cycle, and those of single portfolios."""

    by_cycle: dict[str, DueRule] = field(default_factory=dict)
    by_portfolio: dict[tuple[str, int], DueRule] = field(default_factory=dict)

    def of(self, cycle: str, portfolio_id: int | None) -> DueRule:
        """The portfolio's own rule for its cycle, else the cycle's, else the usual one."""
        own = self.by_portfolio.get((cycle, portfolio_id)) if portfolio_id is not None else None
        return own or self.by_cycle.get(cycle) or DEFAULT_RULES[cycle]


def rules(day: datetime.date | None = None) -> RuleBook:
    """The rules as they stood at the end of the day (now). One query."""
    rows: Any = ReportingRule.objects.order_by("pk") if day is None else as_of(ReportingRule, day).order_by("row_id")
    book = RuleBook()
    for row in rows:
        if row.portfolio_id is None:
            book.by_cycle[row.cycle] = rule_of(row)
        else:
            book.by_portfolio[row.cycle, row.portfolio_id] = rule_of(row)
    return book


def covers(start: datetime.date, end: datetime.date) -> Q:
    """Reports that answer for a period: their last day lies in it, or they span all of it."""
    return Q(period_end__gte=start, period_end__lte=end) | Q(period_start__lte=start, period_end__gte=end)


def handed_in(project_id: int, start: datetime.date, end: datetime.date) -> bool:
    """Whether a report on the period was handed in. One query."""
    rows = StatusReport.objects.filter(covers(start, end), project_id=project_id, source=StatusReport.Source.FORM)
    return bool(rows.filter(submitted_on__isnull=False).exclude(state=StatusReport.State.RETURNED).exists())


def period_to_report(project_id: int, day: datetime.date) -> ReportingPeriod | None:
    """The period a project reports on the day: the last one that ended unless it was handed in, else the one under way.

    None for a project in no portfolio. At most six queries.
    """
    placed = PortfolioItem.objects.filter(project_id=project_id).values_list("portfolio_id", "portfolio__cycle").first()
    if placed is None:
        return None
    portfolio_id, cycle = placed
    rule, calendar = rules().of(cycle, portfolio_id), working_calendar()
    current = period_at(rule, day, calendar)
    before = period_at(rule, current.start - _DAY, calendar)
    owed = before if day > before.end and not handed_in(project_id, before.start, before.end) else current
    return _told(cycle, owed)


def _told(cycle: str, period: Period) -> ReportingPeriod:
    return ReportingPeriod(cycle, period.start, period.end, period.due)
