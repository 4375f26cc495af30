"""The project registry itself."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from pmo.core.registers.declaration import Column, FieldGroup, Link, Register
from projects.access import MONEY
from projects.features import imports_somewhere
from projects.models import Project

PROJECTS = Register(
    key="projects",
    model=Project,
    group="projects",
    icon="folder",
    order=10,
    columns=[
        Column("code", width="narrow"),
        Column("name", label=_("Project"), primary=True, width="wide"),
        Column("unit", sort="unit__path"),
        Column("pm"),
        Column("sponsor"),
        Column("type"),
        Column("stage", tones={"closing": "quiet"}),
        Column(
            "status",
            kind="badge",
            tones={
                "in_progress": "info",
                "suspended": "warn",
                "closed": "quiet",
                "terminated": "quiet",
                "not_started": "quiet",
            },
        ),
        Column("priority"),
        Column("delivery_driver"),
        Column("method"),
        Column("country"),
        Column("currency"),
        Column("planned_start"),
        Column("planned_finish"),
        Column("forecast_finish"),
        Column("actual_start"),
        Column("actual_finish"),
        Column("percent_complete", kind="percent"),
        Column("forecast_cost", permission=MONEY, sum=True),
        Column("contingency_reserve", permission=MONEY, sum=True),
        Column("visibility"),
        Column("updated_at"),
    ],
    default_columns=[
        "code",
        "name",
        "unit",
        "pm",
        "stage",
        "status",
        "priority",
        "planned_finish",
        "forecast_finish",
        "percent_complete",
    ],
    default_sort=["code"],
    group_by=["unit", "type", "status", "stage", "priority", "pm", "country", "delivery_driver", "method", "currency"],
    search_fields=["code", "name_zh", "name_en", "summary"],
    form_fields=[
        "code",
        "name_zh",
        "name_en",
        "summary",
        "type",
        "status",
        "stage",
        "method",
        "delivery_driver",
        "priority",
        "visibility",
        "unit",
        "pm",
        "sponsor",
        "country",
        "currency",
        "planned_start",
        "planned_finish",
        "forecast_finish",
        "actual_start",
        "actual_finish",
        "percent_complete",
        "forecast_cost",
        "contingency_reserve",
    ],
    inline_fields=[
        "stage",
        "status",
        "priority",
        "pm",
        "forecast_finish",
        "percent_complete",
        "planned_finish",
        "forecast_cost",
        "contingency_reserve",
    ],
    field_groups=[
        FieldGroup(_("Identity"), ("code", "name_zh", "name_en", "summary", "type", "unit", "pm", "sponsor")),
        FieldGroup(_("Governance"), ("status", "stage", "method", "delivery_driver", "priority", "visibility")),
        FieldGroup(_("Place and money"), ("country", "currency", "forecast_cost", "contingency_reserve")),
        FieldGroup(
            _("Dates and progress"),
            ("planned_start", "planned_finish", "forecast_finish", "actual_start", "actual_finish", "percent_complete"),
        ),
    ],
    detail_fields=["summary"],
    state_field="status",
    list_links=[
        Link(
            _("New from a plan file"),
            lambda request: reverse("plan-new"),
            "upload",
            permission="projects.project.add",
            when=imports_somewhere,
        )
    ],
    empty=_("No projects yet. Add one, or import your project list from a spreadsheet."),
    description=_("Every project of the organisation that you may see."),
)
