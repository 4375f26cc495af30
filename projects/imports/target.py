"""The projects as a target of imports."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from pmo.core.audit.actor import Actor
from pmo.core.imports.mapping_json import preset_names
from pmo.core.imports.targets import Directory, ImportTarget, register_target
from pmo.core.people.models import OrgUnit, Person
from pmo.core.records.trees import create_many_in_tree
from projects.access import MONEY
from projects.imports import parts
from projects.imports.fields import ORDER, PROJECT_FIELDS
from projects.imports.transitions import transitions_panel

IMPORT = "projects.project.import"


def names_of(name: str) -> dict[str, str]:
    """The two name columns for a name in either language."""
    return {"name_zh": name} if any("\u3400" <= char <= "\u9fff" for char in name) else {"name_en": name}


def _unit(name: str) -> OrgUnit:
    return OrgUnit(code=f"IMP-{uuid.uuid4().hex[:8].upper()}", **names_of(name))


def _save_units(*, actor: Actor, rows: Sequence[OrgUnit], reason: str, day: datetime.date) -> list[OrgUnit]:
    """Departments directly under the enterprise, where the organisation has exactly one such root."""
    roots = list(OrgUnit.objects.filter(parent=None, kind=OrgUnit.Kind.ENTERPRISE)[:2])
    for row in rows:
        row.parent = roots[0] if len(roots) == 1 else None
    return create_many_in_tree(actor=actor, rows=rows, reason=reason, day=day)


def _person(name: str) -> Person:
    return Person(code=f"IMP-{uuid.uuid4().hex[:8].upper()}", **names_of(name))


def register() -> None:
    """Called from the app's wiring."""
    register_target(
        ImportTarget(
            key="projects",
            label=_("Projects"),
            permission=IMPORT,
            main=parts.PROJECT,
            fields=list(PROJECT_FIELDS),
            parts=[parts.BUDGET, parts.COST, parts.RATING],
            directories=[
                Directory("unit", _("Organisational units"), OrgUnit, _unit, save=_save_units),
                Directory("person", _("People"), Person, _person, also=("user__username", "email")),
            ],
            protected={"budget": MONEY, "actual_cost": MONEY, "forecast_cost": MONEY},
            presets=tuple(preset_names()),
            panels=(transitions_panel,),
            register="projects",
            order=ORDER,
        )
    )
