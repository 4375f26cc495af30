"""Plans: whoever sees the project sees its versions and tasks; nobody writes them in the registers."""

from __future__ import annotations

import uuid
from typing import Any

from projects.models import Milestone
from projects.models.plan import PlanTask, PlanVersion
from tests.access.rights import INSIDE, ROLES, Rights

RIGHTS = {"tasks": Rights(INSIDE, lists=ROLES), "plan-versions": Rights(INSIDE, lists=ROLES)}
TABS: dict[tuple[str, str], dict[str, int]] = {}
_KEEPERS = "ANCP"
ROUTES: dict[str, dict[str, Any]] = {
    "milestone-detach": {"post": _KEEPERS, "args": "fed_milestone", "hidden": "X"},
    "milestone-attach": {"post": _KEEPERS, "args": "fed_milestone", "hidden": "X"},
}


def rows(world: Any) -> dict[str, Any]:
    """A published plan with a task."""
    version = PlanVersion.objects.create(project=world.project, number=901, state=PlanVersion.State.PUBLISHED)
    return {"plan-versions": version, "tasks": PlanTask.objects.create(plan=version, name="Task", position=1)}


def form(world: Any, key: str) -> dict[str, Any]:
    """Nobody adds to them."""
    raise KeyError(key)


def address(world: Any, args: str) -> dict[str, Any] | None:
    """A milestone that a task of a plan feeds."""
    if args != "fed_milestone":
        return None
    row, _made = Milestone.objects.get_or_create(
        project=world.project, name="Fed", defaults={"task_key": uuid.UUID(int=7)}
    )
    return {"pk": row.pk}
