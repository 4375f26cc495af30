"""A risk: what may happen to a project, for worse or for better."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from pmo.core.history.models import version_model
from pmo.core.people.models import Person
from pmo.core.records.models import Record, unique_if_alive
from projects.models import Project, Supplier
from risks.calc import scoring
from risks.models.category import RiskCategory


class Kind(models.TextChoices):
    THREAT = "threat", pgettext_lazy("risk", "Threat")
    OPPORTUNITY = "opportunity", pgettext_lazy("risk", "Opportunity")


class Status(models.TextChoices):
    IDENTIFIED = "identified", pgettext_lazy("risk", "Identified")
    ANALYSED = "analysed", pgettext_lazy("risk", "Analysed")
    RESPONDING = "responding", pgettext_lazy("risk", "Responding")
    OCCURRED = "occurred", pgettext_lazy("risk", "Occurred")
    CLOSED = "closed", pgettext_lazy("risk", "Closed")


class Strategy(models.TextChoices):
    AVOID = "avoid", pgettext_lazy("risk", "Avoid")
    MITIGATE = "mitigate", pgettext_lazy("risk", "Mitigate")
    TRANSFER = "transfer", pgettext_lazy("risk", "Transfer")
    ACCEPT = "accept", pgettext_lazy("risk", "Accept")
    EXPLOIT = "exploit", pgettext_lazy("risk", "Exploit")
    ENHANCE = "enhance", pgettext_lazy("risk", "Enhance")
    SHARE = "share", pgettext_lazy("risk", "Share")


OPEN = (Status.IDENTIFIED, Status.ANALYSED, Status.RESPONDING)
STRATEGIES = {
    Kind.THREAT: (Strategy.AVOID, Strategy.MITIGATE, Strategy.TRANSFER, Strategy.ACCEPT),
    Kind.OPPORTUNITY: (Strategy.EXPLOIT, Strategy.ENHANCE, Strategy.SHARE, Strategy.ACCEPT),
}
IMPACTS = ("impact_time", "impact_cost", "impact_scope", "impact_quality")
# Fields that follow from others; the services keep them.
DERIVED = ("impact", "score", "exposure", "inherent_score", "residual_score", "target_score")


def _step(label: Any) -> models.PositiveSmallIntegerField[int | None, int | None]:
    return models.PositiveSmallIntegerField(
        label, null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(5)]
    )


def _derived(label: Any) -> models.PositiveSmallIntegerField[int | None, int | None]:
    return models.PositiveSmallIntegerField(label, null=True, blank=True, editable=False)


class Risk(Record):
    """An uncertain event with its assessment and response. Score, impact and exposure follow from the other fields."""

    access_scope = ("project", "project_id")
    audit_project = "project_id"
    code_pattern = "RSK-{:04d}"

    project = models.ForeignKey(Project, verbose_name=_("Project"), on_delete=models.CASCADE, related_name="risks")
    code = models.CharField(_("Code"), max_length=60, blank=True)
    title = models.CharField(_("Risk"), max_length=300)
    kind = models.CharField(_("Threat or opportunity"), max_length=12, choices=Kind, default=Kind.THREAT)
    cause = models.TextField(_("Cause"), blank=True)
    event = models.TextField(_("Event"), blank=True)
    effect = models.TextField(_("Effect"), blank=True)
    category = models.ForeignKey(
        RiskCategory,
        verbose_name=_("Risk category"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="risks",
    )
    source = models.CharField(
        _("Source"),
        max_length=200,
        blank=True,
        help_text=_("Where it comes from: a supplier, a technology, a country, a currency, a shared resource."),
    )
    probability = _step(_("Probability, 1 to 5"))
    percent = models.DecimalField(
        _("Probability, %"),
        max_digits=5,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0), MaxValueValidator(100)],
        help_text=_("Empty: the percent of the step in the default matrix."),
    )
    impact_time = _step(_("Impact on time"))
    impact_cost = _step(_("Impact on cost"))
    impact_scope = _step(_("Impact on scope"))
    impact_quality = _step(_("Impact on quality"))
    impact = _derived(_("Impact, 1 to 5"))
    score = _derived(_("Risk score"))
    impact_money = models.DecimalField(
        _("Cost if it happens"),
        max_digits=18,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
        help_text=_("For an opportunity: the gain."),
    )
    currency = models.CharField(_("Currency"), max_length=3, default="CNY")
    exposure = models.DecimalField(
        _("Exposure"), max_digits=18, decimal_places=2, null=True, blank=True, editable=False
    )
    proximity_on = models.DateField(
        _("Could happen from"), null=True, blank=True, help_text=_("The first day on which it could happen.")
    )
    owner = models.ForeignKey(
        Person, verbose_name=_("Risk owner"), null=True, blank=True, on_delete=models.PROTECT, related_name="risks"
    )
    strategy = models.CharField(_("Response strategy"), max_length=10, choices=Strategy, blank=True)
    response = models.TextField(_("Response measure"), blank=True)
    backup_supplier = models.ForeignKey(
        Supplier,
        verbose_name=_("Backup supplier"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="risks",
        help_text=_("Who can stand in: a supplier that the response counts on."),
    )
    trigger = models.CharField(
        _("Trigger"), max_length=300, blank=True, help_text=_("What tells that it is about to happen.")
    )
    inherent_probability = _step(_("Inherent probability"))
    inherent_impact = _step(_("Inherent impact"))
    inherent_score = _derived(_("Inherent score"))
    residual_probability = _step(_("Residual probability"))
    residual_impact = _step(_("Residual impact"))
    residual_score = _derived(_("Residual score"))
    target_probability = _step(_("Target probability"))
    target_impact = _step(_("Target impact"))
    target_score = _derived(_("Target score"))
    status = models.CharField(_("Status"), max_length=12, choices=Status, default=Status.IDENTIFIED)
    identified_on = models.DateField(_("Identified on"), null=True, blank=True)
    review_on = models.DateField(_("Next review"), null=True, blank=True)
    occurred_on = models.DateField(_("Occurred on"), null=True, blank=True)
    closed_on = models.DateField(_("Closed on"), null=True, blank=True)

    class Meta(Record.Meta):
        verbose_name = _("Risk")
        verbose_name_plural = _("Risk register")
        ordering = ["-score", "code"]
        constraints = [unique_if_alive("project", "code", name="risk_code")]
        indexes = [
            models.Index(fields=["status", "kind"], name="risk_open"),
            models.Index(fields=["project", "status"], name="risk_project_status"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_open(self) -> bool:
        """Whether it may still happen and is not closed."""
        return self.status in OPEN

    def derived(self) -> dict[str, Any]:
        """What the derived fields must say, by `risks.calc.scoring`."""
        impact = scoring.overall_impact(getattr(self, name) for name in IMPACTS)
        return {
            "impact": impact,
            "score": scoring.score(self.probability, impact),
            "exposure": scoring.exposure(self.percent, self.impact_money),
            "inherent_score": scoring.score(self.inherent_probability, self.inherent_impact),
            "residual_score": scoring.score(self.residual_probability, self.residual_impact),
            "target_score": scoring.score(self.target_probability, self.target_impact),
        }

    def clean(self) -> None:
        faults: dict[str, Any] = {}
        if self.strategy and self.strategy not in STRATEGIES.get(Kind(self.kind), ()):
            faults["strategy"] = _("This strategy does not fit: %(kind)s has %(strategies)s.") % {
                "kind": Kind(self.kind).label,
                "strategies": ", ".join(str(Strategy(value).label) for value in STRATEGIES[Kind(self.kind)]),
            }
        if self.status == Status.OCCURRED and self.occurred_on is None:
            faults["occurred_on"] = _("Say on which day it occurred.")
        for name in ("closed_on", "occurred_on"):
            day = getattr(self, name)
            if day is not None and self.identified_on is not None and day < self.identified_on:
                faults[name] = _("This day lies before the day on which the risk was identified.")
        if faults:
            raise ValidationError(faults)


RiskVersion = version_model(Risk)
