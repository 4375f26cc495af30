"""Status reports: what the project manager declares and what the PMO makes of it."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from pmo.core.history.models import version_model
from pmo.core.people.models import Person
from pmo.core.records.models import Record, unique_if_alive
from projects.models.choices import Band, Dimension
from projects.models.project import Project


class StatusReport(Record):
    """A report for a period. Once published it is frozen: only a new one says something else."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        SUBMITTED = "submitted", _("Submitted")
        RETURNED = "returned", _("Returned")
        PUBLISHED = "published", _("Published")

    class Source(models.TextChoices):
        FORM = "form", _("Written here")
        IMPORT = "import", pgettext_lazy("source", "Imported")

    access_scope = ("project", "project_id")
    audit_project = "project_id"
    code_pattern = "SR-{:05d}"

    project = models.ForeignKey(Project, verbose_name=_("Project"), on_delete=models.CASCADE, related_name="reports")
    code = models.CharField(_("Code"), max_length=60, blank=True)
    period_start = models.DateField(_("Period from"))
    period_end = models.DateField(_("Period to"))
    state = models.CharField(_("Status"), max_length=10, choices=State, default=State.DRAFT, editable=False)
    source = models.CharField(_("Source"), max_length=8, choices=Source, default=Source.FORM, editable=False)
    declared = models.CharField(_("Declared"), max_length=5, choices=Band, default=Band.GREY)
    reviewed = models.CharField(_("Reviewed"), max_length=5, choices=Band, default=Band.GREY)
    original_word = models.CharField(_("Original rating"), max_length=60, blank=True)
    rater = models.CharField(_("Rater"), max_length=120, blank=True)
    comment = models.TextField(_("Comment"), blank=True)
    summary = models.TextField(_("Executive summary"), max_length=500, blank=True)
    achievements = models.TextField(_("Achievements"), blank=True)
    next_period = models.TextField(_("Next period"), blank=True)
    help_needed = models.TextField(_("Help needed from the PMO"), blank=True)
    forecast_finish = models.DateField(_("Forecast finish"), null=True, blank=True)
    forecast_cost = models.DecimalField(
        _("Estimate at completion"),
        max_digits=18,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
    )
    author = models.ForeignKey(
        Person,
        verbose_name=_("Author"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="reports_written",
        editable=False,
    )
    due_on = models.DateField(_("Report due on"), null=True, blank=True, editable=False)
    first_submitted_on = models.DateField(_("First submitted on"), null=True, blank=True, editable=False)
    submitted_on = models.DateField(_("Submitted on"), null=True, blank=True, editable=False)
    published_on = models.DateField(_("Published on"), null=True, blank=True, editable=False)
    reviewer = models.ForeignKey(
        Person,
        verbose_name=_("Reviewer"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="reports_reviewed",
        editable=False,
    )
    review_comment = models.TextField(_("Review comment"), blank=True)
    # The published report of the same period that this one stands in for.
    replaces = models.ForeignKey(
        "self",
        verbose_name=_("Replaces"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="replacements",
        editable=False,
    )
    # Decisions typed into the draft: {title, decider (person id or None), needed_by (ISO), delay_cost}; rows once submitted.
    asks = models.JSONField(_("Decisions needed"), default=list, blank=True, editable=False)

    class Meta(Record.Meta):
        verbose_name = _("Status report")
        verbose_name_plural = _("Status reports")
        ordering = ["-period_end", "project"]
        constraints = [unique_if_alive("project", "code", name="status_report_code")]
        indexes = [models.Index(fields=["project", "period_end"], name="report_project")]

    def __str__(self) -> str:
        return f"{self.project} {self.period_end}"

    def clean(self) -> None:
        if self.period_start and self.period_end and self.period_end < self.period_start:
            raise ValidationError({"period_end": _("The period ends before it starts.")})


class ReportRating(Record):
    """One dimension of a report: declared and reviewed colour, and the comment."""

    access_scope = ("project", "project_id")
    audit_project = "project_id"

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="+", editable=False)
    report = models.ForeignKey(
        StatusReport, verbose_name=_("Status report"), on_delete=models.CASCADE, related_name="ratings"
    )
    dimension = models.CharField(_("Dimension"), max_length=12, choices=Dimension)
    declared = models.CharField(_("Declared"), max_length=5, choices=Band, default=Band.GREY)
    reviewed = models.CharField(_("Reviewed"), max_length=5, choices=Band, default=Band.GREY)
    comment = models.TextField(_("Comment"), blank=True)

    class Meta(Record.Meta):
        verbose_name = _("Rating of a dimension")
        verbose_name_plural = _("Ratings by dimension")
        ordering = ["report", "id"]
        constraints = [unique_if_alive("report", "dimension", name="report_rating_once")]

    def __str__(self) -> str:
        return f"{self.get_dimension_display()}"


class SnapshotQuerySet(models.QuerySet[Any]):
    """What was published is never changed: rows are added, read, and go only with their report."""

    def update(self, **values: Any) -> int:
        """Refused."""
        raise FrozenError

    def delete(self) -> tuple[int, dict[str, int]]:
        """Refused."""
        raise FrozenError


class FrozenError(RuntimeError):
    """Somebody tried to change what was published."""

    def __init__(self) -> None:
        super().__init__("a published report's snapshot cannot be changed")


class ReportSnapshot(models.Model):
    """Everything a published report shows, in both languages, as canonical JSON with its SHA-256. Written once."""

    access_scope = ("project", "project_id")

    project = models.ForeignKey(Project, verbose_name=_("Project"), on_delete=models.CASCADE, related_name="+")
    report = models.OneToOneField(
        StatusReport, verbose_name=_("Status report"), on_delete=models.CASCADE, related_name="snapshot"
    )
    content = models.TextField(_("Content"))
    sha256 = models.CharField(_("Check sum"), max_length=64)
    taken_at = models.DateTimeField(_("Frozen at"), auto_now_add=True)

    objects = SnapshotQuerySet.as_manager()

    class Meta:
        verbose_name = _("Frozen report")
        verbose_name_plural = _("Frozen reports")
        default_permissions = ()
        ordering = ["report"]

    def __str__(self) -> str:
        return f"{self.report_id} {self.sha256[:12]}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Only a new row is saved."""
        if not self._state.adding:
            raise FrozenError
        super().save(*args, **kwargs)


StatusReportVersion = version_model(StatusReport)
ReportRatingVersion = version_model(ReportRating)
