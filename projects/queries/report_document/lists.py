"""The registry's own lists of a report: issues, decisions, actions, and revisions of the charter as its changes."""

from __future__ import annotations

import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from pmo.core.history.queries import as_of
from projects.models import Action, Decision, Issue, ProjectCharter
from projects.models.ridac import Severity, WorkState
from projects.queries.report_sections import ReportScope, Section, SectionRow, register_section

_OPEN = (WorkState.OPEN, WorkState.DOING)
_LAST = datetime.date.max


def _rows(model: Any, scope: ReportScope) -> Any:
    return as_of(model, scope.day).filter(project_id=scope.project_id)


def _within(day: datetime.date | None, scope: ReportScope) -> bool:
    return day is not None and scope.start <= day <= min(scope.end, scope.day)


def issues(scope: ReportScope) -> Section:
    """Open issues, the gravest first; those closed in the period. One query."""
    found = list(_rows(Issue, scope).order_by("severity", "due_on", "row_id"))
    pending = [row for row in found if row.state in _OPEN]
    closed = [row for row in found if row.state not in _OPEN and _within(row.closed_on, scope)]
    return Section(
        "issues", _("Issues"), [_issue(row, scope) for row in pending], [_issue(row, scope) for row in closed]
    )


def _issue(row: Any, scope: ReportScope) -> SectionRow:
    pending = row.state in _OPEN
    return SectionRow(
        row.row_id,
        row.code,
        row.title,
        row.owner_id,
        row.due_on if pending else row.closed_on,
        Severity(row.severity).label,
        late=pending and row.due_on is not None and row.due_on < scope.day,
        grave=pending and row.severity == Severity.CRITICAL,
    )


def decisions(scope: ReportScope) -> Section:
    """Decisions somebody has to take, the most urgent first; those taken in the period. One query."""
    found = sorted(_rows(Decision, scope), key=lambda row: (row.needed_by or _LAST, row.row_id))
    waiting = (Decision.State.OPEN, Decision.State.DEFERRED)
    pending = [row for row in found if row.state in waiting]
    taken = [row for row in found if row.state not in waiting and _within(row.decided_on, scope)]
    return Section(
        "decisions",
        _("Decisions"),
        [_decision(row, row.needed_by, row.needed_by is not None and row.needed_by < scope.day) for row in pending],
        [_decision(row, row.decided_on, False) for row in taken],
    )


def _decision(row: Any, day: datetime.date | None, late: bool) -> SectionRow:
    return SectionRow(
        row.row_id,
        row.code,
        row.title,
        row.decider_id,
        day,
        Decision.State(row.state).label,
        row.delay_cost,
        row.currency,
        late=late,
    )


def actions(scope: ReportScope) -> Section:
    """Open actions, the most urgent first; those done in the period. One query."""
    found = sorted(_rows(Action, scope), key=lambda row: (row.due_on or _LAST, row.row_id))
    pending = [row for row in found if row.state in _OPEN]
    done = [row for row in found if row.state not in _OPEN and _within(row.done_on, scope)]
    return Section(
        "actions", _("Actions"), [_action(row, scope) for row in pending], [_action(row, scope) for row in done]
    )


def _action(row: Any, scope: ReportScope) -> SectionRow:
    pending = row.state in _OPEN
    late = pending and row.due_on is not None and row.due_on < scope.day
    label = WorkState(row.state).label
    return SectionRow(
        row.row_id, row.code, row.title, row.owner_id, row.due_on if pending else row.done_on, label, late=late
    )


def changes(scope: ReportScope) -> Section:
    """Revisions of the charter: one that is being written or waits for approval, one approved in the period. One query."""
    pending, done = [], []
    for row in _rows(ProjectCharter, scope).order_by("row_id"):
        label = ProjectCharter.State(row.state).label
        line = SectionRow(
            row.row_id, row.code, f"{row.code} / {row.revision}", row.approved_by_id, row.approved_on, label
        )
        if row.state != ProjectCharter.State.APPROVED:
            pending.append(line)
        elif _within(row.approved_on, scope):
            done.append(line)
    return Section("charters", _("Charter changes"), pending, done)


def register_lists() -> None:
    """Put the registry's lists into every status report."""
    register_section("issues", 20, issues)
    register_section("decisions", 30, decisions)
    register_section("actions", 40, actions)
    register_section("charters", 50, changes)
