"""Which reports are owed: one row for each running project and period that has ended, made by the nightly run.

What a row says is as it was on the last day of its period: the portfolio and its cycle, the rule, the project manager,
the unit. Rows are made once; the first day on which a report was handed in is noted once and never moved.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable

from django.db import transaction

from pmo.core.calendars.calc import WorkingCalendar
from pmo.core.calendars.queries import working_calendar
from pmo.core.history.queries import as_of
from portfolio.calc.reporting_calendar import Period, periods_between, window_start
from portfolio.models import Portfolio, PortfolioItem, ReportPeriod
from portfolio.queries.reporting import RUNNING, handed_in_on
from portfolio.queries.reporting_rules import RuleBook, rules
from projects.models import Project

BACKFILL = 13
_DAY = datetime.timedelta(days=1)
_CHUNK = 2000


def settle_periods(*, day: datetime.date, periods: int = BACKFILL) -> dict[str, int]:
    """Make what is missing of the periods that ended before `day` (the last `periods` of each cycle), note what was handed in.

    Can be repeated at any time. Returns {"made": rows, "handed_in": rows}. A handful of statements for each day on which
    some period ended; the first run in an installation fills the history, as far as it knows the past.
    """
    calendar = working_calendar()
    made = 0
    for end in _ends(day, periods, calendar):
        made += _make(end, calendar)
    return {"made": made, "handed_in": _note_handed_in(day)}


def _ends(day: datetime.date, periods: int, calendar: WorkingCalendar) -> list[datetime.date]:
    """Days before `day` on which a period of some portfolio ended, that have no rows yet or only older ones."""
    known = rules()
    found: set[datetime.date] = set()
    for portfolio_id, cycle in Portfolio.objects.values_list("pk", "cycle"):
        first = window_start(cycle, day, periods)
        found |= {period.end for period in periods_between(known.of(cycle, portfolio_id), first, day - _DAY, calendar)}
    return sorted(found)


def _make(end: datetime.date, calendar: WorkingCalendar) -> int:
    """The rows of the periods that ended on the day, by what held then."""
    book = rules(end)
    ending = _ending(as_of(Portfolio, end).values_list("row_id", "cycle"), book, end, calendar)
    if not ending:
        return 0
    alive = Portfolio.all_objects.order_by().values("pk")
    items = as_of(PortfolioItem, end).filter(portfolio_id__in=list(ending)).filter(portfolio_id__in=alive)
    placed = dict(items.values_list("project_id", "portfolio_id"))
    taken = set(ReportPeriod.objects.filter(period_end=end).values_list("project_id", flat=True))
    running = as_of(Project, end).filter(status__in=RUNNING, row_id__in=Project.objects.order_by().values("pk"))
    rows = []
    for project_id, pm_id, unit_id in running.values_list("row_id", "pm_id", "unit_id"):
        if project_id in placed and project_id not in taken:
            cycle, period = ending[placed[project_id]]
            rows.append(_row(project_id, placed[project_id], pm_id, unit_id, cycle, period))
    with transaction.atomic():
        ReportPeriod.objects.bulk_create(rows, batch_size=_CHUNK, ignore_conflicts=True)
    return len(rows)


def _ending(
    portfolios: Iterable[tuple[int, str]], book: RuleBook, end: datetime.date, calendar: WorkingCalendar
) -> dict[int, tuple[str, Period]]:
    """{portfolio: (cycle, period)} of those whose period ends on the day."""
    found = {}
    for portfolio_id, cycle in portfolios:
        for period in periods_between(book.of(cycle, portfolio_id), end, end, calendar):
            found[portfolio_id] = (cycle, period)
    return found


def _row(
    project_id: int, portfolio_id: int, pm_id: int | None, unit_id: int | None, cycle: str, period: Period
) -> ReportPeriod:
    return ReportPeriod(
        project_id=project_id,
        portfolio_id=portfolio_id,
        owner_id=pm_id,
        unit_id=unit_id,
        cycle=cycle,
        period_start=period.start,
        period_end=period.end,
        due_on=period.due,
    )


def _note_handed_in(day: datetime.date) -> int:
    """Keep the day on which the first report of a period was handed in; a statement for each such day."""
    open_rows = ReportPeriod.objects.filter(handed_in_on__isnull=True).annotate(found=handed_in_on(day))
    by_day: dict[datetime.date, list[int]] = {}
    for pk, found in open_rows.filter(found__isnull=False).values_list("pk", "found"):
        by_day.setdefault(found, []).append(pk)
    for found, ids in by_day.items():
        for start in range(0, len(ids), _CHUNK):
            ReportPeriod.objects.filter(pk__in=ids[start : start + _CHUNK]).update(handed_in_on=found)
    return sum(map(len, by_day.values()))
