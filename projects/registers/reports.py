"""Status reports and their ratings by dimension."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from pmo.core.calendars.queries import org_today
from pmo.core.registers.declaration import Column, FieldGroup, Register
from projects.access import MONEY
from projects.models import ReportRating, StatusReport
from projects.queries.report_periods import on_time_expression
from projects.registers.common import PROJECT
from projects.services import reports


def report_url(row: Any) -> str:
    """The report's own page."""
    return reverse("report-page", kwargs={"pk": row.pk})


def new_url() -> str:
    """The report's own form, which asks for the project first."""
    return reverse("report-new")


REPORTS = Register(
    key="status-reports",
    model=StatusReport,
    group="projects",
    icon="file",
    order=20,
    columns=[
        Column("code", primary=True, width="narrow"),
        PROJECT,
        Column("period_end"),
        Column("declared", kind="rag"),
        Column("reviewed", kind="rag"),
        Column(
            "state",
            kind="badge",
            tones={"draft": "quiet", "submitted": "info", "returned": "warn", "published": "good"},
        ),
        Column(
            "on_time",
            label=_("On time"),
            kind="bool",
            annotate=lambda user: on_time_expression(org_today()),
            how=_("Handed in for the first time on the due date or before. Empty while it may still come in time."),
        ),
        Column("due_on"),
        Column("original_word"),
        Column("rater"),
        Column("summary", width="wide"),
        Column("author"),
        Column("reviewer"),
        Column("submitted_on"),
        Column("published_on"),
        Column("source"),
        Column("forecast_finish"),
        Column("forecast_cost", permission=MONEY, currency="project__currency"),
        Column("period_start"),
    ],
    default_columns=[
        "code",
        "project",
        "period_end",
        "declared",
        "reviewed",
        "state",
        "on_time",
        "summary",
        "author",
        "published_on",
    ],
    default_sort=["-period_end", "project"],
    group_by=["project", "state", "declared", "reviewed", "author", "period_end", "original_word"],
    search_fields=["code", "summary", "comment", "project__code", "project__name_zh", "project__name_en"],
    form_fields=[
        "project",
        "period_start",
        "period_end",
        "declared",
        "comment",
        "summary",
        "achievements",
        "next_period",
        "help_needed",
        "forecast_finish",
        "forecast_cost",
    ],
    field_groups=[
        FieldGroup(_("Period"), ("project", "period_start", "period_end")),
        FieldGroup(_("Colour"), ("declared", "comment")),
        FieldGroup(_("Text"), ("summary", "achievements", "next_period", "help_needed")),
        FieldGroup(_("Forecast"), ("forecast_finish", "forecast_cost")),
    ],
    state_field="state",
    create=reports.create_report,
    update=reports.update_report,
    delete=reports.delete_report,
    detail_url=report_url,
    create_url=new_url,
    empty=_("No status reports yet. The project manager writes one every reporting cycle."),
)

RATINGS = Register(
    key="report-ratings",
    model=ReportRating,
    read_only=True,
    columns=[
        PROJECT,
        Column("report", link=True),
        Column("dimension", primary=True),
        Column("declared", kind="rag"),
        Column("reviewed", kind="rag"),
        Column("comment", width="wide"),
    ],
    default_sort=["-report", "dimension"],
    group_by=["project", "dimension", "declared"],
    select_related=["report__project"],
)
