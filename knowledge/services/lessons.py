"""Lessons: written in a project, published by the PMO, taken up by other projects."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from knowledge.access import ADD_LESSON, PUBLISH_LESSON
from knowledge.models import Lesson, LessonUse
from knowledge.models.choices import LessonState
from knowledge.services.articles import person_of
from knowledge.services.index import index_lesson
from pmo.core.access.api import holds_everywhere, refusal, scoped_q
from pmo.core.access.decisions import Refused
from pmo.core.audit.actor import Actor
from pmo.core.calendars.queries import org_today
from pmo.core.records.services import create_record, delete_record, update_record
from projects.models import Project


def may_add(user: Any, project_id: int | None) -> bool:
    """Whether the user may write lessons of the project."""
    return project_id is not None and bool(
        Project.objects.filter(scoped_q(user, "project", ADD_LESSON, "pk"), pk=project_id).exists()
    )


def _check_project(actor: Actor, project_id: int | None) -> None:
    if not actor.is_system and not may_add(actor.user, project_id):
        raise Refused(refusal(ADD_LESSON).reason)


def _check_publish(actor: Actor) -> None:
    if not actor.is_system and not holds_everywhere(actor.user, PUBLISH_LESSON):
        raise ValidationError(
            {
                "state": _("The PMO publishes lessons for everybody. %(reason)s")
                % {"reason": refusal(PUBLISH_LESSON).reason}
            }
        )


def create_lesson(*, actor: Actor, row: Lesson, reason: str = "") -> Lesson:
    """Save a lesson of a project. Raises Refused where the actor has no part in it, ValidationError by field."""
    if row.project_id is not None:
        _check_project(actor, row.project_id)
    if row.state == LessonState.PUBLISHED:
        _check_publish(actor)
    if row.raised_by_id is None:
        row.raised_by = person_of(actor)
    row.raised_on = row.raised_on or org_today()
    with transaction.atomic():
        saved = create_record(actor=actor, row=row, reason=reason)
        index_lesson(saved)
    return saved


def update_lesson(
    *, actor: Actor, row: Lesson, values: dict[str, Any], expected_version: int | None = None, reason: str = ""
) -> Lesson:
    """Change a lesson. Publishing, and changing what is published, is the PMO's; another project needs its rights too."""
    target = values.get("project")
    if target is not None and target.pk != row.project_id:
        _check_project(actor, target.pk)
    if LessonState.PUBLISHED in {row.state, values.get("state")}:
        _check_publish(actor)
    with transaction.atomic():
        saved = update_record(actor=actor, row=row, values=values, expected_version=expected_version, reason=reason)
        index_lesson(saved)
    return saved


def take_up(*, actor: Actor, lesson: Lesson, project: Project, used: bool) -> None:
    """Note that a project uses the lesson of another one, or take it back. Twice is once.

    Raises Refused where the actor may not write lessons of the project, ValidationError for the lesson's own project.
    """
    _check_project(actor, project.pk)
    if lesson.project_id == project.pk:
        raise ValidationError(_("The lesson is this project's own."))
    use = LessonUse.objects.filter(lesson=lesson, project=project).first()
    if used and use is None:
        create_record(
            actor=actor,
            row=LessonUse(lesson=lesson, project=project, person=person_of(actor), used_on=org_today()),
        )
    elif not used and use is not None:
        delete_record(actor=actor, row=use)
