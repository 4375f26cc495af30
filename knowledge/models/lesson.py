"""Lessons of projects, and the projects that took them up."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from knowledge.models.article import Article
from knowledge.models.choices import LessonCategory, LessonKind, LessonState
from pmo.core.people.models import Person
from pmo.core.records.models import AliveManager, Record, RecordQuerySet, unique_if_alive
from projects.models import Project
from projects.models.choices import Stage


class LessonManager(AliveManager):
    """Lessons whose project is not in the trash."""

    def get_queryset(self) -> RecordQuerySet:
        queryset: RecordQuerySet = super().get_queryset().filter(project__deleted_at__isnull=True)
        return queryset


class Lesson(Record):
    """What a project learned. Published, everybody may read it; before, whoever sees the project."""

    access_scope = ("lesson", "id")
    audit_project = "project_id"
    code_pattern = "LL-{:04d}"

    project = models.ForeignKey(Project, verbose_name=_("Project"), on_delete=models.CASCADE, related_name="lessons")
    code = models.CharField(_("Code"), max_length=60, blank=True)
    title = models.CharField(_("Lesson"), max_length=200)
    category = models.CharField(_("Category"), max_length=12, choices=LessonCategory, default=LessonCategory.GOVERNANCE)
    stage = models.CharField(_("Stage"), max_length=20, choices=Stage, blank=True)
    kind = models.CharField(_("Kind"), max_length=5, choices=LessonKind, default=LessonKind.WRONG)
    situation = models.TextField(_("Situation"), max_length=4000)
    cause = models.TextField(_("Cause"), max_length=4000, blank=True)
    recommendation = models.TextField(_("Recommendation"), max_length=4000)
    impact = models.TextField(_("Impact"), max_length=2000, blank=True)
    raised_by = models.ForeignKey(
        Person,
        verbose_name=_("Raised by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="lessons",
        help_text=_("Empty: you."),
    )
    raised_on = models.DateField(_("Raised on"), null=True, blank=True, help_text=_("Empty: today."))
    state = models.CharField(_("Status"), max_length=10, choices=LessonState, default=LessonState.NOTED)
    article = models.ForeignKey(
        Article, verbose_name=_("Article"), null=True, blank=True, on_delete=models.SET_NULL, related_name="lessons"
    )

    objects = LessonManager()  # type: ignore[misc]

    class Meta(Record.Meta):
        verbose_name = _("Lesson")
        verbose_name_plural = _("Lessons")
        ordering = ["-raised_on", "code"]
        constraints = [unique_if_alive("code", name="lesson_code")]
        indexes = [models.Index(fields=["project", "state"], name="lesson_project_state")]

    def __str__(self) -> str:
        return self.title


class LessonUse(Record):
    """A project took up the lesson of another one: this is how reuse is counted."""

    audit_project = "project_id"

    lesson = models.ForeignKey(Lesson, on_delete=models.CASCADE, related_name="uses")
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="lesson_uses")
    person = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    used_on = models.DateField(_("Taken up on"))

    class Meta(Record.Meta):
        verbose_name = _("Use of a lesson")
        verbose_name_plural = _("Uses of lessons")
        constraints = [unique_if_alive("lesson", "project", name="lesson_use_once")]

    def __str__(self) -> str:
        return f"{self.lesson_id} {self.project_id}"
