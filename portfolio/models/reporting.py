"""The reporting cycle: due rules, the periods each project owes, reminders, delegation, and reports that roll up."""

from __future__ import annotations

import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from pmo.core.history.models import version_model
from pmo.core.people.models import OrgUnit, Person
from pmo.core.records.models import Record, unique_if_alive
from portfolio.calc.reporting_calendar import (
    DEFAULT_ANCHOR,
    DEFAULT_REMINDERS,
    MOST_WORKING_DAYS,
    DueRule,
    reminders_of,
)
from portfolio.models.structure import Cycle, Portfolio, Programme
from projects.models import Project
from projects.models.choices import Band


class Weekday(models.IntegerChoices):
    MONDAY = 1, _("Monday")
    TUESDAY = 2, _("Tuesday")
    WEDNESDAY = 3, _("Wednesday")
    THURSDAY = 4, _("Thursday")
    FRIDAY = 5, _("Friday")
    SATURDAY = 6, _("Saturday")
    SUNDAY = 7, _("Sunday")


def default_reminders() -> str:
    """The reminders of a new rule as text."""
    return ", ".join(map(str, DEFAULT_REMINDERS))


class ReportingRule(Record):
    """When the reports of a cycle are due, and when who owes one is reminded; of one portfolio, or of all without their own."""

    cycle = models.CharField(_("Reporting cycle"), max_length=12, choices=Cycle)
    portfolio = models.ForeignKey(
        Portfolio,
        verbose_name=_("Portfolio"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="reporting_rules",
        help_text=_("Empty: every portfolio of this cycle without a rule of its own."),
    )
    due_after = models.PositiveSmallIntegerField(
        _("Due after, working days"),
        default=1,
        validators=[MaxValueValidator(MOST_WORKING_DAYS)],
        help_text=_("Working days after the end of the period; 0 is the end itself, or the next working day."),
    )
    last_weekday = models.PositiveSmallIntegerField(
        _("Period ends on"),
        choices=Weekday,
        default=Weekday.SUNDAY,
        help_text=_("Of weeks and fortnights; a month ends on its last day."),
    )
    anchor = models.DateField(
        _("Fortnights counted from"),
        default=DEFAULT_ANCHOR,
        help_text=_("Any day of the first week of a fortnight."),
    )
    reminders = models.CharField(
        _("Reminders, working days"),
        max_length=60,
        blank=True,
        default=default_reminders,
        help_text=_("Before (negative) and after the due date, such as -2, 0, 1, 3. Empty: none."),
    )
    escalate = models.BooleanField(
        _("Tell the PMO"),
        default=True,
        help_text=_("On the working day after the last reminder, if the report is still missing."),
    )

    class Meta(Record.Meta):
        verbose_name = _("Reporting rule")
        verbose_name_plural = _("Reporting rules")
        ordering = ["cycle", "portfolio"]
        constraints = [
            unique_if_alive("cycle", "portfolio", name="reporting_rule_portfolio"),
            models.UniqueConstraint(
                fields=["cycle"],
                condition=models.Q(portfolio__isnull=True, deleted_at__isnull=True),
                name="reporting_rule_cycle",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_cycle_display()} {self.portfolio or ''}".strip()

    def clean(self) -> None:
        try:
            offsets = reminders_of(self.reminders)
        except ValueError:
            raise ValidationError(
                {"reminders": _("Expected whole numbers with commas between them, such as -2, 0, 1, 3.")}
            ) from None
        if len(set(offsets)) != len(offsets) or any(abs(offset) > MOST_WORKING_DAYS for offset in offsets):
            raise ValidationError(
                {
                    "reminders": _("Expected different numbers from %(low)d to %(high)d.")
                    % {"low": -MOST_WORKING_DAYS, "high": MOST_WORKING_DAYS}
                }
            )


class ReportPeriod(models.Model):
    """A report a project owes: its period, due date, and who was to write it then. The nightly run makes one when a period ends.

    Portfolio, project manager and unit are those of the last day of the period, so a later change moves no past figure.
    """

    access_scope = ("project", "project_id")

    project = models.ForeignKey(
        Project, verbose_name=_("Project"), on_delete=models.CASCADE, related_name="report_periods"
    )
    portfolio = models.ForeignKey(
        Portfolio, verbose_name=_("Portfolio"), on_delete=models.PROTECT, related_name="report_periods"
    )
    owner = models.ForeignKey(
        Person, verbose_name=_("Project manager"), null=True, on_delete=models.PROTECT, related_name="report_periods"
    )
    unit = models.ForeignKey(
        OrgUnit, verbose_name=_("Business unit"), null=True, on_delete=models.PROTECT, related_name="report_periods"
    )
    cycle = models.CharField(_("Reporting cycle"), max_length=12, choices=Cycle)
    period_start = models.DateField(_("Period from"))
    period_end = models.DateField(_("Period to"))
    due_on = models.DateField(_("Due on"))
    # The first day a report of the period was handed in, kept by the nightly run: a return does not make it late.
    handed_in_on = models.DateField(_("Handed in on"), null=True)

    class Meta:
        verbose_name = _("Report due")
        verbose_name_plural = _("Reports due")
        default_permissions = ()
        ordering = ["-period_end", "project"]
        constraints = [models.UniqueConstraint(fields=["project", "period_end"], name="report_period_once")]
        indexes = [
            models.Index(fields=["due_on"], name="report_period_due"),
            models.Index(fields=["period_end"], name="report_period_end"),
        ]

    def __str__(self) -> str:
        return f"{self.project} {self.period_end}"


class ReportReminder(models.Model):
    """A reminder that went out: once for each period and offset, once a day by hand, once as a note to the PMO."""

    class Kind(models.TextChoices):
        PLANNED = "planned", _("By the rule")
        MANUAL = "manual", _("By hand")
        ESCALATION = "escalation", _("To the PMO")

    access_scope = ("project", "project_id")

    project = models.ForeignKey(
        Project, verbose_name=_("Project"), on_delete=models.CASCADE, related_name="report_reminders"
    )
    period_end = models.DateField(_("Period to"))
    due_on = models.DateField(_("Due on"))
    kind = models.CharField(_("Kind"), max_length=10, choices=Kind)
    # Working days from the due date for a planned one, calendar days from it for others.
    offset = models.SmallIntegerField(_("Days from the due date"))
    person = models.ForeignKey(
        Person, verbose_name=_("Sent to"), null=True, on_delete=models.PROTECT, related_name="report_reminders"
    )
    sent_on = models.DateField(_("Sent on"))

    class Meta:
        verbose_name = _("Reminder of a report")
        verbose_name_plural = _("Reminders of reports")
        default_permissions = ()
        ordering = ["-sent_on", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["project", "period_end", "kind", "offset"], name="report_reminder_once")
        ]

    def __str__(self) -> str:
        return f"{self.project_id} {self.period_end} {self.kind} {self.offset}"


class ReportDelegation(Record):
    """Somebody writes and submits the reports of a project manager who is away."""

    access_scope = ("report-delegation", "id")
    code_pattern = "DLG-{:04d}"

    code = models.CharField(_("Code"), max_length=40, blank=True)
    from_person = models.ForeignKey(
        Person,
        verbose_name=_("Project manager"),
        on_delete=models.PROTECT,
        related_name="reports_handed_over",
    )
    to_person = models.ForeignKey(
        Person, verbose_name=_("Delegate"), on_delete=models.PROTECT, related_name="reports_taken_over"
    )
    project = models.ForeignKey(
        Project,
        verbose_name=_("Project"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="report_delegations",
        help_text=_("Empty: all projects of the project manager."),
    )
    starts_on = models.DateField(_("From"))
    ends_on = models.DateField(_("Until"))
    reason = models.CharField(_("Reason"), max_length=300)

    class Meta(Record.Meta):
        verbose_name = _("Delegation of reports")
        verbose_name_plural = _("Delegations of reports")
        ordering = ["-starts_on", "from_person"]
        constraints = [unique_if_alive("code", name="report_delegation_code")]
        indexes = [models.Index(fields=["to_person", "ends_on"], name="report_delegation_to")]

    def __str__(self) -> str:
        return f"{self.from_person} → {self.to_person}"

    def active_on(self, day: datetime.date) -> bool:
        """Whether the delegate may act on the day."""
        return self.deleted_at is None and self.starts_on <= day <= self.ends_on

    def clean(self) -> None:
        if self.starts_on and self.ends_on and self.ends_on < self.starts_on:
            raise ValidationError({"ends_on": _("The delegation ends before it starts.")})
        if self.from_person_id is not None and self.from_person_id == self.to_person_id:
            raise ValidationError({"to_person": _("Choose somebody other than the project manager.")})
        if self.from_person_id is None or self.project is None:
            return
        if self.project.pm_id != self.from_person_id:
            raise ValidationError({"project": _("This project has another project manager.")})


class RollupReport(Record):
    """The report of a programme or a portfolio for a period, made of the published reports of its projects.

    Once published it is frozen: `content` is canonical JSON, `digest` its SHA-256, and the page is drawn from it.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        PUBLISHED = "published", _("Published")

    access_scope = ("rollup-report", "id")
    code_pattern = "RR-{:04d}"

    code = models.CharField(_("Code"), max_length=40, blank=True)
    portfolio = models.ForeignKey(
        Portfolio, verbose_name=_("Portfolio"), on_delete=models.PROTECT, related_name="rollup_reports"
    )
    programme = models.ForeignKey(
        Programme,
        verbose_name=_("Programme"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="rollup_reports",
        help_text=_("Empty: the whole portfolio."),
    )
    period_start = models.DateField(_("Period from"))
    period_end = models.DateField(_("Period to"))
    summary = models.TextField(_("Executive summary"), max_length=1000, blank=True)
    next_period = models.TextField(_("Next period"), blank=True)
    state = models.CharField(_("Status"), max_length=10, choices=State, default=State.DRAFT, editable=False)
    band = models.CharField(_("Colour"), max_length=5, choices=Band, default=Band.GREY, editable=False)
    reds = models.PositiveIntegerField(_("Reds"), default=0, editable=False)
    missing = models.PositiveIntegerField(_("Missing reports"), default=0, editable=False)
    author = models.ForeignKey(
        Person,
        verbose_name=_("Author"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="rollup_reports",
        editable=False,
    )
    published_on = models.DateField(_("Published on"), null=True, blank=True, editable=False)
    content = models.TextField(_("Frozen content"), blank=True, default="", editable=False)
    digest = models.CharField(_("Fingerprint"), max_length=64, blank=True, default="", editable=False)

    class Meta(Record.Meta):
        verbose_name = _("Roll-up report")
        verbose_name_plural = _("Roll-up reports")
        ordering = ["-period_end", "portfolio"]
        constraints = [unique_if_alive("code", name="rollup_report_code")]
        indexes = [models.Index(fields=["portfolio", "period_end"], name="rollup_report_period")]

    def __str__(self) -> str:
        return f"{self.programme or self.portfolio} {self.period_end}"

    def clean(self) -> None:
        if self.period_start and self.period_end and self.period_end < self.period_start:
            raise ValidationError({"period_end": _("The period ends before it starts.")})
        if self.programme is None or self.portfolio_id is None:
            return
        if self.programme.portfolio_id != self.portfolio_id:
            raise ValidationError({"programme": _("This programme belongs to another portfolio.")})


ReportingRuleVersion = version_model(ReportingRule)
ReportDelegationVersion = version_model(ReportDelegation)


def rule_of(row: Any) -> DueRule:
    """The rule of a row, or of a version row of a past day."""
    return DueRule(
        cycle=row.cycle,
        due_after=row.due_after,
        last_weekday=row.last_weekday,
        anchor=row.anchor,
        reminders=reminders_of(row.reminders),
        escalate=row.escalate,
    )
