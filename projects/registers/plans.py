"""Tasks of the published plans, and the versions of plans: read here, kept by import and in the plan itself."""

from __future__ import annotations

import datetime
from typing import Any

from django.db.models import Case, F, FloatField, Q, Value, When
from django.db.models.functions import TruncDate
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from pmo.core.access.api import scoped_q
from pmo.core.registers.declaration import Column, Register
from projects.access import EDIT_PLAN, MONEY
from projects.models import Project
from projects.models.plan import PlanTask, PlanVersion
from projects.registers.common import PROJECT

_SCOPE = ("project", "plan__project_id")
_MINUTES_OF_A_DAY = 1440.0
SOURCES = [
    ("mpp", "Microsoft Project"),
    ("mspdi", _("Microsoft Project (XML)")),
    ("mpx", "Microsoft Project (MPX)"),
    ("xer", "Primavera P6 (XER)"),
    ("pmxml", "Primavera P6 (XML)"),
    ("gan", "GanttProject"),
    ("json", "Project Online"),
    ("xlsx", "Excel (XLSX)"),
    ("csv", "CSV"),
    ("demo", _("Demo data")),
]
"""What `PlanVersion.source_format` says, in words."""
STATE_TONES = {"published": "good", "draft": "info", "superseded": "quiet"}


def _day(field: str, label: Any) -> Column:
    """The day of a wall clock time, which its column holds as if it were UTC."""
    return Column(f"{field}_on", label=label, kind="date", annotate=TruncDate(field, tzinfo=datetime.UTC))


def _days() -> Case:
    """The duration in working days of its plan; elapsed units in days of the calendar."""
    return Case(
        When(duration_unit__startswith="e", then=F("duration") / Value(_MINUTES_OF_A_DAY)),
        When(plan__minutes_per_day__gt=0, then=F("duration") / F("plan__minutes_per_day")),
        output_field=FloatField(),
    )


def _visible(user: Any) -> Any:
    """Tasks of published plans of living projects that the user sees."""
    rows = PlanTask.objects.filter(
        plan__state=PlanVersion.State.PUBLISHED, plan__deleted_at__isnull=True, plan__project__deleted_at__isnull=True
    )
    return rows.filter(scoped_q(user, "project", "projects.plantask.view", "plan__project_id"))


def _visible_versions(user: Any) -> Any:
    """Versions of plans that the user sees; drafts only where the user keeps the plan."""
    published = ~Q(state=PlanVersion.State.DRAFT)
    return PlanVersion.objects.visible_to(user).filter(published | scoped_q(user, "project", EDIT_PLAN, "project_id"))


def _money(field: str) -> Column:
    """Plans name their own currency; costs are for few."""
    return Column(field, permission=MONEY, scope=_SCOPE, currency="plan__currency")


TASKS = Register(
    key="tasks",
    model=PlanTask,
    label=_("Plan tasks"),
    group="projects",
    icon="list",
    order=32,
    read_only=True,
    code_field="wbs",
    columns=[
        Column("project", label=_("Project"), kind="fk", model=Project, annotate=F("plan__project_id"), link=True),
        Column("position", filterable=False),
        Column("wbs", width="narrow"),
        Column("name", primary=True, width="wide"),
        Column("level"),
        Column("summary"),
        Column("milestone"),
        _day("starts_at", _("Start")),
        _day("finishes_at", _("Finish")),
        _day("deadline", _("Deadline")),
        Column(
            "days",
            label=_("Duration, days"),
            kind="number",
            places=1,
            annotate=_days(),
            align="right",
            how=_("Working minutes of the task by the working day of its plan; elapsed durations in calendar days."),
        ),
        Column("percent_complete", kind="percent", places=0),
        Column("critical"),
        Column("responsible", link=True),
        _money("cost"),
        _money("actual_cost"),
        _money("remaining_cost"),
    ],
    default_columns=[
        "project",
        "wbs",
        "name",
        "level",
        "starts_at_on",
        "finishes_at_on",
        "days",
        "percent_complete",
        "critical",
        "responsible",
    ],
    default_sort=["project", "position"],
    group_by=["project", "responsible"],
    search_fields=["name", "wbs", "code"],
    visible=_visible,
    empty=_("No published plan yet. Import a plan file in a project, or publish a draft of its plan."),
    description=_("The tasks of all published plans. They are edited in the plan of their project."),
)

PLAN_VERSIONS = Register(
    key="plan-versions",
    model=PlanVersion,
    group="projects",
    icon="list",
    order=33,
    read_only=True,
    code_field="",
    columns=[
        PROJECT,
        Column("number", primary=True),
        Column("state", tones=STATE_TONES),
        Column("title", width="wide"),
        _day("starts_at", _("Start")),
        _day("finishes_at", _("Finish")),
        Column("source_format", label=pgettext_lazy("plan", "Came from"), kind="choice", choices=SOURCES),
        Column("published_at", label=_("Published at")),
        Column("published_by"),
        Column("created_at"),
        Column("updated_at"),
    ],
    default_columns=[
        "project",
        "number",
        "state",
        "title",
        "starts_at_on",
        "finishes_at_on",
        "source_format",
        "published_at",
    ],
    default_sort=["project", "-number"],
    group_by=["project", "state"],
    search_fields=["title", "project__code", "project__name_zh", "project__name_en"],
    visible=_visible_versions,
    empty=_("No plans yet. Import a plan file in a project, or start a draft of its plan."),
)
