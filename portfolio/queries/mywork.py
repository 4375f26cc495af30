"""What a person has to do: their projects, reports due, late milestones, open actions and decisions."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Q

from pmo.core.access.api import permission_of, scoped_q
from pmo.core.access.grants import grants_of
from pmo.core.calendars.calc import WorkingCalendar
from pmo.core.calendars.queries import working_calendar
from portfolio.access import my_project_ids
from portfolio.calc.reporting_calendar import period_at
from portfolio.models import HealthSnapshot, Portfolio, PortfolioItem, ReportDelegation
from portfolio.queries.reporting_delegates import stands_in
from portfolio.queries.reporting_rules import RuleBook, rules
from projects.models import Action, Decision, Issue, Milestone, Project, StatusReport
from projects.models.choices import ProjectStatus
from projects.models.ridac import WorkState

LIVE = (ProjectStatus.IN_PROGRESS, ProjectStatus.SUSPENDED, ProjectStatus.NOT_STARTED)
OPEN = (WorkState.OPEN, WorkState.DOING)
_DAY = datetime.timedelta(days=1)


@dataclass(frozen=True)
class MyProject:
    """A project of mine with its health and what its report cycle asks for; `standing_in`: whose reports I write, until when."""

    project: Project
    snapshot: HealthSnapshot | None
    last_period: datetime.date | None
    report_due: datetime.date | None
    draft: StatusReport | None
    writes: bool
    standing_in: ReportDelegation | None = None


def my_projects(user: Any, today: datetime.date, day: datetime.date | None) -> list[MyProject]:
    """Projects in which the user has a part or writes the reports for somebody away, the report due first.

    Nine queries; ten for somebody who stands in.
    """
    mine = Project.objects.visible_to(user).filter(pk__in=my_project_ids(user), status__in=LIVE)
    rows = list(mine.select_related("unit", "pm").order_by("code"))
    standing_in = stands_in(user, rows, today)
    ids = [row.pk for row in rows]
    snapshots = (
        {row.project_id: row for row in HealthSnapshot.objects.filter(project_id__in=ids, date=day)} if day else {}
    )
    writing = scoped_q(user, "project", permission_of(StatusReport, "add"), "pk")
    writes = set(Project.objects.filter(writing, pk__in=ids).values_list("pk", flat=True))
    items = PortfolioItem.objects.filter(project_id__in=ids).select_related("portfolio")
    placed = {item.project_id: item.portfolio for item in items}
    book, calendar = rules(), working_calendar()
    last: dict[int, datetime.date] = {}
    drafts: dict[int, StatusReport] = {}
    for report in StatusReport.objects.filter(project_id__in=ids, source=StatusReport.Source.FORM).order_by(
        "period_end"
    ):
        if report.state in {StatusReport.State.PUBLISHED, StatusReport.State.SUBMITTED}:
            last[report.project_id] = report.period_end
        else:
            drafts[report.project_id] = report
    found = [
        MyProject(
            row,
            snapshots.get(row.pk),
            last.get(row.pk),
            _due(row, last.get(row.pk), placed.get(row.pk), book, calendar, today),
            drafts.get(row.pk),
            row.pk in writes,
            standing_in.get(row.pk),
        )
        for row in rows
    ]
    return sorted(found, key=lambda item: (item.report_due or datetime.date.max, item.project.code))


def _due(
    project: Project,
    last: datetime.date | None,
    portfolio: Portfolio | None,
    book: RuleBook,
    calendar: WorkingCalendar,
    today: datetime.date,
) -> datetime.date | None:
    """When the next report is due: on the last period that ended unless it is reported, else on the one under way.

    `last` is the end of the last reported period. None where no cycle applies or the project has not begun.
    """
    begun = project.actual_start or project.planned_start
    if portfolio is None or project.status == ProjectStatus.NOT_STARTED or (last is None and begun is None):
        return None
    rule = book.of(portfolio.cycle, portfolio.pk)
    current = period_at(rule, today, calendar)
    before = period_at(rule, current.start - _DAY, calendar)
    if last is None and begun is not None and begun > before.end:
        return current.due
    if last is None or last < before.start:
        return before.due
    return current.due if last < current.start else period_at(rule, current.end + _DAY, calendar).due


def late_milestones(user: Any, today: datetime.date) -> Any:
    """Milestones of my projects that are past their baseline and not reached."""
    rows = Milestone.objects.visible_to(user).filter(project_id__in=my_project_ids(user), project__status__in=LIVE)
    rows = rows.filter(actual_date__isnull=True, baseline_date__lt=today)
    return rows.select_related("project").order_by("baseline_date")


def my_actions(user: Any) -> Any:
    """Open actions that I own, the most urgent first."""
    person = grants_of(user).person_id
    rows = Action.objects.visible_to(user).filter(owner_id=person, owner__isnull=False, state__in=OPEN)
    return rows.select_related("project").order_by(F("due_on").asc(nulls_last=True))


def my_issues(user: Any) -> Any:
    """Open issues that I own, the gravest first."""
    person = grants_of(user).person_id
    rows = Issue.objects.visible_to(user).filter(owner_id=person, owner__isnull=False, state__in=OPEN)
    return rows.select_related("project").order_by("severity", F("due_on").asc(nulls_last=True))


def my_decisions(user: Any) -> Any:
    """Open decisions that wait for me, or in my projects for somebody else."""
    person = grants_of(user).person_id
    rows = Decision.objects.visible_to(user).filter(state=Decision.State.OPEN)
    rows = rows.filter(Q(decider_id=person, decider__isnull=False) | Q(project_id__in=my_project_ids(user)))
    return rows.select_related("project", "decider").order_by(F("needed_by").asc(nulls_last=True))
