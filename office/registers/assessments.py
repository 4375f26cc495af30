"""Self-assessments of the PMO's type."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from office.models import TypeAssessment
from office.registers.units import TYPE_TONES
from pmo.core.registers.declaration import Column, Register


def assessment_url(row: Any) -> str:
    """The page with scores and reasons."""
    return reverse("type-assessment", kwargs={"pk": row.pk})


ASSESSMENTS = Register(
    key="type-assessments",
    model=TypeAssessment,
    group="office",
    icon="clip",
    order=50,
    read_only=True,
    columns=[
        Column("code", primary=True, width="narrow"),
        Column("assessed_on"),
        Column("unit", link=True, sort="unit__path"),
        Column("type_before", kind="badge", tones=TYPE_TONES),
        Column("recommended", kind="badge", tones=TYPE_TONES),
        Column("score"),
        Column("lead"),
        Column("outcome", kind="badge", tones={"open": "warn", "applied": "good", "kept": "quiet"}),
        Column("assessor"),
        Column("decided_by"),
        Column("decided_on"),
        Column("reason", width="wide"),
    ],
    default_columns=[
        "code",
        "assessed_on",
        "unit",
        "type_before",
        "recommended",
        "score",
        "lead",
        "outcome",
        "assessor",
        "reason",
    ],
    default_sort=["-assessed_on"],
    group_by=["unit", "recommended", "outcome"],
    search_fields=["code", "reason"],
    state_field="outcome",
    empty=_("No self-assessment yet. Twelve statements on the page of a PMO say which type fits."),
)
