"""Budget lines and actual cost lines."""

from __future__ import annotations

from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from pmo.core.history.models import version_model
from pmo.core.records.models import Record, unique_if_alive
from projects.models.choices import CostCategory, CostKind
from projects.models.project import Project


class BudgetLine(Record):
    """Approved money of a project for a period and category; its sum is the budget at completion."""

    access_scope = ("project", "project_id")
    audit_project = "project_id"
    code_pattern = "BUD-{:05d}"

    project = models.ForeignKey(
        Project, verbose_name=_("Project"), on_delete=models.CASCADE, related_name="budget_lines"
    )
    code = models.CharField(_("Code"), max_length=60, blank=True)
    period = models.DateField(
        _("Period"), null=True, blank=True, help_text=_("First day of the period. Empty: the whole project.")
    )
    kind = models.CharField(_("CAPEX or OPEX"), max_length=5, choices=CostKind, default=CostKind.OPEX)
    category = models.CharField(_("Category"), max_length=20, choices=CostCategory, default=CostCategory.OTHER)
    amount = models.DecimalField(_("Amount"), max_digits=18, decimal_places=2, validators=[MinValueValidator(0)])
    currency = models.CharField(_("Currency"), max_length=3, default="CNY")
    note = models.CharField(_("Note"), max_length=300, blank=True)

    class Meta(Record.Meta):
        verbose_name = _("Budget line")
        verbose_name_plural = _("Budget lines")
        ordering = ["project", "period", "code"]
        constraints = [unique_if_alive("project", "code", name="budget_line_code")]

    def __str__(self) -> str:
        return f"{self.code} {self.get_category_display()}"


class CostLine(Record):
    """Money spent, booked on a day. A correction is a negative line."""

    access_scope = ("project", "project_id")
    audit_project = "project_id"
    code_pattern = "ACT-{:06d}"

    project = models.ForeignKey(Project, verbose_name=_("Project"), on_delete=models.CASCADE, related_name="cost_lines")
    code = models.CharField(_("Code"), max_length=60, blank=True)
    booked_on = models.DateField(_("Booked on"))
    kind = models.CharField(_("CAPEX or OPEX"), max_length=5, choices=CostKind, default=CostKind.OPEX)
    category = models.CharField(_("Category"), max_length=20, choices=CostCategory, default=CostCategory.OTHER)
    amount = models.DecimalField(_("Amount"), max_digits=18, decimal_places=2)
    currency = models.CharField(_("Currency"), max_length=3, default="CNY")
    note = models.CharField(_("Note"), max_length=300, blank=True)

    class Meta(Record.Meta):
        verbose_name = _("Actual cost")
        verbose_name_plural = _("Actual costs")
        ordering = ["project", "booked_on", "code"]
        constraints = [unique_if_alive("project", "code", name="cost_line_code")]

    def __str__(self) -> str:
        return f"{self.code} {self.get_category_display()}"


BudgetLineVersion = version_model(BudgetLine)
CostLineVersion = version_model(CostLine)
