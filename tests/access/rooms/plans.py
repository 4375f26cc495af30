"""Plans: whoever sees the project sees its versions and tasks; nobody writes them in the registers."""

from __future__ import annotations

from typing import Any

from projects.models.plan import PlanTask, PlanVersion
from tests.access.rights import INSIDE, ROLES, Rights

RIGHTS = {"tasks": Rights(INSIDE, lists=ROLES), "plan-versions": Rights(INSIDE, lists=ROLES)}
TABS: dict[tuple[str, str], dict[str, int]] = {}
ROUTES: dict[str, dict[str, Any]] = {}


def rows(world: Any) -> dict[str, Any]:
    """A published plan with a task."""
    version = PlanVersion.objects.create(project=world.project, number=901, state=PlanVersion.State.PUBLISHED)
    return {"plan-versions": version, "tasks": PlanTask.objects.create(plan=version, name="Task", position=1)}


def form(world: Any, key: str) -> dict[str, Any]:
    """Nobody adds to them."""
    raise KeyError(key)


def address(world: Any, args: str) -> dict[str, Any] | None:
    """No routes of its own."""
    return None
