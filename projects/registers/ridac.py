"""Issues, decisions, actions."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from pmo.core.registers.declaration import Column, Register
from projects.models import Action, Decision, Issue
from projects.registers.common import PROJECT, STATE_TONES
from projects.services.ridac import create_decision, create_owned, update_decision, update_owned

_SEARCH = ("code", "title", "project__code", "project__name_zh", "project__name_en")

ISSUES = Register(
    key="issues",
    model=Issue,
    group="projects",
    icon="alert",
    order=50,
    columns=[
        Column("code", width="narrow"),
        PROJECT,
        Column("title", primary=True, width="wide"),
        Column("severity", kind="badge", tones={"1_critical": "bad", "2_major": "warn", "3_minor": "quiet"}),
        Column("state", kind="badge", tones=STATE_TONES),
        Column("owner"),
        Column("raised_on"),
        Column("due_on"),
        Column("closed_on"),
        Column("escalated"),
        Column("updated_at"),
    ],
    default_columns=["code", "project", "title", "severity", "state", "owner", "due_on", "escalated"],
    default_sort=["severity", "due_on"],
    group_by=["project", "severity", "state", "owner"],
    search_fields=[*_SEARCH, "description"],
    form_fields=[
        "project",
        "code",
        "title",
        "description",
        "severity",
        "state",
        "owner",
        "raised_on",
        "due_on",
        "closed_on",
        "escalated",
        "resolution",
    ],
    inline_fields=["severity", "state", "owner", "due_on", "escalated"],
    create=create_owned,
    update=update_owned,
    detail_fields=["description", "resolution"],
    state_field="state",
    empty=_("No issues. An issue is something that has happened and hurts."),
)

DECISIONS = Register(
    key="decisions",
    model=Decision,
    group="home",
    icon="scale",
    order=40,
    columns=[
        Column("code", width="narrow"),
        PROJECT,
        Column("title", primary=True, width="wide"),
        Column("decider"),
        Column("needed_by"),
        Column("delay_cost", sum=True),
        Column("currency"),
        Column(
            "state", kind="badge", tones={"open": "warn", "decided": "good", "deferred": "info", "withdrawn": "quiet"}
        ),
        Column("decided_on"),
        Column("updated_at"),
    ],
    default_columns=["code", "project", "title", "decider", "needed_by", "delay_cost", "state"],
    default_sort=["needed_by"],
    group_by=["project", "state", "decider"],
    search_fields=[*_SEARCH, "context"],
    form_fields=[
        "project",
        "code",
        "title",
        "context",
        "decider",
        "needed_by",
        "delay_cost",
        "currency",
        "state",
        "outcome",
        "decided_on",
    ],
    inline_fields=["decider", "needed_by", "state", "decided_on"],
    create=create_decision,
    update=update_decision,
    detail_fields=["context", "outcome"],
    state_field="state",
    empty=_("No decisions needed. Decisions asked for in status reports appear here."),
)

ACTIONS = Register(
    key="actions",
    model=Action,
    group="projects",
    icon="check",
    order=60,
    columns=[
        Column("code", width="narrow"),
        PROJECT,
        Column("title", primary=True, width="wide"),
        Column("owner"),
        Column("due_on"),
        Column("state", kind="badge", tones=STATE_TONES),
        Column("done_on"),
        Column("updated_at"),
    ],
    default_columns=["code", "project", "title", "owner", "due_on", "state"],
    default_sort=["due_on"],
    group_by=["project", "state", "owner"],
    search_fields=_SEARCH,
    form_fields=["project", "code", "title", "owner", "due_on", "state", "done_on", "note"],
    inline_fields=["title", "owner", "due_on", "state", "done_on"],
    create=create_owned,
    update=update_owned,
    detail_fields=["note"],
    state_field="state",
    empty=_("No actions. An action is something somebody promised to do by a date."),
)
