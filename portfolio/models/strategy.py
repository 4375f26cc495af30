"""Strategic objectives and how much each project contributes."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from pmo.core.history.models import version_model
from pmo.core.people.models import Person
from pmo.core.people.names import localised
from pmo.core.records.models import Record, unique_if_alive
from projects.models import Project


class Perspective(models.TextChoices):
    FINANCIAL = "financial", _("Financial")
    CUSTOMER = "customer", _("Customer")
    PROCESS = "process", _("Internal process")
    LEARNING = "learning", _("Learning and growth")


class Objective(Record):
    """A strategic objective; objectives nest below themes."""

    code_pattern = "OBJ-{:02d}"

    code = models.CharField(_("Code"), max_length=40, blank=True)
    name_zh = models.CharField(_("Chinese name"), max_length=300, blank=True)
    name_en = models.CharField(_("English name"), max_length=300, blank=True)
    perspective = models.CharField(_("Perspective"), max_length=10, choices=Perspective, blank=True)
    parent = models.ForeignKey(
        "self",
        verbose_name=_("Parent objective"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="children",
    )
    owner = models.ForeignKey(
        Person, verbose_name=_("Owner"), null=True, blank=True, on_delete=models.PROTECT, related_name="objectives"
    )
    measure = models.CharField(_("Measure"), max_length=300, blank=True)
    baseline = models.DecimalField(_("Baseline value"), max_digits=18, decimal_places=4, null=True, blank=True)
    target = models.DecimalField(_("Target value"), max_digits=18, decimal_places=4, null=True, blank=True)
    actual = models.DecimalField(_("Actual value"), max_digits=18, decimal_places=4, null=True, blank=True)
    due_on = models.DateField(_("Due"), null=True, blank=True)

    class Meta(Record.Meta):
        verbose_name = _("Strategic objective")
        verbose_name_plural = _("Strategic objectives")
        ordering = ["code"]
        constraints = [unique_if_alive("code", name="objective_code")]

    def __str__(self) -> str:
        return localised(self.name_zh, self.name_en) or self.code


class Contribution(Record):
    """A project's share in reaching an objective, in percent of the objective."""

    access_scope = ("project", "project_id")
    audit_project = "project_id"

    project = models.ForeignKey(
        Project, verbose_name=_("Project"), on_delete=models.CASCADE, related_name="contributions"
    )
    objective = models.ForeignKey(
        Objective, verbose_name=_("Strategic objective"), on_delete=models.CASCADE, related_name="contributions"
    )
    weight = models.DecimalField(
        _("Contribution, %"),
        max_digits=5,
        decimal_places=2,
        default=0,
        validators=[MinValueValidator(0), MaxValueValidator(100)],
    )

    class Meta(Record.Meta):
        verbose_name = _("Contribution to an objective")
        verbose_name_plural = _("Contributions to objectives")
        ordering = ["objective", "-weight"]
        constraints = [unique_if_alive("project", "objective", name="contribution_once")]

    def __str__(self) -> str:
        return f"{self.project} {self.objective}"


ObjectiveVersion = version_model(Objective)
ContributionVersion = version_model(Contribution)
