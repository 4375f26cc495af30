"""Objectives of projects and the criteria of their success."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from pmo.core.registers.declaration import Column, FieldGroup, Register
from projects.models import ProjectObjective, SuccessCriterion
from projects.registers.common import PROJECT
from projects.services import quality

_SEARCH = ("code", "name", "measure", "project__code", "project__name_zh", "project__name_en")
_VERDICTS = {"1_met": "good", "2_partly": "warn", "3_missed": "bad", "4_none": "quiet"}

OBJECTIVES = Register(
    key="project-objectives",
    model=ProjectObjective,
    group="projects",
    icon="target",
    order=56,
    columns=[
        Column("code", width="narrow"),
        PROJECT,
        Column("name", primary=True, width="wide"),
        Column("measure"),
        Column("unit"),
        Column("baseline", kind="number"),
        Column("target", kind="number"),
        Column("actual", kind="number"),
        Column("due_on"),
        Column("state", kind="badge", tones={"open": "info", "reached": "good", "missed": "bad", "dropped": "quiet"}),
        Column("owner"),
        Column("updated_at"),
    ],
    default_columns=[
        "code",
        "project",
        "name",
        "measure",
        "unit",
        "baseline",
        "target",
        "actual",
        "due_on",
        "state",
    ],
    default_sort=["due_on"],
    group_by=["project", "state", "owner"],
    search_fields=_SEARCH,
    form_fields=[
        "project",
        "code",
        "name",
        "measure",
        "unit",
        "baseline",
        "target",
        "actual",
        "due_on",
        "state",
        "owner",
    ],
    inline_fields=["actual", "due_on", "state", "owner"],
    state_field="state",
    empty=_("No objectives yet. Say what is measured, where it stands and where it shall stand on which day."),
)

CRITERIA = Register(
    key="success-criteria",
    model=SuccessCriterion,
    group="projects",
    icon="check",
    order=57,
    columns=[
        Column("code", width="narrow"),
        PROJECT,
        Column("name", primary=True, width="wide"),
        Column("measure"),
        Column("target"),
        Column("due_on"),
        Column("close_verdict", kind="badge", tones=_VERDICTS),
        Column("close_judged_on"),
        Column("review_verdict", kind="badge", tones=_VERDICTS),
        Column("review_judged_on"),
        Column("updated_at"),
    ],
    default_columns=[
        "code",
        "project",
        "name",
        "measure",
        "target",
        "due_on",
        "close_verdict",
        "review_verdict",
    ],
    default_sort=["due_on"],
    group_by=["project", "close_verdict", "review_verdict"],
    search_fields=_SEARCH,
    form_fields=[
        "project",
        "code",
        "name",
        "measure",
        "target",
        "due_on",
        "close_verdict",
        "close_judged_on",
        "close_evidence",
        "review_verdict",
        "review_judged_on",
        "review_evidence",
    ],
    field_groups=[
        FieldGroup(_("Criterion"), ("project", "code", "name", "measure", "target", "due_on")),
        FieldGroup(_("At close"), ("close_verdict", "close_judged_on", "close_evidence")),
        FieldGroup(_("At the benefits review"), ("review_verdict", "review_judged_on", "review_evidence")),
    ],
    inline_fields=["target", "due_on"],
    detail_fields=["close_evidence", "review_evidence"],
    create=quality.create_criterion,
    update=quality.update_criterion,
    empty=_("No success criteria yet. Say by what the project is judged when it closes, and again when benefits come."),
)
