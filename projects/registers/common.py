"""Pieces that several registers share."""

from __future__ import annotations

from typing import Any

from django.db.models import DateField, DurationField, ExpressionWrapper, F
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from pmo.core.registers.declaration import Column

PROJECT = Column("project", link=True, sort="project__code")

STATE_TONES = {"open": "warn", "doing": "info", "done": "good", "cancelled": "quiet"}


def expected_date() -> Coalesce:
    """The actual date, or the forecast while there is none."""
    return Coalesce("actual_date", "forecast_date", output_field=DateField())


def slip() -> ExpressionWrapper:
    """Expected date minus baseline, as a duration of calendar days; null without both."""
    return ExpressionWrapper(expected_date() - F("baseline_date"), output_field=DurationField())


def days_text(value: Any, row: Any, lang: str) -> str:
    """A duration as signed calendar days."""
    from pmo.core.web.formats import format_number

    return format_number(value.days if value is not None else None, 0, lang, sign=True)


SLIP = Column(
    "slip",
    label=_("Slip, calendar days"),
    kind="days",
    annotate=slip(),
    format=days_text,
    align="right",
    filterable=False,
    how=_(
        "Actual date, or the forecast while there is none, minus the baseline date. Health counts the same slip in working days."
    ),
)
