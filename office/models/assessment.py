"""The PMO judges itself: answers of one day, the type they speak for, and what became of the recommendation."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from office.models.unit import PMOUnit
from pmo.core.people.models import Person
from pmo.core.records.models import Record


class TypeAssessment(Record):
    """One self-assessment. `answers` {question code: 0 to 3}; scores and reasons are worked out from them again."""

    code_pattern = "TA-{:04d}"

    class Outcome(models.TextChoices):
        OPEN = "open", _("Not decided")
        APPLIED = "applied", _("Applied")
        KEPT = "kept", _("Type kept")

    unit = models.ForeignKey(PMOUnit, verbose_name=_("PMO unit"), on_delete=models.CASCADE, related_name="assessments")
    code = models.CharField(_("Code"), max_length=40, blank=True)
    assessed_on = models.DateField(_("Assessed on"))
    assessor = models.ForeignKey(
        Person, verbose_name=_("Assessor"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    answers = models.JSONField(_("Answers"), default=dict)
    type_before = models.CharField(_("Type that day"), max_length=11, choices=PMOUnit.Type)
    recommended = models.CharField(_("Recommended type"), max_length=11, choices=PMOUnit.Type)
    score = models.PositiveIntegerField(_("Score of the recommendation"), default=0)
    lead = models.PositiveIntegerField(_("Lead over the next type"), default=0)
    outcome = models.CharField(
        pgettext_lazy("self-assessment", "Outcome"), max_length=7, choices=Outcome, default=Outcome.OPEN
    )
    decided_by = models.ForeignKey(
        Person, verbose_name=_("Decided by"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_on = models.DateField(_("Decided on"), null=True, blank=True)
    reason = models.CharField(_("Reason"), max_length=500, blank=True)

    class Meta(Record.Meta):
        verbose_name = _("Type self-assessment")
        verbose_name_plural = _("Type self-assessments")
        ordering = ["-assessed_on", "-id"]

    def __str__(self) -> str:
        return f"{self.code} {self.assessed_on}"
