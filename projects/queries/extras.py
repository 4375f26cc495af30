"""What the tabs "Scope and quality" and "Benefits" of a project show."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import numpy as np
from django.db.models import F, Sum

from projects.calc.benefit_timing import DateArray, add_months, expected_finish, last_ended_month, previous_month
from projects.models import (
    Benefit,
    BenefitLine,
    Deliverable,
    Project,
    ProjectObjective,
    QualityFinding,
    SuccessCriterion,
)
from projects.models.quality import OPEN_STATES

ON_PLAN = Decimal("0.9")
ONE_WEEK = 7  # days


@dataclass(frozen=True)
class ScopeFigures:
    """Rows of the tab and what they add up to on a day."""

    deliverables: list[Deliverable]
    findings: list[QualityFinding]
    objectives: list[ProjectObjective]
    criteria: list[SuccessCriterion]
    accepted: int
    overdue: int
    defects: int
    open_findings: int
    major: int


def scope_figures(project: Project, today: datetime.date) -> ScopeFigures:
    """Deliverables, findings, objectives and criteria of a project. Four queries."""
    parts = list(
        Deliverable.objects.filter(project=project)
        .select_related("owner", "milestone", "accepted_by")
        .order_by(F("due_on").asc(nulls_last=True), "code")
    )
    findings = list(
        QualityFinding.objects.filter(project=project).select_related("owner").order_by("severity", "due_on", "code")
    )
    findings.sort(key=lambda row: row.state not in OPEN_STATES)
    still = [row for row in findings if row.state in OPEN_STATES]
    accepted = [row for row in parts if row.state == Deliverable.State.ACCEPTED]
    return ScopeFigures(
        deliverables=parts,
        findings=findings,
        objectives=list(ProjectObjective.objects.filter(project=project).order_by("due_on", "code")),
        criteria=list(SuccessCriterion.objects.filter(project=project).order_by("due_on", "code")),
        accepted=len(accepted),
        overdue=sum(
            row.due_on is not None and row.due_on < today and row.state != Deliverable.State.ACCEPTED for row in parts
        ),
        defects=sum(row.open_defects for row in parts),
        open_findings=len(still),
        major=sum(row.severity == QualityFinding.Severity.MAJOR for row in still),
    )


@dataclass
class BenefitRow:
    """A benefit of a project with its gains to date; `slip` is the expected start minus the planned one in days."""

    row: Benefit
    planned_start: datetime.date | None
    expected_start: datetime.date | None
    planned: Decimal = Decimal(0)
    actual: Decimal | None = None
    last: datetime.date | None = None  # the last period that was measured
    level_planned: Decimal | None = None  # of a level: what was planned and measured last
    level_now: Decimal | None = None

    @property
    def slip(self) -> int | None:
        """Days by which the start has moved."""
        if self.planned_start is None or self.expected_start is None:
            return None
        return (self.expected_start - self.planned_start).days

    @property
    def total(self) -> Decimal:
        """The planned gain: the total, or the distance of the level from its baseline."""
        return gain(self.row, self.row.planned_total)

    @property
    def share(self) -> Decimal | None:
        """Actual over planned to date; None while nothing was planned or measured."""
        return self.actual / self.planned if self.planned > 0 and self.actual is not None else None


@dataclass(frozen=True)
class BenefitMonth:
    """Cumulative money of a currency by the end of a month; `actual` None where nothing was measured yet."""

    period: datetime.date
    planned: Decimal
    actual: Decimal | None


@dataclass
class BenefitFigures:
    """Benefits of a project: rows, and cumulative money by currency."""

    rows: list[BenefitRow] = field(default_factory=list)
    months: dict[str, list[BenefitMonth]] = field(default_factory=dict)

    @property
    def due(self) -> int:
        """Benefits with something planned by today."""
        return sum(row.planned > 0 for row in self.rows)

    @property
    def on_plan(self) -> int:
        """Benefits of which nine tenths of the plan by today arrived."""
        return sum(row.planned > 0 and row.share is not None and row.share >= ON_PLAN for row in self.rows)

    @property
    def late(self) -> int:
        """Benefits that start more than a week later than promised."""
        return sum(row.slip is not None and row.slip > ONE_WEEK for row in self.rows)


def gain(benefit: Benefit, value: Decimal) -> Decimal:
    """A value of the benefit as a gain: the distance of a level from its baseline in the wanted direction."""
    if benefit.manner != Benefit.Manner.LEVEL or benefit.baseline is None:
        return value
    better = value - benefit.baseline
    return better if benefit.direction == Benefit.Direction.UP else -better


def benefit_figures(project: Project, today: datetime.date) -> BenefitFigures:
    """Benefits and their periods. Two queries."""
    benefits = list(Benefit.objects.filter(project=project).select_related("owner").order_by("code"))
    starts = _starts(project, benefits, today)
    by_id = {row.pk: BenefitRow(row, *start) for row, start in zip(benefits, starts, strict=True)}
    lines = list(BenefitLine.objects.filter(project=project, benefit__in=by_id).order_by("period", "pk"))
    for line in lines:
        _count(by_id[line.benefit_id], line, today)
    figures = BenefitFigures(rows=list(by_id.values()))
    for currency in sorted({row.currency for row in benefits if row.monetary}):
        ids = {row.pk for row in benefits if row.monetary and row.currency == currency}
        figures.months[currency] = _months([line for line in lines if line.benefit_id in ids])
    return figures


def _count(target: BenefitRow, line: BenefitLine, today: datetime.date) -> None:
    """Add a period to the gains to date: as soon as it is measured, at the latest when the next month is over."""
    ended = last_ended_month(today)
    limit = ended if line.actual is not None else previous_month(ended)
    if line.period > limit:
        return
    level = target.row.manner == Benefit.Manner.LEVEL
    if line.planned is not None:
        planned = gain(target.row, line.planned)
        target.planned = planned if level else target.planned + planned
        target.level_planned = line.planned if level else None
    if line.actual is not None:
        actual = gain(target.row, line.actual)
        target.actual = actual if level else (target.actual or Decimal(0)) + actual
        target.last = line.period
        target.level_now = line.actual if level else None


def _months(lines: Sequence[BenefitLine]) -> list[BenefitMonth]:
    periods = sorted({line.period for line in lines})
    measured = max((line.period for line in lines if line.actual is not None), default=None)
    planned = actual = Decimal(0)
    result = []
    for period in periods:
        here = [line for line in lines if line.period == period]
        planned += sum((line.planned or Decimal(0) for line in here), Decimal(0))
        actual += sum((line.actual or Decimal(0) for line in here), Decimal(0))
        seen = measured is not None and period <= measured
        result.append(BenefitMonth(period, planned, actual if seen else None))
    return result


def _starts(
    project: Project, benefits: Sequence[Benefit], today: datetime.date
) -> list[tuple[datetime.date | None, datetime.date | None]]:
    """Planned and expected start of each benefit."""
    planned = _day_array([project.planned_finish])
    expected = expected_finish(
        planned, _day_array([project.forecast_finish]), _day_array([project.actual_finish]), today
    )
    found = []
    for row in benefits:
        if row.anchor == Benefit.Anchor.DATE:
            found.append((row.starts_on, row.starts_on))
            continue
        months = np.array([row.offset_months or 0], dtype=np.int64)
        found.append((_date(add_months(planned, months)), _date(add_months(expected, months))))
    return found


def _day_array(days: Sequence[datetime.date | None]) -> DateArray:
    return np.array(days, dtype="datetime64[D]")


def _date(days: DateArray) -> datetime.date | None:
    found: Any = days[0].item()
    return found if isinstance(found, datetime.date) else None


def reserve_used(project: Project) -> Decimal | None:
    """Share of the budget in the project's currency that the contingency reserve covers. One query; None without one."""
    if project.contingency_reserve is None:
        return None
    total = project.budget_lines.filter(currency=project.currency, deleted_at__isnull=True).aggregate(
        total=Sum("amount")
    )["total"]
    return project.contingency_reserve / total if total else None
