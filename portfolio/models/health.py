"""The health model and what it computes: one snapshot per project and date, one roll-up row per group and date."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from pmo.core.history.models import version_model
from pmo.core.people.models import Person
from pmo.core.records.models import Record
from portfolio.models.structure import Portfolio
from projects.models import Project
from projects.models.choices import Band


class HealthModel(Record):
    """One version of the rules: weights, thresholds, caps, bands. In force from a day until the next version's day."""

    number = models.PositiveIntegerField(_("Version"), unique=True)
    valid_from = models.DateField(_("In force from"))
    spec = models.JSONField(_("Rules"))
    note = models.CharField(_("What changed and why"), max_length=500, blank=True)

    class Meta(Record.Meta):
        verbose_name = _("Health model")
        verbose_name_plural = _("Health models")
        ordering = ["-number"]

    def __str__(self) -> str:
        return f"v{self.number}"


class HealthSnapshot(models.Model):
    """The official health of a project on a date: structured inputs and model version; the explanation is rendered from it.

    Scores are 0 to 100, None where there is no data. Money is in the organisation's base currency at the date's closing rate.
    """

    access_scope = ("project", "project_id")

    project = models.ForeignKey(Project, verbose_name=_("Project"), on_delete=models.CASCADE, related_name="health")
    date = models.DateField(_("Date"))
    model = models.ForeignKey(HealthModel, verbose_name=_("Health model"), on_delete=models.PROTECT, related_name="+")
    overall = models.FloatField(_("Health"), null=True)
    band = models.CharField(_("Computed"), max_length=5, choices=Band)
    declared = models.CharField(_("Declared"), max_length=5, choices=Band, default=Band.GREY)
    reviewed = models.CharField(_("Reviewed"), max_length=5, choices=Band, default=Band.GREY)
    stale = models.BooleanField(_("Stale"), default=False)
    schedule = models.FloatField(_("Schedule"), null=True)
    cost = models.FloatField(_("Cost"), null=True)
    scope = models.FloatField(_("Scope"), null=True)
    resource = models.FloatField(_("Resources"), null=True)
    quality = models.FloatField(_("Quality"), null=True)
    risk = models.FloatField(_("Risk"), null=True)
    benefits = models.FloatField(_("Benefits"), null=True)
    governance = models.FloatField(_("Governance"), null=True)
    bac = models.DecimalField(_("Budget at completion"), max_digits=20, decimal_places=2, null=True)
    pv = models.DecimalField(_("Planned value"), max_digits=20, decimal_places=2, null=True)
    ev = models.DecimalField(_("Earned value"), max_digits=20, decimal_places=2, null=True)
    ac = models.DecimalField(_("Actual cost"), max_digits=20, decimal_places=2, null=True)
    eac = models.DecimalField(_("Estimate at completion"), max_digits=20, decimal_places=2, null=True)
    # {measure code: value}, a measure without data is absent; "driver" is the delivery driver the weights followed.
    inputs = models.JSONField(_("Inputs"), default=dict)

    class Meta:
        verbose_name = _("Health snapshot")
        verbose_name_plural = _("Health history")
        default_permissions = ()
        ordering = ["-date", "project"]
        constraints = [models.UniqueConstraint(fields=["project", "date"], name="health_once_a_day")]
        indexes = [models.Index(fields=["date", "project"], name="health_date")]

    def __str__(self) -> str:
        return f"{self.project_id} {self.date} {self.overall}"


class RollupSnapshot(models.Model):
    """The health of a portfolio, programme, objective or the whole organisation on a date: sums first, then ratios."""

    class Kind(models.TextChoices):
        ALL = "all", _("All projects")
        PORTFOLIO = "portfolio", _("Portfolio")
        PROGRAMME = "programme", _("Programme")
        OBJECTIVE = "objective", _("Strategic objective")

    kind = models.CharField(_("Level"), max_length=10, choices=Kind)
    ref_id = models.BigIntegerField(default=0)
    date = models.DateField(_("Date"))
    overall = models.FloatField(_("Health"), null=True)
    # The budget-weighted mean before the rule of the worst critical project lowered it.
    uncapped = models.FloatField(_("Health without the cap"), null=True)
    computed_band = models.CharField(_("By rule"), max_length=5, choices=Band)
    band = models.CharField(_("Shown"), max_length=5, choices=Band)
    green = models.PositiveIntegerField(default=0)
    amber = models.PositiveIntegerField(default=0)
    red = models.PositiveIntegerField(default=0)
    grey = models.PositiveIntegerField(default=0)
    bac = models.DecimalField(max_digits=22, decimal_places=2, null=True)
    pv = models.DecimalField(max_digits=22, decimal_places=2, null=True)
    ev = models.DecimalField(max_digits=22, decimal_places=2, null=True)
    ac = models.DecimalField(max_digits=22, decimal_places=2, null=True)
    eac = models.DecimalField(max_digits=22, decimal_places=2, null=True)
    # Ratios of sums over the projects that know both terms: a project with a budget but no forecast is in neither.
    cpi = models.FloatField(_("CPI"), null=True)
    spi = models.FloatField(_("SPI"), null=True)
    eac_over = models.DecimalField(_("Forecast against budget"), max_digits=22, decimal_places=2, null=True)
    eac_over_pct = models.FloatField(_("Forecast against budget, %"), null=True)
    milestones_due = models.PositiveIntegerField(default=0)
    milestones_met = models.PositiveIntegerField(default=0)
    watermelons = models.PositiveIntegerField(default=0)
    reports = models.PositiveIntegerField(default=0)
    stale = models.PositiveIntegerField(default=0)
    # Reports late by the reporting cycle; unknown in roll-ups made before they were counted.
    late = models.PositiveIntegerField(null=True)

    class Meta:
        verbose_name = _("Roll-up")
        verbose_name_plural = _("Roll-ups")
        default_permissions = ()
        ordering = ["-date", "kind"]
        constraints = [models.UniqueConstraint(fields=["kind", "ref_id", "date"], name="rollup_once_a_day")]

    def __str__(self) -> str:
        return f"{self.kind} {self.ref_id} {self.date}"


class BandOverride(Record):
    """Somebody with the right shows a portfolio in another colour than the rule, for a time, and writes down why."""

    access_scope = ("portfolio", "portfolio_id")

    portfolio = models.ForeignKey(
        Portfolio, verbose_name=_("Portfolio"), on_delete=models.CASCADE, related_name="overrides"
    )
    band = models.CharField(_("Shown as"), max_length=5, choices=Band)
    reason = models.CharField(_("Reason"), max_length=500)
    starts_on = models.DateField(_("From"))
    ends_on = models.DateField(_("Until"), null=True, blank=True)
    decided_by = models.ForeignKey(Person, verbose_name=_("Decided by"), on_delete=models.PROTECT, related_name="+")

    class Meta(Record.Meta):
        verbose_name = _("Colour override")
        verbose_name_plural = _("Colour overrides")
        ordering = ["-starts_on"]

    def __str__(self) -> str:
        return f"{self.portfolio} {self.get_band_display()}"


BandOverrideVersion = version_model(BandOverride)
