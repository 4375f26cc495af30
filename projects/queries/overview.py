"""What the tabs of a project page show."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import F, Sum
from django.db.models.functions import TruncMonth

from pmo.core.calendars.calc import WorkingCalendar
from projects.models import BudgetLine, CostLine, Milestone, StatusReport


@dataclass(frozen=True)
class MilestoneLine:
    """A milestone with its slip in working days (None without both dates) and whether it is past its baseline and open."""

    row: Milestone
    slip: int | None
    late: bool


def milestone_lines(project_id: int, calendar: WorkingCalendar, today: datetime.date) -> list[MilestoneLine]:
    """The project's milestones by baseline date. One query."""
    rows = (
        Milestone.objects.filter(project_id=project_id)
        .select_related("owner")
        .order_by(F("baseline_date").asc(nulls_last=True), "pk")
    )
    return [_line(row, calendar, today) for row in rows]


def _line(row: Milestone, calendar: WorkingCalendar, today: datetime.date) -> MilestoneLine:
    expected = row.actual_date or row.forecast_date
    slip = None
    if row.baseline_date and expected:
        slip = round(calendar.working_days_between(row.baseline_date, expected))
    late = row.actual_date is None and row.baseline_date is not None and row.baseline_date < today
    return MilestoneLine(row, slip, late)


@dataclass(frozen=True)
class MoneyLine:
    """Budget and actual of a category, or of a month, in one currency."""

    key: Any
    currency: str
    budget: Decimal
    actual: Decimal

    @property
    def left(self) -> Decimal:
        """Budget not spent yet; negative where overspent."""
        return self.budget - self.actual


def money_by_category(project_id: int) -> list[MoneyLine]:
    """Budget and actual by category and currency. Two queries."""
    return _lines(
        BudgetLine.objects.filter(project_id=project_id)
        .order_by()
        .values_list("category", "currency")
        .annotate(total=Sum("amount")),
        CostLine.objects.filter(project_id=project_id)
        .order_by()
        .values_list("category", "currency")
        .annotate(total=Sum("amount")),
    )


def money_by_month(project_id: int) -> list[MoneyLine]:
    """Budget and actual by calendar month and currency, oldest first; lines without a period are left out. Two queries."""
    budget = BudgetLine.objects.filter(project_id=project_id, period__isnull=False).annotate(month=TruncMonth("period"))
    actual = CostLine.objects.filter(project_id=project_id).annotate(month=TruncMonth("booked_on"))
    return _lines(
        budget.order_by().values_list("month", "currency").annotate(total=Sum("amount")),
        actual.order_by().values_list("month", "currency").annotate(total=Sum("amount")),
    )


def _lines(budget: Sequence[Any], actual: Sequence[Any]) -> list[MoneyLine]:
    totals: dict[tuple[Any, str], list[Decimal]] = {}
    for index, rows in enumerate((budget, actual)):
        for key, currency, total in rows:
            totals.setdefault((key, currency), [Decimal(0), Decimal(0)])[index] += total or Decimal(0)
    return [MoneyLine(key, currency, *amounts) for (key, currency), amounts in sorted(totals.items())]


def last_reports(project_id: int, count: int = 9, until: datetime.date | None = None) -> list[StatusReport]:
    """The project's last published reports, oldest first."""
    rows = StatusReport.objects.filter(project_id=project_id, state=StatusReport.State.PUBLISHED)
    if until is not None:
        rows = rows.filter(published_on__lte=until)
    return list(rows.select_related("author", "reviewer").order_by("-period_end", "-pk")[:count])[::-1]
