"""How complete and how well kept the records of live projects are, on any date.

Everything is read from version tables, so the figure of a past date is what was known on it. The score of a project is the
share of `ITEMS` that are filled, of a unit the sum of the filled items over the sum of the items of its projects.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, Count, Exists, F, IntegerField, Max, OuterRef, Q, Subquery, Value, When
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from pmo.core.history.models import version_of
from pmo.core.history.queries import as_of
from portfolio.models import Portfolio, PortfolioItem
from portfolio.models.structure import CYCLE_DAYS, Cycle
from projects.models import (
    Action,
    BudgetLine,
    CostLine,
    Decision,
    Issue,
    Milestone,
    Project,
    StatusReport,
)
from projects.models.choices import ProjectStatus
from risks.models import Risk

LIVE = (ProjectStatus.NOT_STARTED, ProjectStatus.IN_PROGRESS, ProjectStatus.SUSPENDED)
KEPT_BY = (Project, Milestone, BudgetLine, CostLine, StatusReport, Issue, Action, Decision, Risk)
"""The registers in which an entry or a change counts as keeping the project up to date."""

LONGEST = max(CYCLE_DAYS.values())

ITEMS: dict[str, str | Promise] = {
    "pm": _("Project manager"),
    "sponsor": _("Sponsor"),
    "unit": _("Business unit"),
    "portfolio": _("Portfolio"),
    "planned_start": _("Planned start"),
    "planned_finish": _("Planned finish"),
    "forecast_finish": _("Forecast finish"),
    "percent_complete": _("Percent complete"),
    "budget": _("Budget"),
    "milestones": _("Milestones with baselines"),
    "report": _("Published report of the last 45 days"),
    "risks": _("Risks"),
}
"""What every live project should have, by name."""

REPORT_DAYS = 45


def item_filters(day: datetime.date) -> dict[str, Q]:
    """The filter on version rows of projects that says whether each item is filled on the day."""

    def some(model: Any, **conditions: Any) -> Q:
        return Q(Exists(as_of(model, day).filter(project_id=OuterRef("row_id"), **conditions)))

    recent = day - datetime.timedelta(days=REPORT_DAYS)
    return {
        "pm": Q(pm_id__isnull=False),
        "sponsor": Q(sponsor_id__isnull=False),
        "unit": Q(unit_id__isnull=False),
        "portfolio": some(PortfolioItem),
        "planned_start": Q(planned_start__isnull=False),
        "planned_finish": Q(planned_finish__isnull=False),
        "forecast_finish": Q(forecast_finish__isnull=False),
        "percent_complete": Q(percent_complete__isnull=False),
        "budget": some(BudgetLine),
        "milestones": some(Milestone, baseline_date__isnull=False) & ~some(Milestone, baseline_date__isnull=True),
        "report": some(
            StatusReport, state=StatusReport.State.PUBLISHED, published_on__gt=recent, published_on__lte=day
        ),
        "risks": some(Risk),
    }


def live_on(day: datetime.date) -> Any:
    """Version rows of the projects that were live at the end of the day."""
    return as_of(Project, day).filter(status__in=LIVE)


def scored(day: datetime.date) -> Any:
    """Live projects of the day with `filled`, the number of filled items."""
    parts = [
        Case(When(condition, then=Value(1)), default=Value(0), output_field=IntegerField())
        for condition in item_filters(day).values()
    ]
    total: Any = parts[0]
    for part in parts[1:]:
        total = total + part
    return live_on(day).annotate(filled=total)


@dataclass(frozen=True)
class Upkeep:
    """One live project: filled items of `expected`, and whether an entry came within its reporting cycle."""

    project_id: int
    unit_id: int | None
    pm_id: int | None
    filled: int
    last_entry: datetime.date | None
    cycle_days: int
    day: datetime.date

    @property
    def expected(self) -> int:
        """Items asked for."""
        return len(ITEMS)

    @property
    def score(self) -> float:
        """Filled items in per cent."""
        return 100.0 * self.filled / len(ITEMS)

    @property
    def maintained(self) -> bool:
        """Whether something was entered or changed within the reporting cycle before the day."""
        return self.last_entry is not None and (self.day - self.last_entry).days < self.cycle_days


def upkeep(day: datetime.date, among: Any = None) -> list[Upkeep]:
    """Every live project of the day (of the queryset of ids `among`, where given). Three queries."""
    rows = scored(day)
    if among is not None:
        rows = rows.filter(row_id__in=among)
    last = last_entries(day)
    cycles = cycle_days(day)
    weekly = CYCLE_DAYS[Cycle.WEEKLY]
    return [
        Upkeep(pk, unit, pm, filled, last.get(pk), cycles.get(pk, weekly), day)
        for pk, unit, pm, filled in rows.order_by("row_id").values_list("row_id", "unit_id", "pm_id", "filled")
    ]


def last_entries(day: datetime.date) -> dict[int, datetime.date]:
    """{project: last day with an entry or a change} within the longest cycle before the day. One query."""
    first = day - datetime.timedelta(days=LONGEST)
    parts = []
    for model in KEPT_BY:
        table: Any = version_of(model)
        field = "row_id" if model is Project else "project_id"
        rows = table.objects.filter(valid_from__gt=first, valid_from__lte=day).order_by()
        parts.append(rows.values_list(F(field)).annotate(last=Max("valid_from")))
    found: dict[int, datetime.date] = {}
    for project_id, last in parts[0].union(*parts[1:], all=True):
        found[project_id] = max(found.get(project_id, last), last)
    return found


def cycle_days(day: datetime.date) -> dict[int, int]:
    """{project: days of the reporting cycle of its portfolio}. One query."""
    cycle = as_of(Portfolio, day).filter(row_id=OuterRef("portfolio_id")).values("cycle")[:1]
    rows = as_of(PortfolioItem, day).annotate(cycle=Subquery(cycle)).values_list("project_id", "cycle")
    return {project_id: CYCLE_DAYS[Cycle(name)] for project_id, name in rows if name}


def missing_counts(day: datetime.date, among: Any = None) -> dict[str, int]:
    """{item: live projects that lack it}. One query."""
    rows = live_on(day)
    if among is not None:
        rows = rows.filter(row_id__in=among)
    counts: dict[str, int] = rows.order_by().aggregate(
        **{name: Count("pk", filter=~condition) for name, condition in item_filters(day).items()}
    )
    return counts
