"""Resources that a plan names, and what its tasks need of them. Whom a resource is in the pool, the resource app says."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from projects.models.plan.task import PlanTask
from projects.models.plan.version import PlanCalendar, PlanVersion


class ResourceKind(models.TextChoices):
    WORK = "work", _("Work")
    MATERIAL = "material", _("Material")
    COST = "cost", _("Cost")


class PlanResource(models.Model):
    """Somebody or something that a plan gives work to; `key` stays the same in every version of the project's plan."""

    plan = models.ForeignKey(PlanVersion, on_delete=models.CASCADE, related_name="resources")
    key = models.UUIDField(default=uuid.uuid4, editable=False)
    uid = models.CharField(_("ID in the file"), max_length=60, blank=True)
    name = models.CharField(_("Resource"), max_length=300, blank=True)
    kind = models.CharField(_("Kind"), max_length=10, choices=ResourceKind, default=ResourceKind.WORK)
    initials = models.CharField(_("Initials"), max_length=40, blank=True)
    code = models.CharField(_("Code"), max_length=100, blank=True)
    email = models.CharField(_("E-mail"), max_length=254, blank=True)
    group = models.CharField(_("Group"), max_length=200, blank=True)
    generic = models.BooleanField(_("Generic"), default=False)
    max_units = models.FloatField(_("Maximum units"), null=True, blank=True)
    rate = models.DecimalField(_("Standard rate"), max_digits=20, decimal_places=4, null=True, blank=True)
    rate_per = models.CharField(max_length=4, blank=True)
    overtime_rate = models.DecimalField(_("Overtime rate"), max_digits=20, decimal_places=4, null=True, blank=True)
    overtime_rate_per = models.CharField(max_length=4, blank=True)
    cost_per_use = models.DecimalField(_("Cost per use"), max_digits=20, decimal_places=4, null=True, blank=True)
    accrual = models.CharField(_("Accrual"), max_length=10, blank=True)
    calendar = models.ForeignKey(
        PlanCalendar, verbose_name=_("Calendar"), null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    material_label = models.CharField(_("Material unit"), max_length=100, blank=True)
    work = models.FloatField(_("Work"), null=True, blank=True)
    cost = models.DecimalField(_("Cost"), max_digits=20, decimal_places=4, null=True, blank=True)
    notes = models.TextField(_("Notes"), blank=True)
    fields = models.JSONField(_("Custom fields"), default=list, blank=True)

    class Meta:
        default_permissions = ()
        verbose_name = _("Plan resource")
        verbose_name_plural = _("Plan resources")
        ordering = ["plan", "id"]
        constraints = [models.UniqueConstraint(fields=["plan", "key"], name="plan_resource_key")]

    def __str__(self) -> str:
        return self.name


class Assignment(models.Model):
    """A task's use of a resource; without one where the file keeps work of nobody. `units` in percent."""

    plan = models.ForeignKey(PlanVersion, on_delete=models.CASCADE, related_name="assignments")
    uid = models.CharField(_("ID in the file"), max_length=60, blank=True)
    task = models.ForeignKey(PlanTask, verbose_name=_("Task"), on_delete=models.CASCADE, related_name="assignments")
    resource = models.ForeignKey(
        PlanResource,
        verbose_name=_("Resource"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="assignments",
    )
    units = models.FloatField(_("Units"), null=True, blank=True)
    work = models.FloatField(_("Work"), null=True, blank=True)
    actual_work = models.FloatField(_("Actual work"), null=True, blank=True)
    remaining_work = models.FloatField(_("Remaining work"), null=True, blank=True)
    cost = models.DecimalField(_("Cost"), max_digits=20, decimal_places=4, null=True, blank=True)
    actual_cost = models.DecimalField(_("Actual cost"), max_digits=20, decimal_places=4, null=True, blank=True)
    remaining_cost = models.DecimalField(_("Remaining cost"), max_digits=20, decimal_places=4, null=True, blank=True)
    starts_at = models.DateTimeField(_("Start"), null=True, blank=True)
    finishes_at = models.DateTimeField(_("Finish"), null=True, blank=True)
    actual_start = models.DateTimeField(_("Actual start"), null=True, blank=True)
    actual_finish = models.DateTimeField(_("Actual finish"), null=True, blank=True)
    delay = models.FloatField(_("Delay"), null=True, blank=True)
    delay_unit = models.CharField(max_length=4, default="d")
    contour = models.CharField(_("Work contour"), max_length=30, blank=True)
    baselines = models.JSONField(_("Baselines"), default=list, blank=True)
    fields = models.JSONField(_("Custom fields"), default=list, blank=True)

    class Meta:
        default_permissions = ()
        verbose_name = _("Assignment")
        verbose_name_plural = _("Assignments")
        ordering = ["plan", "id"]

    def __str__(self) -> str:
        return f"{self.task_id} {self.resource_id}"
