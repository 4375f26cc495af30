"""Status reports: what the project manager declares and what the PMO makes of it."""

from __future__ import annotations

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


StatusReportVersion = version_model(StatusReport)
ReportRatingVersion = version_model(ReportRating)
