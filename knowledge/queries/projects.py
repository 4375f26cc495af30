"""What a project learned, what it can learn from projects like it, and which templates it works with."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, Count, Exists, IntegerField, Max, OuterRef, Q, QuerySet, Subquery, Value, When
from django.utils.translation import gettext as _

from knowledge.models import Lesson, LessonUse, Template, TemplateDownload, TemplateVersion
from knowledge.models.choices import LessonState
from knowledge.queries.library import OVER
from projects.models import Project
from projects.models.choices import DeliveryDriver

SHOWN = 12
# What makes projects alike, and how much it counts: most projects of a company stand in one country.
_WEIGHTS = {"type": 4, "country": 2, "delivery_driver": 1}


def name_projects(user: Any, lessons: Iterable[Lesson]) -> None:
    """Give each lesson `told_project`: published lessons are for everybody, the names of hidden projects are not. One query."""
    rows = list(lessons)
    ids = {row.project_id for row in rows}
    seen = set(Project.objects.visible_to(user).filter(pk__in=ids).values_list("pk", flat=True)) if ids else set()
    for row in rows:
        row.told_project = str(row.project) if row.project_id in seen else _("another project")  # type: ignore[attr-defined]


@dataclass(frozen=True)
class Similar:
    """A lesson of another project, in what the projects are alike, and whether this one took it up."""

    lesson: Lesson
    alike: list[str]
    used: bool
    uses: int


@dataclass(frozen=True)
class TemplateUse:
    """A template the project took: its latest version taken, the version in force, whether the project's is outdated."""

    template: Template
    taken: int
    current: int | None
    on: datetime.date
    outdated: bool


def _uses() -> Count:
    return Count("uses", filter=Q(uses__deleted_at__isnull=True), distinct=True)


def own_lessons(user: Any, project: Project) -> list[Any]:
    """The project's lessons, the newest first, with the number of projects that took each up."""
    rows: QuerySet[Lesson] = Lesson.objects.visible_to(user).filter(project=project)
    return list(rows.select_related("raised_by").annotate(taken_up=_uses()).order_by("-raised_on", "pk")[:100])


def similar_lessons(user: Any, project: Project) -> list[Similar]:
    """Published lessons of projects of the same type, country or delivery driver, and those already taken up.

    The more they are alike the earlier they stand; what others took up counts next.
    """
    same = {"type": Q(project__type=project.type)}
    if project.country:
        same["country"] = Q(project__country=project.country)
    if project.delivery_driver != DeliveryDriver.NONE:
        same["delivery_driver"] = Q(project__delivery_driver=project.delivery_driver)
    any_same, score = Q(), Value(0)
    for name, condition in same.items():
        any_same |= condition
        score = score + Case(When(condition, then=_WEIGHTS[name]), default=0, output_field=IntegerField())  # type: ignore[assignment]
    used = Exists(LessonUse.objects.filter(lesson=OuterRef("pk"), project=project))
    rows: QuerySet[Any] = Lesson.objects.visible_to(user).exclude(project=project).annotate(used=used)
    rows = rows.filter(Q(state=LessonState.PUBLISHED) & any_same | Q(used=True))
    rows = rows.annotate(alike=score, taken_up=_uses()).select_related("project")
    found = list(rows.order_by("-used", "-alike", "-taken_up", "-raised_on", "pk")[:SHOWN])
    name_projects(user, found)
    return [Similar(row, _alike(row.project, project), row.used, row.taken_up) for row in found]


def _alike(one: Project, other: Project) -> list[str]:
    """In what two projects are alike, in words."""
    words = []
    if one.type == other.type:
        words.append(str(other.get_type_display()))
    if other.country and one.country == other.country:
        words.append(other.country)
    if other.delivery_driver != DeliveryDriver.NONE and one.delivery_driver == other.delivery_driver:
        words.append(str(other.get_delivery_driver_display()))
    return words


def template_uses(project: Project, today: datetime.date) -> list[TemplateUse]:
    """The templates the project took, outdated ones first; two queries."""
    newest = TemplateVersion.objects.filter(template=OuterRef("template"), effective_on__lte=today)
    rows = (
        TemplateDownload.objects.filter(project=project, template__deleted_at__isnull=True)
        .order_by()
        .values("template_id")
        .annotate(
            taken=Max("number"),
            on=Max("taken_on"),
            current=Subquery(newest.order_by("-number").values("number")[:1]),
        )
    )
    found = list(rows[:50])
    templates = Template.objects.in_bulk([row["template_id"] for row in found])
    running = project.status not in OVER
    uses = [
        TemplateUse(
            templates[row["template_id"]],
            row["taken"],
            row["current"],
            row["on"],
            running and row["current"] is not None and row["taken"] < row["current"],
        )
        for row in found
    ]
    return sorted(uses, key=lambda use: (not use.outdated, use.template.code))
