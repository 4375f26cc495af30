"""Issues, decisions and actions."""

from __future__ import annotations

from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from pmo.core.history.models import version_model
from pmo.core.people.models import Person
from pmo.core.records.models import Record, unique_if_alive
from projects.models.project import Project


class Severity(models.TextChoices):
    CRITICAL = "1_critical", pgettext_lazy("severity", "Critical")
    MAJOR = "2_major", pgettext_lazy("severity", "Major")
    MINOR = "3_minor", pgettext_lazy("severity", "Minor")


class WorkState(models.TextChoices):
    OPEN = "open", pgettext_lazy("state", "Open")
    DOING = "doing", pgettext_lazy("state", "In progress")
    DONE = "done", pgettext_lazy("state", "Done")
    CANCELLED = "cancelled", pgettext_lazy("state", "Cancelled")


class Issue(Record):
    """Something that has happened and hurts."""

    access_scope = ("project", "project_id")
    audit_project = "project_id"
    code_pattern = "ISS-{:04d}"

    project = models.ForeignKey(Project, verbose_name=_("Project"), on_delete=models.CASCADE, related_name="issues")
    code = models.CharField(_("Code"), max_length=60, blank=True)
    title = models.CharField(_("Issue"), max_length=300)
    description = models.TextField(_("Description"), blank=True)
    severity = models.CharField(_("Severity"), max_length=12, choices=Severity, default=Severity.MAJOR)
    state = models.CharField(_("Status"), max_length=10, choices=WorkState, default=WorkState.OPEN)
    owner = models.ForeignKey(
        Person, verbose_name=_("Owner"), null=True, blank=True, on_delete=models.PROTECT, related_name="issues"
    )
    raised_on = models.DateField(_("Raised on"), null=True, blank=True)
    due_on = models.DateField(_("Due"), null=True, blank=True)
    closed_on = models.DateField(_("Closed on"), null=True, blank=True)
    escalated = models.BooleanField(_("Escalated to the PMO"), default=False)
    resolution = models.TextField(_("Resolution"), blank=True)

    class Meta(Record.Meta):
        verbose_name = _("Issue")
        verbose_name_plural = _("Issues")
        ordering = ["severity", "due_on", "code"]
        constraints = [unique_if_alive("project", "code", name="issue_code")]

    def __str__(self) -> str:
        return self.title


class Decision(Record):
    """A decision somebody has to take, or took."""

    class State(models.TextChoices):
        OPEN = "open", _("Pending decision")
        DECIDED = "decided", _("Decided")
        DEFERRED = "deferred", _("Deferred")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    access_scope = ("project", "project_id")
    audit_project = "project_id"
    code_pattern = "DEC-{:04d}"

    project = models.ForeignKey(Project, verbose_name=_("Project"), on_delete=models.CASCADE, related_name="decisions")
    code = models.CharField(_("Code"), max_length=60, blank=True)
    title = models.CharField(_("Decision needed"), max_length=300)
    context = models.TextField(_("Options and background"), blank=True)
    decider = models.ForeignKey(
        Person,
        verbose_name=_("Decision maker"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="decisions",
    )
    needed_by = models.DateField(_("Needed by"), null=True, blank=True)
    delay_cost = models.DecimalField(
        _("Cost of delay per week"),
        max_digits=18,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
    )
    currency = models.CharField(_("Currency"), max_length=3, default="CNY")
    state = models.CharField(_("Status"), max_length=10, choices=State, default=State.OPEN)
    outcome = models.TextField(_("Outcome and reason"), blank=True)
    decided_on = models.DateField(_("Decided on"), null=True, blank=True)

    class Meta(Record.Meta):
        verbose_name = _("Decision")
        verbose_name_plural = _("Decisions")
        ordering = ["needed_by", "code"]
        constraints = [unique_if_alive("project", "code", name="decision_code")]

    def __str__(self) -> str:
        return self.title


class Action(Record):
    """Something somebody promised to do."""

    access_scope = ("project", "project_id")
    audit_project = "project_id"
    code_pattern = "ACN-{:04d}"

    project = models.ForeignKey(Project, verbose_name=_("Project"), on_delete=models.CASCADE, related_name="actions")
    code = models.CharField(_("Code"), max_length=60, blank=True)
    title = models.CharField(_("Action"), max_length=300)
    owner = models.ForeignKey(
        Person, verbose_name=_("Owner"), null=True, blank=True, on_delete=models.PROTECT, related_name="actions"
    )
    due_on = models.DateField(_("Due"), null=True, blank=True)
    state = models.CharField(_("Status"), max_length=10, choices=WorkState, default=WorkState.OPEN)
    done_on = models.DateField(_("Done on"), null=True, blank=True)
    note = models.TextField(_("Note"), blank=True)

    class Meta(Record.Meta):
        verbose_name = _("Action")
        verbose_name_plural = _("Actions")
        ordering = ["due_on", "code"]
        constraints = [unique_if_alive("project", "code", name="action_code")]

    def __str__(self) -> str:
        return self.title


IssueVersion = version_model(Issue)
DecisionVersion = version_model(Decision)
ActionVersion = version_model(Action)
