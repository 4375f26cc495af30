"""Who stands in for a project manager: for whom somebody writes, and to whom reminders go."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import Any

from django.db.models import F, Q

from pmo.core.access.grants import grants_of, may_hold
from pmo.core.access.roles import DELEGATE
from pmo.core.people.models import Person
from portfolio.models import ReportDelegation
from projects.models import Project


def active(day: datetime.date) -> Any:
    """Delegations in force on the day."""
    return ReportDelegation.objects.filter(starts_on__lte=day, ends_on__gte=day)


def on_behalf_of(user: Any, project_id: int, day: datetime.date) -> str:
    """The project manager for whom the user writes the project's report as a delegate; "" where they write for themselves.

    At most two queries.
    """
    person_id = grants_of(user).person_id
    project = Project.objects.filter(pk=project_id).values_list("pm_id", flat=True).first()
    if person_id is None or project is None or project == person_id:
        return ""
    found = (
        active(day)
        .filter(Q(project__isnull=True) | Q(project_id=project_id), to_person_id=person_id, from_person_id=project)
        .select_related("from_person")
        .first()
    )
    return str(found.from_person) if found else ""


def stands_in(user: Any, projects: Iterable[Project], day: datetime.date) -> dict[int, ReportDelegation]:
    """{project: the delegation under which the user writes its reports on the day}. One query, none for who stands in for nobody."""
    person_id = grants_of(user).person_id
    if person_id is None or not may_hold(user, frozenset({DELEGATE})):
        return {}
    rows = list(active(day).filter(to_person_id=person_id).select_related("from_person"))
    return {
        project.pk: row
        for project in projects
        for row in rows
        if project.pm_id == row.from_person_id and row.project_id in (None, project.pk)
    }


def delegates(project_ids: Iterable[int], day: datetime.date) -> dict[int, Person]:
    """{project: who writes its reports on the day in place of its manager}; one for a single project wins. Two queries."""
    wanted = set(project_ids)
    rows = list(active(day).select_related("to_person").order_by(F("project_id").asc(nulls_first=True), "pk"))
    if not rows:
        return {}
    managers = dict(
        Project.objects.filter(pk__in=wanted, pm_id__in={row.from_person_id for row in rows}).values_list("pk", "pm_id")
    )
    found: dict[int, Person] = {}
    for row in rows:
        found |= {
            pk: row.to_person
            for pk, manager in managers.items()
            if manager == row.from_person_id and row.project_id in (None, pk)
        }
    return found
