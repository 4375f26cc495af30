"""Benefits a project promised, and what of them arrives period by period, also after it has closed."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from pmo.core.history.models import version_model
from pmo.core.people.models import Person
from pmo.core.records.models import Record, unique_if_alive
from projects.models.project import Project


class Benefit(Record):
    """An advantage the organisation expects. It starts on a day, or so many months after the project's finish.

    A benefit of the manner "sum" adds up over the periods (money saved); one of the manner "level" is where a measure
    stands (days an approval takes), and its gain is the distance from its baseline.
    """

    class Kind(models.TextChoices):
        HARD = "hard", pgettext_lazy("benefit", "Hard")
        SOFT = "soft", pgettext_lazy("benefit", "Soft")

    class Manner(models.TextChoices):
        SUM = "sum", pgettext_lazy("benefit", "Adds up over the periods")
        LEVEL = "level", pgettext_lazy("benefit", "Level reached")

    class Direction(models.TextChoices):
        UP = "up", pgettext_lazy("benefit", "More is better")
        DOWN = "down", pgettext_lazy("benefit", "Less is better")

    class Anchor(models.TextChoices):
        DATE = "date", pgettext_lazy("benefit", "On a fixed date")
        FINISH = "finish", pgettext_lazy("benefit", "Months after the project's finish")

    access_scope = ("project", "project_id")
    audit_project = "project_id"
    code_pattern = "BEN-{:04d}"

    project = models.ForeignKey(Project, verbose_name=_("Project"), on_delete=models.CASCADE, related_name="benefits")
    code = models.CharField(_("Code"), max_length=60, blank=True)
    name = models.CharField(_("Benefit"), max_length=300)
    kind = models.CharField(_("Kind of benefit"), max_length=4, choices=Kind, default=Kind.HARD)
    monetary = models.BooleanField(_("In money"), default=True)
    currency = models.CharField(_("Currency"), max_length=3, blank=True, default="")
    unit = models.CharField(_("Unit"), max_length=40, blank=True, help_text=_("Of a benefit that is not money."))
    manner = models.CharField(_("How it counts"), max_length=5, choices=Manner, default=Manner.SUM)
    direction = models.CharField(_("Direction"), max_length=4, choices=Direction, default=Direction.UP)
    baseline = models.DecimalField(
        _("Baseline value"),
        max_digits=18,
        decimal_places=2,
        null=True,
        blank=True,
        help_text=_("Where a level stands before the project."),
    )
    planned_total = models.DecimalField(
        _("Planned total"),
        max_digits=18,
        decimal_places=2,
        help_text=_("The sum over all periods, or the level to be reached."),
    )
    owner = models.ForeignKey(
        Person, verbose_name=_("Owner"), null=True, blank=True, on_delete=models.PROTECT, related_name="benefits"
    )
    anchor = models.CharField(_("Starts"), max_length=6, choices=Anchor, default=Anchor.FINISH)
    starts_on = models.DateField(_("Start date"), null=True, blank=True)
    offset_months = models.SmallIntegerField(_("Months after the finish"), null=True, blank=True)
    note = models.TextField(_("Note"), blank=True)

    class Meta(Record.Meta):
        verbose_name = _("Benefit")
        verbose_name_plural = _("Benefits")
        ordering = ["project", "code"]
        constraints = [unique_if_alive("project", "code", name="benefit_code")]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        if self.monetary and not self.currency:
            raise ValidationError({"currency": _("Say in which currency.")})
        if not self.monetary and not self.unit:
            raise ValidationError({"unit": _("Say in which unit it is measured.")})
        if self.anchor == self.Anchor.DATE and not self.starts_on:
            raise ValidationError({"starts_on": _("Say on which day it starts.")})
        if self.anchor == self.Anchor.FINISH and self.offset_months is None:
            raise ValidationError({"offset_months": _("Say how many months after the project's finish it starts.")})
        if self.manner == self.Manner.LEVEL:
            self._clean_level()

    def _clean_level(self) -> None:
        if self.monetary:
            raise ValidationError({"manner": _("Money adds up; a level is measured in another unit.")})
        if self.baseline is None:
            raise ValidationError({"baseline": _("A level needs the value it starts from.")})
        if self.planned_total is None:
            return
        better = self.planned_total - self.baseline
        if (better if self.direction == self.Direction.UP else -better) <= 0:
            raise ValidationError({"planned_total": _("The level to be reached is no better than the baseline.")})


class BenefitLine(Record):
    """What a benefit was planned to bring in a period, and what it brought (empty while nobody measured)."""

    access_scope = ("project", "project_id")
    audit_project = "project_id"

    project = models.ForeignKey(
        Project, verbose_name=_("Project"), on_delete=models.CASCADE, related_name="benefit_lines"
    )
    benefit = models.ForeignKey(Benefit, verbose_name=_("Benefit"), on_delete=models.CASCADE, related_name="lines")
    period = models.DateField(_("Period"), help_text=_("First day of the period."))
    planned = models.DecimalField(_("Planned"), max_digits=18, decimal_places=2, null=True, blank=True)
    actual = models.DecimalField(_("Actual"), max_digits=18, decimal_places=2, null=True, blank=True)
    currency = models.CharField(_("Currency"), max_length=3, blank=True, default="", editable=False)

    class Meta(Record.Meta):
        verbose_name = _("Benefit by period")
        verbose_name_plural = _("Benefits by period")
        ordering = ["benefit", "period"]
        constraints = [unique_if_alive("benefit", "period", name="benefit_line_period")]

    def __str__(self) -> str:
        return f"{self.benefit} {self.period}"

    def clean(self) -> None:
        benefit = getattr(self, "benefit", None)
        if benefit is not None and benefit.project_id != self.project_id:
            raise ValidationError({"benefit": _("This benefit belongs to another project.")})
        if self.period and self.period.day != 1:
            raise ValidationError({"period": _("Enter the first day of a month.")})


BenefitVersion = version_model(Benefit)
BenefitLineVersion = version_model(BenefitLine)
