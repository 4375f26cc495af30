"""Deliverables and quality findings."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from pmo.core.registers.declaration import Column, Register
from projects.models import Deliverable, QualityFinding
from projects.registers.common import PROJECT
from projects.services import deliverables, quality

_PROJECT_SEARCH = ("project__code", "project__name_zh", "project__name_en")

DELIVERABLE_TONES = {
    "planned": "quiet",
    "doing": "info",
    "submitted": "warn",
    "accepted": "good",
    "rejected": "bad",
}
FINDING_TONES = {"open": "warn", "doing": "info", "closed": "good", "accepted": "quiet"}
SEVERITY_TONES = {"1_major": "bad", "2_minor": "warn", "3_observation": "quiet"}

DELIVERABLES = Register(
    key="deliverables",
    model=Deliverable,
    group="projects",
    icon="layers",
    order=32,
    columns=[
        Column("code", width="narrow"),
        PROJECT,
        Column("name", primary=True, width="wide"),
        Column("milestone", link=True),
        Column("owner"),
        Column("due_on"),
        Column("state", kind="badge", tones=DELIVERABLE_TONES),
        Column("submitted_on"),
        Column("accepted_on"),
        Column("accepted_by"),
        Column("open_defects", kind="number", sum=True),
        Column("criteria", width="wide"),
        Column("updated_at"),
    ],
    default_columns=[
        "code",
        "project",
        "name",
        "milestone",
        "owner",
        "due_on",
        "state",
        "accepted_on",
        "open_defects",
    ],
    default_sort=["due_on"],
    group_by=["project", "state", "owner", "milestone", "accepted_by"],
    search_fields=["code", "name", "criteria", *_PROJECT_SEARCH],
    form_fields=[
        "project",
        "code",
        "name",
        "milestone",
        "owner",
        "due_on",
        "criteria",
        "state",
        "open_defects",
    ],
    inline_fields=["name", "owner", "due_on", "state", "open_defects"],
    detail_fields=["criteria", "verdict_note"],
    state_field="state",
    create=deliverables.create_deliverable,
    update=deliverables.update_deliverable,
    empty=_("No deliverables yet. List what the project hands over, and by what it is accepted."),
)

FINDINGS = Register(
    key="quality-findings",
    model=QualityFinding,
    group="projects",
    icon="shield",
    order=52,
    columns=[
        Column("code", width="narrow"),
        PROJECT,
        Column("title", primary=True, width="wide"),
        Column("source"),
        Column("severity", kind="badge", tones=SEVERITY_TONES),
        Column("state", kind="badge", tones=FINDING_TONES),
        Column("found_on"),
        Column("due_on"),
        Column("owner"),
        Column("closed_on"),
        Column("corrective", width="wide"),
        Column("updated_at"),
    ],
    default_columns=[
        "code",
        "project",
        "title",
        "source",
        "severity",
        "state",
        "found_on",
        "due_on",
        "owner",
    ],
    default_sort=["severity", "due_on"],
    group_by=["project", "severity", "state", "source", "owner"],
    search_fields=["code", "title", "description", *_PROJECT_SEARCH],
    form_fields=[
        "project",
        "code",
        "title",
        "description",
        "source",
        "severity",
        "found_on",
        "due_on",
        "owner",
        "state",
        "closed_on",
        "corrective",
    ],
    inline_fields=["severity", "due_on", "owner"],
    detail_fields=["description", "corrective"],
    state_field="state",
    create=quality.create_finding,
    update=quality.update_finding,
    empty=_("No quality findings yet. Audits, reviews and tests leave theirs here."),
)
