"""Milestones: baseline, forecast, actual."""

from __future__ import annotations

from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from pmo.core.history.models import version_model
from pmo.core.people.models import Person
from pmo.core.records.models import Record, unique_if_alive
from projects.models.project import Project


class Milestone(Record):
    """A dated event of a project. Its slip is forecast (or actual) minus baseline in working days."""

    access_scope = ("project", "project_id")
    audit_project = "project_id"
    code_pattern = "MS-{:04d}"

    project = models.ForeignKey(Project, verbose_name=_("Project"), on_delete=models.CASCADE, related_name="milestones")
    code = models.CharField(_("Code"), max_length=60, blank=True)
    name = models.CharField(_("Milestone"), max_length=300)
    is_key = models.BooleanField(_("Key milestone"), default=False)
    weight = models.DecimalField(
        _("Budget weight"),
        max_digits=9,
        decimal_places=4,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
        help_text=_(
            "Share of the project budget that is earned when the milestone is reached. Empty everywhere: equal shares."
        ),
    )
    baseline_date = models.DateField(_("Baseline"), null=True, blank=True)
    forecast_date = models.DateField(_("Forecast"), null=True, blank=True)
    actual_date = models.DateField(_("Actual"), null=True, blank=True)
    owner = models.ForeignKey(
        Person, verbose_name=_("Owner"), null=True, blank=True, on_delete=models.PROTECT, related_name="milestones"
    )
    note = models.TextField(_("Note"), blank=True)
    # The task of the published plan that gives name and dates, where one does.
    task_key = models.UUIDField(null=True, blank=True, editable=False)
    # The task from which somebody took the milestone: the plan feeds it no more, and makes none in its place.
    left_task_key = models.UUIDField(null=True, blank=True, editable=False)

    class Meta(Record.Meta):
        verbose_name = _("Milestone")
        verbose_name_plural = _("Milestones")
        ordering = ["project", "baseline_date", "code"]
        constraints = [unique_if_alive("project", "code", name="milestone_code")]
        indexes = [models.Index(fields=["project", "baseline_date"], name="milestone_project")]

    def __str__(self) -> str:
        return self.name


MilestoneVersion = version_model(Milestone)
