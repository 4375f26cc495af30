"""A template's versions, and the projects that work with it."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Max, Q, QuerySet

from knowledge.models import Template, TemplateDownload, TemplateVersion
from pmo.core.access.api import scoped_q
from pmo.core.access.grants import grants_of
from projects.access import own_project_ids
from projects.models import Project
from projects.models.choices import ProjectStatus

MOST_PROJECTS = 100
# Work that is over needs no newer form.
OVER = (ProjectStatus.CLOSED, ProjectStatus.TERMINATED)


@dataclass(frozen=True)
class ProjectUse:
    """A project that took the template, and the latest version it took."""

    project: Project
    number: int
    on: datetime.date
    outdated: bool


@dataclass(frozen=True)
class Library:
    """What the page of a template shows. `used_by` counts all projects, `uses` are those the reader may see."""

    versions: list[TemplateVersion]
    current: TemplateVersion | None
    downloads: int
    used_by: int
    uses: list[ProjectUse]

    @property
    def outdated(self) -> list[ProjectUse]:
        """Visible projects, not yet over, that work with an older version than the one in force."""
        return [use for use in self.uses if use.outdated]


def library(user: Any, template: Template, today: datetime.date) -> Library:
    """Versions, newest first, and uses; a constant number of queries."""
    versions = list(TemplateVersion.objects.filter(template=template).select_related("by").order_by("-number"))
    current = next((version for version in versions if version.effective_on <= today), None)
    taken: QuerySet[TemplateDownload] = TemplateDownload.objects.filter(template=template)
    totals = taken.aggregate(downloads=Count("pk"), used_by=Count("project", distinct=True))
    rows = list(
        taken.filter(scoped_q(user, "project", "projects.project.view", "project_id"))
        .filter(project__isnull=False, project__deleted_at__isnull=True)
        .order_by()
        .values("project_id")
        .annotate(number=Max("number"), on=Max("taken_on"))
        .order_by("number", "-on")[:MOST_PROJECTS]
    )
    projects = Project.objects.in_bulk([row["project_id"] for row in rows])
    newest = current.number if current is not None else 0
    uses = [_use(projects[row["project_id"]], row["number"], row["on"], newest) for row in rows]
    uses.sort(key=lambda use: not use.outdated)
    return Library(versions, current, totals["downloads"], totals["used_by"], uses)


def _use(project: Project, number: int, day: datetime.date, newest: int) -> ProjectUse:
    return ProjectUse(project, number, day, number < newest and project.status not in OVER)


def own_projects(user: Any) -> list[Project]:
    """Projects for which the user may take a template: those he has a part in."""
    if grants_of(user).person_id is None:
        return []
    rows: QuerySet[Project] = Project.objects.visible_to(user).filter(Q(pk__in=own_project_ids(user)))
    return list(rows.order_by("code")[:MOST_PROJECTS])
