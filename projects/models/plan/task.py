"""Tasks of a plan version, their links and baselines.

Spans are working minutes (see `projects.calc.plan.document`); times are wall clock times held as if they were UTC.
"""

from __future__ import annotations

import uuid

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from pmo.core.people.models import Person
from projects.models.plan.version import PlanCalendar, PlanVersion


class TaskKind(models.TextChoices):
    FIXED_UNITS = "fixed_units", _("Fixed units")
    FIXED_DURATION = "fixed_duration", _("Fixed duration")
    FIXED_WORK = "fixed_work", _("Fixed work")
    FIXED_DURATION_AND_UNITS = "fixed_duration_and_units", _("Fixed duration and units")


class Constraint(models.TextChoices):
    AS_SOON_AS_POSSIBLE = "as_soon_as_possible", _("As soon as possible")
    AS_LATE_AS_POSSIBLE = "as_late_as_possible", _("As late as possible")
    START_ON = "start_on", _("Start on")
    FINISH_ON = "finish_on", _("Finish on")
    MUST_START_ON = "must_start_on", _("Must start on")
    MUST_FINISH_ON = "must_finish_on", _("Must finish on")
    START_NO_EARLIER_THAN = "start_no_earlier_than", _("Start no earlier than")
    START_NO_LATER_THAN = "start_no_later_than", _("Start no later than")
    FINISH_NO_EARLIER_THAN = "finish_no_earlier_than", _("Finish no earlier than")
    FINISH_NO_LATER_THAN = "finish_no_later_than", _("Finish no later than")


class LinkKind(models.TextChoices):
    FS = "FS", _("Finish to start")
    SS = "SS", _("Start to start")
    FF = "FF", _("Finish to finish")
    SF = "SF", _("Start to finish")


