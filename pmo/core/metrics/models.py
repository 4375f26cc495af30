"""What a figure means: one definition per metric, the product's own and those the PMO adds."""

from __future__ import annotations

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from pmo.core.history.models import version_model
from pmo.core.people.models import Person
from pmo.core.people.names import localised
from pmo.core.records.models import Record, unique_if_alive

CODE = r"[A-Z][A-Z0-9]*(-[A-Z0-9]+)*"


class MetricDefinition(Record):
    """A metric. `shipped` rows follow the code that computes them; owner, thresholds, target and notes are the PMO's.

    `green` and `red` are read with `direction`: higher is better: green from `green`, red below `red`; lower is better:
    green up to `green`, red above `red`.
    """

    class Nature(models.TextChoices):
        ATOMIC = "atomic", _("Atomic")
        DERIVED = "derived", _("Derived")

    class Direction(models.TextChoices):
        HIGHER = "higher", _("Higher is better")
        LOWER = "lower", _("Lower is better")
        NONE = "none", _("Neither")

    class Unit(models.TextChoices):
        COUNT = "count", _("Number")
        PERCENT = "percent", "%"
        SCORE = "score", _("Points, 0 to 100")
        RATIO = "ratio", _("Ratio")
        MONEY = "money", _("Money")
        WORKING_DAYS = "wd", _("Working days")
        WEEKS = "weeks", _("Weeks")
        CYCLES = "cycles", _("Reporting cycles")
        HOURS = "hours", _("Hours")
        FTE = "fte", _("Full-time equivalents")

    class Frequency(models.TextChoices):
        DAILY = "daily", _("Daily")
        WEEKLY = "weekly", _("Weekly")
        MONTHLY = "monthly", _("Monthly")
        QUARTERLY = "quarterly", _("Quarterly")
        YEARLY = "yearly", _("Yearly")

    code = models.CharField(
        _("Code"),
        max_length=40,
        validators=[
            RegexValidator(
                rf"^{CODE}$", _("Use capital letters, digits and hyphens, beginning with a letter: PMO-NPS.")
            )
        ],
    )
    name_zh = models.CharField(_("Chinese name"), max_length=200, blank=True)
    name_en = models.CharField(_("English name"), max_length=200, blank=True)
    meaning_zh = models.TextField(_("Meaning (Chinese)"), blank=True)
    meaning_en = models.TextField(_("Meaning (English)"), blank=True)
    formula_zh = models.TextField(_("Formula (Chinese)"), blank=True)
    formula_en = models.TextField(_("Formula (English)"), blank=True)
    rules_zh = models.TextField(_("Counting rules (Chinese)"), blank=True)
    rules_en = models.TextField(_("Counting rules (English)"), blank=True)
    unit = models.CharField(_("Unit of measure"), max_length=10, choices=Unit, default=Unit.COUNT)
    direction = models.CharField(_("Direction"), max_length=6, choices=Direction, default=Direction.HIGHER)
    nature = models.CharField(_("Atomic or derived"), max_length=7, choices=Nature, default=Nature.ATOMIC)
    frequency = models.CharField(_("Frequency"), max_length=9, choices=Frequency, default=Frequency.MONTHLY)
    source = models.CharField(
        _("Source register"), max_length=60, blank=True, help_text=_("Key of the register with the source rows.")
    )
    calculated_in = models.CharField(_("Calculated in"), max_length=120, blank=True, editable=False)
    green = models.DecimalField(_("Green threshold"), max_digits=18, decimal_places=4, null=True, blank=True)
    red = models.DecimalField(_("Red threshold"), max_digits=18, decimal_places=4, null=True, blank=True)
    target = models.DecimalField(_("Target"), max_digits=18, decimal_places=4, null=True, blank=True)
    owner = models.ForeignKey(
        Person, verbose_name=_("Owner"), null=True, blank=True, on_delete=models.SET_NULL, related_name="metrics"
    )
    notes = models.TextField(_("Notes"), blank=True)
    shipped = models.BooleanField(_("Computed by the product"), default=False, editable=False)

    class Meta(Record.Meta):
        verbose_name = _("Metric")
        verbose_name_plural = _("Metrics")
        ordering = ["code"]
        constraints = [unique_if_alive("code", name="metric_code")]

    def __str__(self) -> str:
        return localised(self.name_zh, self.name_en) or self.code

    @property
    def meaning(self) -> str:
        """What it says, in the reader's language."""
        return localised(self.meaning_zh, self.meaning_en)

    @property
    def formula(self) -> str:
        """How it is formed, in the reader's language."""
        return localised(self.formula_zh, self.formula_en)

    @property
    def rules(self) -> str:
        """What counts and what does not, in the reader's language."""
        return localised(self.rules_zh, self.rules_en)


MetricDefinitionVersion = version_model(MetricDefinition)
