"""Findings of audits, reviews and tests."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from pmo.core.history.models import version_model
from pmo.core.people.models import Person
from pmo.core.records.models import Record, unique_if_alive
from projects.models.project import Project


class QualityFinding(Record):
    """Something that does not conform, with its corrective action."""

    class Source(models.TextChoices):
        AUDIT = "audit", pgettext_lazy("finding", "Audit")
        REVIEW = "review", pgettext_lazy("finding", "Review")
        TEST = "test", pgettext_lazy("finding", "Test")

    class Severity(models.TextChoices):
        MAJOR = "1_major", pgettext_lazy("finding", "Major")
        MINOR = "2_minor", pgettext_lazy("finding", "Minor")
        OBSERVATION = "3_observation", pgettext_lazy("finding", "Observation")

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("finding", "Open")
        DOING = "doing", pgettext_lazy("finding", "In progress")
        CLOSED = "closed", pgettext_lazy("finding", "Closed")
        ACCEPTED = "accepted", pgettext_lazy("finding", "Risk accepted")

    access_scope = ("project", "project_id")
    audit_project = "project_id"
    code_pattern = "QF-{:04d}"

    project = models.ForeignKey(
        Project, verbose_name=_("Project"), on_delete=models.CASCADE, related_name="quality_findings"
    )
    code = models.CharField(_("Code"), max_length=60, blank=True)
    title = models.CharField(_("Finding"), max_length=300)
    description = models.TextField(_("Description"), blank=True)
    source = models.CharField(_("Source"), max_length=8, choices=Source, default=Source.REVIEW)
    severity = models.CharField(_("Severity"), max_length=14, choices=Severity, default=Severity.MINOR)
    found_on = models.DateField(_("Found on"))
    due_on = models.DateField(_("Due"), null=True, blank=True)
    owner = models.ForeignKey(
        Person,
        verbose_name=_("Owner"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="quality_findings",
    )
    state = models.CharField(_("Status"), max_length=10, choices=State, default=State.OPEN)
    closed_on = models.DateField(_("Closed on"), null=True, blank=True)
    corrective = models.TextField(_("Corrective action"), blank=True)

    class Meta(Record.Meta):
        verbose_name = _("Quality finding")
        verbose_name_plural = _("Quality findings")
        ordering = ["severity", "due_on", "code"]
        constraints = [unique_if_alive("project", "code", name="quality_finding_code")]

    def __str__(self) -> str:
        return self.title

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to do something."""
        return self.state in OPEN_STATES

    def clean(self) -> None:
        if not self.is_open and not self.closed_on:
            raise ValidationError({"closed_on": _("Say on which day it was closed or its risk accepted.")})
        if self.is_open and self.closed_on:
            raise ValidationError({"state": _("An open finding has no closing day.")})
        if not self.is_open and not self.corrective.strip():
            raise ValidationError({"corrective": _("Say what was done, or why the risk is accepted.")})
        if self.found_on and self.closed_on and self.closed_on < self.found_on:
            raise ValidationError({"closed_on": _("It was closed before it was found.")})
        if self.found_on and self.due_on and self.due_on < self.found_on:
            raise ValidationError({"due_on": _("It is due before it was found.")})


OPEN_STATES = (QualityFinding.State.OPEN, QualityFinding.State.DOING)

QualityFindingVersion = version_model(QualityFinding)
