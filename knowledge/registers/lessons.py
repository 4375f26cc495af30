"""Lessons of projects."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from knowledge.access import ADD_LESSON
from knowledge.models import Article, Lesson, LessonUse
from knowledge.registers.counts import counted
from knowledge.services import lessons
from pmo.core.access.api import scoped_q
from pmo.core.registers.declaration import Column, FieldGroup, Register
from projects.models import Project


def _projects(user: Any) -> Any:
    """Projects of which the user may write lessons."""
    return Project.objects.filter(scoped_q(user, "project", ADD_LESSON, "pk"))


def _articles(user: Any) -> Any:
    return Article.objects.visible_to(user)


LESSONS = Register(
    key="lessons",
    model=Lesson,
    group="knowledge",
    icon="idea",
    order=30,
    columns=[
        Column("code", width="narrow"),
        # A published lesson is for everybody, the name of a hidden project is not.
        Column("project", link=True, permission="projects.project.view", scope=("project", "project_id")),
        Column("title", primary=True, width="wide"),
        Column("kind", kind="badge", tones={"well": "good", "wrong": "warn"}),
        Column("category"),
        Column("stage"),
        Column("state", kind="badge", tones={"noted": "quiet", "reviewed": "info", "published": "good"}),
        Column("raised_by"),
        Column("raised_on"),
        Column(
            "taken_up",
            label=_("Taken up by"),
            kind="number",
            annotate=counted(LessonUse.objects.all(), "lesson"),
            help=_("Projects that said they use this lesson."),
        ),
        Column("article", link=True),
        Column("updated_at"),
    ],
    default_columns=["code", "project", "title", "kind", "category", "stage", "state", "raised_on", "taken_up"],
    default_sort=["-raised_on", "code"],
    group_by=["project", "category", "kind", "stage", "state", "raised_by"],
    search_fields=[
        "code",
        "title",
        "situation",
        "cause",
        "recommendation",
    ],
    form_fields=[
        "project",
        "code",
        "title",
        "kind",
        "category",
        "stage",
        "state",
        "situation",
        "cause",
        "impact",
        "recommendation",
        "raised_by",
        "raised_on",
        "article",
    ],
    inline_fields=["kind", "category", "stage", "state"],
    field_groups=[
        FieldGroup(_("Lesson"), ("project", "code", "title", "kind", "category", "stage", "state")),
        FieldGroup(_("What happened"), ("situation", "cause", "impact", "recommendation")),
        FieldGroup(_("Origin"), ("raised_by", "raised_on", "article")),
    ],
    detail_fields=["situation", "cause", "impact", "recommendation"],
    state_field="state",
    choices_for={"project": _projects, "article": _articles},
    create=lessons.create_lesson,
    update=lessons.update_lesson,
    empty=_("No lessons yet. Write down what went well and what went wrong while it is fresh."),
    description=_("What projects learned; published lessons are for everybody."),
)
