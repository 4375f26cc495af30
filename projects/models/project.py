"""The project: one row of the registry."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from pmo.core.history.models import version_model
from pmo.core.people.models import OrgUnit, Person
from pmo.core.people.names import BilingualName
from pmo.core.records.models import Record, unique_if_alive
from projects.models.choices import (
    DeliveryDriver,
    Method,
    Priority,
    ProjectStatus,
    ProjectType,
    Stage,
    Visibility,
)


class Project(BilingualName, Record):
    """A project of the registry. Portfolio and programme hold the link to it, not the other way round."""

    access_scope = ("project", "id")
    audit_project = "id"
    code_pattern = "P-{:04d}"

    code = models.CharField(_("Project code"), max_length=60, blank=True)
    name_zh = models.CharField(_("Chinese name"), max_length=300, blank=True)
    name_en = models.CharField(_("English name"), max_length=300, blank=True)
    summary = models.TextField(_("Summary"), blank=True)
    type = models.CharField(_("Project type"), max_length=20, choices=ProjectType, default=ProjectType.OTHER)
    status = models.CharField(_("Status"), max_length=20, choices=ProjectStatus, default=ProjectStatus.IN_PROGRESS)
    stage = models.CharField(_("Stage"), max_length=20, choices=Stage, default=Stage.EXECUTING)
    method = models.CharField(_("Method"), max_length=20, choices=Method, default=Method.PREDICTIVE)
    delivery_driver = models.CharField(
        _("Delivery driver"),
        max_length=20,
        choices=DeliveryDriver,
        default=DeliveryDriver.NONE,
        help_text=_("Shifts the weights of the health model: a date-driven project weighs its schedule more."),
    )
    priority = models.CharField(_("Priority"), max_length=12, choices=Priority, default=Priority.MEDIUM)
    visibility = models.CharField(_("Visibility"), max_length=14, choices=Visibility, default=Visibility.PORTFOLIO)
    unit = models.ForeignKey(
        OrgUnit,
        verbose_name=_("Business unit"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="projects",
    )
    pm = models.ForeignKey(
        Person,
        verbose_name=_("Project manager"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="managed_projects",
    )
    sponsor = models.ForeignKey(
        Person,
        verbose_name=_("Sponsor"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="sponsored_projects",
    )
    country = models.CharField(_("Country or region"), max_length=60, blank=True)
    currency = models.CharField(_("Currency"), max_length=3, default="CNY")
    planned_start = models.DateField(_("Planned start"), null=True, blank=True)
    planned_finish = models.DateField(_("Planned finish"), null=True, blank=True)
    forecast_finish = models.DateField(_("Forecast finish"), null=True, blank=True)
    actual_start = models.DateField(_("Actual start"), null=True, blank=True)
    actual_finish = models.DateField(_("Actual finish"), null=True, blank=True)
    percent_complete = models.DecimalField(
        _("Percent complete"),
        max_digits=5,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0), MaxValueValidator(100)],
    )
    forecast_cost = models.DecimalField(
        _("Estimate at completion"),
        max_digits=18,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
        help_text=_("The project manager's own forecast. Empty: computed from earned value."),
    )
    contingency_reserve = models.DecimalField(
        _("Contingency reserve"),
        max_digits=18,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
        help_text=_("What is left of the money held back for known risks, in the project's currency."),
    )

    class Meta(Record.Meta):
        verbose_name = _("Project")
        verbose_name_plural = _("Project registry")
        ordering = ["code"]
        constraints = [unique_if_alive("code", name="project_code")]

    def clean(self) -> None:
        super().clean()
        if self.planned_start and self.planned_finish and self.planned_finish < self.planned_start:
            raise ValidationError({"planned_finish": _("The planned finish lies before the planned start.")})
        if self.actual_start and self.actual_finish and self.actual_finish < self.actual_start:
            raise ValidationError({"actual_finish": _("The actual finish lies before the actual start.")})


ProjectVersion = version_model(Project)
