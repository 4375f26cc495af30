"""What charters, deliverables, findings, benefits and reserves said at the end of a day, for many projects at once.

Everything is read from version rows, so that what is changed later does not change a past day. `project_where` is a
filter on the field `project_id` (`Q()`: all projects). Results are arrays in ascending order of project id and hold only
projects that have rows of the kind; `ids` says which. Queries: as many as each function says, whatever the number of rows.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass

import numpy as np
from django.db.models import Count, F, FloatField, Q, Sum
from django.db.models.functions import Cast

from pmo.core.history.queries import as_of
from projects.models import Deliverable, Project, ProjectCharter, QualityFinding
from projects.models.quality import OPEN_STATES
from projects.queries.benefit_progress import BenefitProgress, BenefitSummary, benefit_progress, benefit_summary
from projects.queries.version_rows import EVERYWHERE, BoolArray, FloatArray, IntArray, TextArray, columns

__all__ = [
    "BenefitProgress",
    "BenefitSummary",
    "CharterStates",
    "DeliverableCounts",
    "FindingCounts",
    "Reserves",
    "benefit_progress",
    "benefit_summary",
    "charter_state",
    "deliverables",
    "open_major_findings",
    "reserve",
]


@dataclass(frozen=True)
class FindingCounts:
    """Quality findings of n projects: open major ones, all open ones, and open ones past their day."""

    ids: IntArray
    major: IntArray
    open: IntArray
    overdue: IntArray


def open_major_findings(day: datetime.date, project_where: Q = EVERYWHERE) -> FindingCounts:
    """Findings per project with at least one finding, closed ones included, so that 0 is known from nothing. One query."""
    still = Q(state__in=OPEN_STATES)
    rows = as_of(QualityFinding, day).filter(project_where, found_on__lte=day).order_by("project_id")
    found = rows.values("project_id").annotate(
        major=Count("pk", filter=still & Q(severity=QualityFinding.Severity.MAJOR)),
        still=Count("pk", filter=still),
        late=Count("pk", filter=still & Q(due_on__lt=day)),
    )
    got = columns(found.values_list("project_id", "major", "still", "late"), 4)
    return FindingCounts(*(np.array(column, dtype=np.int64) for column in got))


@dataclass(frozen=True)
class DeliverableCounts:
    """Deliverables of n projects: all, due by the day, accepted of all, accepted of the due, overdue and not accepted.

    `open_defects` is the sum over all of them.
    """

    ids: IntArray
    total: IntArray
    due: IntArray
    accepted: IntArray
    due_accepted: IntArray
    overdue: IntArray
    open_defects: IntArray


def deliverables(day: datetime.date, project_where: Q = EVERYWHERE) -> DeliverableCounts:
    """Deliverables per project that has any. One query."""
    accepted = Q(state=Deliverable.State.ACCEPTED)
    due = Q(due_on__lte=day)
    rows = as_of(Deliverable, day).filter(project_where).order_by("project_id")
    found = rows.values("project_id").annotate(
        total=Count("pk"),
        due_count=Count("pk", filter=due),
        accepted=Count("pk", filter=accepted),
        due_accepted=Count("pk", filter=due & accepted),
        overdue=Count("pk", filter=Q(due_on__lt=day) & ~accepted),
        defects=Sum("open_defects"),
    )
    names = ("project_id", "total", "due_count", "accepted", "due_accepted", "overdue", "defects")
    got = columns(found.values_list(*names), len(names))
    return DeliverableCounts(*(np.array(column, dtype=np.int64) for column in got))


@dataclass(frozen=True)
class CharterStates:
    """Charters of n projects: state ("draft", "submitted", "approved"), and whether an approved revision is in force."""

    ids: IntArray
    state: TextArray
    approved: BoolArray


def charter_state(day: datetime.date, project_where: Q = EVERYWHERE) -> CharterStates:
    """The charter of every project that has one. One query.

    A charter opened again keeps its approved revision in force until the next one is approved and takes effect.
    """
    rows = as_of(ProjectCharter, day).filter(project_where).order_by("project_id", "row_id")
    ids, states, in_force, since = columns(rows.values_list("project_id", "state", "in_force", "effective_on"), 4)
    approved = [
        number > 1 or (number == 1 and start is not None and start <= day)
        for number, start in zip(in_force, since, strict=True)
    ]
    return CharterStates(
        np.array(ids, dtype=np.int64), np.array(states, dtype=object), np.array(approved, dtype=np.bool_)
    )


@dataclass(frozen=True)
class Reserves:
    """The contingency reserve of n projects in their own currency; NaN where none is entered."""

    ids: IntArray
    amount: FloatArray
    currency: TextArray


def reserve(day: datetime.date, project_where: Q = EVERYWHERE) -> Reserves:
    """What is left of the reserve of every project on the registry. One query."""
    rows = as_of(Project, day).alias(project_id=F("row_id")).filter(project_where).order_by("row_id")
    got = columns(rows.values_list("row_id", Cast("contingency_reserve", FloatField()), "currency"), 3)
    return Reserves(
        np.array(got[0], dtype=np.int64), np.array(got[1], dtype=np.float64), np.array(got[2], dtype=object)
    )
