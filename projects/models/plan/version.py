"""Versions of a plan, and the calendars that belong to one.

Plan times are wall clock times without a zone; the columns hold them as if they were UTC.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from pmo.core.records.models import Record
from projects.models.plan.file import PlanFile
from projects.models.project import Project


class PlanVersion(Record):
    """A whole plan at one state: the draft that people edit, the published one that counts, and what was published before."""

    access_scope = ("project", "project_id")
    audit_project = "project_id"

    class State(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("plan", "Draft")
        PUBLISHED = "published", pgettext_lazy("plan", "Published")
        SUPERSEDED = "superseded", pgettext_lazy("plan", "Superseded")

    project = models.ForeignKey(Project, verbose_name=_("Project"), on_delete=models.CASCADE, related_name="plans")
    number = models.PositiveIntegerField(pgettext_lazy("plan", "Version"), default=1)
    state = models.CharField(_("Status"), max_length=10, choices=State, default=State.DRAFT)
    title = models.CharField(_("Title"), max_length=300, blank=True)
    root_name = models.CharField(_("Name of the whole"), max_length=300, blank=True)
    note = models.TextField(_("Note"), blank=True)
    starts_at = models.DateTimeField(_("Start"), null=True, blank=True)
    finishes_at = models.DateTimeField(_("Finish"), null=True, blank=True)
    status_at = models.DateTimeField(_("Status date"), null=True, blank=True)
    schedule_from_finish = models.BooleanField(_("Scheduled from the finish"), default=False)
    minutes_per_day = models.PositiveIntegerField(_("Minutes per day"), default=480)
    minutes_per_week = models.PositiveIntegerField(_("Minutes per week"), default=2400)
    days_per_month = models.FloatField(_("Days per month"), default=20)
    critical_slack = models.FloatField(_("Critical up to a float of"), default=0)
    currency = models.CharField(_("Currency"), max_length=10, blank=True)
    calendar = models.ForeignKey(
        "projects.PlanCalendar",
        verbose_name=_("Default calendar"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    # Fields of the source's project itself, as `projects.calc.plan.stored` writes them.
    fields = models.JSONField(default=list, blank=True)
    source = models.ForeignKey(
        PlanFile, verbose_name=_("File"), null=True, blank=True, on_delete=models.SET_NULL, related_name="versions"
    )
    source_format = models.CharField(_("Format"), max_length=10, blank=True)
    source_application = models.CharField(_("Program"), max_length=60, blank=True)
    # The version it was copied from: a draft that is published must still stand on the published one.
    based_on = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    # What the import kept elsewhere and lost, for good: [{"area", "code", "count", "examples"}].
    kept = models.JSONField(default=list, blank=True)
    lost = models.JSONField(default=list, blank=True)
    published_at = models.DateTimeField(_("Published"), null=True, blank=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("Published by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )

    class Meta(Record.Meta):
        verbose_name = _("Plan version")
        verbose_name_plural = _("Plan versions")
        ordering = ["project", "-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "number"], condition=models.Q(deleted_at__isnull=True), name="plan_version_number"
            ),
            models.UniqueConstraint(
                fields=["project"],
                condition=models.Q(deleted_at__isnull=True, state="published"),
                name="plan_one_published",
            ),
            models.UniqueConstraint(
                fields=["project"], condition=models.Q(deleted_at__isnull=True, state="draft"), name="plan_one_draft"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title or self.project} {self.number}"


class PlanCalendar(models.Model):
    """A working calendar of a plan: the week, and the days that differ, as `projects.calc.plan.stored` writes them."""

    plan = models.ForeignKey(PlanVersion, on_delete=models.CASCADE, related_name="calendars")
    uid = models.CharField(_("ID in the file"), max_length=60)
    name = models.CharField(_("Calendar"), max_length=300, blank=True)
    parent = models.ForeignKey(
        "self",
        verbose_name=_("Based on"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="children",
    )
    of_resource = models.BooleanField(_("Of one resource"), default=False)
    week = models.JSONField(default=dict)
    exceptions = models.JSONField(default=list, blank=True)
    weeks = models.JSONField(default=list, blank=True)

    class Meta:
        default_permissions = ()
        verbose_name = _("Plan calendar")
        verbose_name_plural = _("Plan calendars")
        ordering = ["plan", "id"]
        constraints = [models.UniqueConstraint(fields=["plan", "uid"], name="plan_calendar_uid")]

    def __str__(self) -> str:
        return self.name