class PlanTask(models.Model):
    """One row of the outline. `key` is the task itself: it stays the same in every version of the project's plan."""

    access_scope = ("project", "plan__project_id")

    # Without an index of its own: two that begin with the plan stand below, and every edit of a draft writes each index.
    plan = models.ForeignKey(
        PlanVersion, verbose_name=_("Plan"), on_delete=models.CASCADE, related_name="tasks", db_index=False
    )
    key = models.UUIDField(default=uuid.uuid4, editable=False)
    # The id in the file that it came from, to find it again in the next one.
    uid = models.CharField(_("ID in the file"), max_length=60, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    # Order in the outline, with gaps: only the order counts.
    position = models.BigIntegerField(_("No."))
    level = models.PositiveSmallIntegerField(_("Level"), default=1)
    parent = models.ForeignKey(
        "self",
        verbose_name=pgettext_lazy("task", "Under"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="children",
    )
    wbs = models.CharField(_("WBS code"), max_length=200, blank=True)
    code = models.CharField(_("Activity ID"), max_length=100, blank=True)
    name = models.CharField(_("Task name"), max_length=1000, blank=True)
    summary = models.BooleanField(_("Summary task"), default=False)
    milestone = models.BooleanField(_("Milestone"), default=False)
    active = models.BooleanField(_("Active"), default=True)
    manual = models.BooleanField(_("Scheduled by hand"), default=False)
    kind = models.CharField(_("Task type"), max_length=30, choices=TaskKind, default=TaskKind.FIXED_UNITS)
    effort_driven = models.BooleanField(_("Effort driven"), default=False)
    priority = models.PositiveSmallIntegerField(
        _("Priority"), default=500, validators=[MinValueValidator(0), MaxValueValidator(1000)]
    )
    constraint = models.CharField(
        _("Constraint"), max_length=30, choices=Constraint, default=Constraint.AS_SOON_AS_POSSIBLE
    )
    constraint_at = models.DateTimeField(_("Constraint date"), null=True, blank=True)
    second_constraint = models.CharField(_("Second constraint"), max_length=30, choices=Constraint, blank=True)
    second_constraint_at = models.DateTimeField(_("Second constraint date"), null=True, blank=True)
    deadline = models.DateTimeField(_("Deadline"), null=True, blank=True)
    calendar = models.ForeignKey(
        PlanCalendar,
        verbose_name=_("Calendar"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        db_index=False,
    )
    ignore_resource_calendars = models.BooleanField(_("Without the resources' calendars"), default=False)
    duration = models.FloatField(pgettext_lazy("task", "Duration"), null=True, blank=True)
    duration_unit = models.CharField(max_length=4, default="d")
    estimated = models.BooleanField(_("Estimated"), default=False)
    starts_at = models.DateTimeField(_("Start"), null=True, blank=True)
    finishes_at = models.DateTimeField(_("Finish"), null=True, blank=True)
    early_start = models.DateTimeField(_("Early start"), null=True, blank=True)
    early_finish = models.DateTimeField(_("Early finish"), null=True, blank=True)
    late_start = models.DateTimeField(_("Late start"), null=True, blank=True)
    late_finish = models.DateTimeField(_("Late finish"), null=True, blank=True)
    total_slack = models.FloatField(_("Total float"), null=True, blank=True)
    free_slack = models.FloatField(_("Free float"), null=True, blank=True)
    critical = models.BooleanField(_("Critical"), null=True, blank=True)
    percent_complete = models.FloatField(
        _("Percent complete"), null=True, blank=True, validators=[MinValueValidator(0), MaxValueValidator(100)]
    )
    percent_work_complete = models.FloatField(_("Percent of work complete"), null=True, blank=True)
    physical_percent = models.FloatField(_("Physical percent complete"), null=True, blank=True)
    actual_start = models.DateTimeField(_("Actual start"), null=True, blank=True)
    actual_finish = models.DateTimeField(_("Actual finish"), null=True, blank=True)
    actual_duration = models.FloatField(_("Actual duration"), null=True, blank=True)
    actual_duration_unit = models.CharField(max_length=4, default="d")
    remaining_duration = models.FloatField(_("Remaining duration"), null=True, blank=True)
    remaining_duration_unit = models.CharField(max_length=4, default="d")
    work = models.FloatField(_("Work"), null=True, blank=True)
    actual_work = models.FloatField(_("Actual work"), null=True, blank=True)
    remaining_work = models.FloatField(_("Remaining work"), null=True, blank=True)
    cost = models.DecimalField(_("Cost"), max_digits=20, decimal_places=4, null=True, blank=True)
    actual_cost = models.DecimalField(_("Actual cost"), max_digits=20, decimal_places=4, null=True, blank=True)
    remaining_cost = models.DecimalField(_("Remaining cost"), max_digits=20, decimal_places=4, null=True, blank=True)
    fixed_cost = models.DecimalField(_("Fixed cost"), max_digits=20, decimal_places=4, null=True, blank=True)
    fixed_cost_accrual = models.CharField(_("Accrual of the fixed cost"), max_length=10, blank=True)
    notes = models.TextField(_("Notes"), blank=True)
    hyperlink = models.CharField(_("Hyperlink"), max_length=1000, blank=True)
    fields = models.JSONField(_("Custom fields"), default=list, blank=True)
    # What people add here and no file knows: it stays when the plan is imported again.
    responsible = models.ForeignKey(
        Person,
        verbose_name=pgettext_lazy("task", "Responsible"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="plan_tasks",
        db_index=False,
    )
    remark = models.TextField(_("Remark"), blank=True)

    class Meta:
        default_permissions = ()
        verbose_name = _("Task")
        verbose_name_plural = _("Tasks")
        ordering = ["plan", "position"]
        constraints = [models.UniqueConstraint(fields=["plan", "key"], name="plan_task_key")]
        indexes = [
            models.Index(fields=["plan", "position"], name="plan_task_order"),
            models.Index(fields=["calendar"], name="plan_task_calendar", condition=models.Q(calendar__isnull=False)),
            models.Index(
                fields=["responsible"], name="plan_task_responsible", condition=models.Q(responsible__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.wbs} {self.name}".strip()


class TaskLink(models.Model):
    """A dependency within one version. The lag is working minutes, or percent where its unit is "%"."""

    plan = models.ForeignKey(PlanVersion, on_delete=models.CASCADE, related_name="links")
    predecessor = models.ForeignKey(
        PlanTask, verbose_name=_("Predecessor"), on_delete=models.CASCADE, related_name="successor_links"
    )
    successor = models.ForeignKey(
        PlanTask, verbose_name=_("Successor"), on_delete=models.CASCADE, related_name="predecessor_links"
    )
    kind = models.CharField(_("Link type"), max_length=2, choices=LinkKind, default=LinkKind.FS)
    lag = models.FloatField(_("Lag"), default=0)
    lag_unit = models.CharField(max_length=4, default="d")

    class Meta:
        default_permissions = ()
        verbose_name = _("Link")
        verbose_name_plural = _("Links")
        ordering = ["plan", "id"]

    def __str__(self) -> str:
        return f"{self.predecessor_id} {self.kind} {self.successor_id}"


class TaskBaseline(models.Model):
    """What was agreed for a task, by the number of the baseline (0 to 10)."""

    task = models.ForeignKey(PlanTask, on_delete=models.CASCADE, related_name="baselines")
    number = models.PositiveSmallIntegerField(_("Baseline"))
    starts_at = models.DateTimeField(_("Baseline start"), null=True, blank=True)
    finishes_at = models.DateTimeField(_("Baseline finish"), null=True, blank=True)
    duration = models.FloatField(_("Baseline duration"), null=True, blank=True)
    duration_unit = models.CharField(max_length=4, default="d")
    estimated = models.BooleanField(_("Estimated"), default=False)
    work = models.FloatField(_("Baseline work"), null=True, blank=True)
    cost = models.DecimalField(_("Baseline cost"), max_digits=20, decimal_places=4, null=True, blank=True)

    class Meta:
        default_permissions = ()
        verbose_name = _("Task baseline")
        verbose_name_plural = _("Task baselines")
        ordering = ["task", "number"]
        constraints = [models.UniqueConstraint(fields=["task", "number"], name="task_baseline_once")]

    def __str__(self) -> str:
        return f"{self.task_id} {self.number}"
