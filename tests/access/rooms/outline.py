"""The plan tab's acts and the outline editor: who keeps the plan edits and publishes it; the PMO writes the rules for all."""

from __future__ import annotations

from typing import Any

from projects.models.plan import PlanTask, PlanVersion, WbsRules
from tests.access.rights import INSIDE, ROLES, Rights

RIGHTS = {"wbs-rules": Rights(ROLES, "AN", "AN", "AN")}
TABS: dict[tuple[str, str], dict[str, int]] = {}
_KEEPERS = "ANCP"
ROUTES: dict[str, dict[str, Any]] = {
    "plan-start": {"post": _KEEPERS, "args": "outline", "hidden": "X"},
    "plan-publish": {"post": _KEEPERS, "args": "outline", "hidden": "X"},
    "plan-discard": {"post": _KEEPERS, "args": "outline", "hidden": "X"},
    "plan-edit": {"get": _KEEPERS, "args": "outline", "hidden": "X"},
    "plan-edit-rows": {"get": _KEEPERS, "args": "outline", "hidden": "X"},
    "plan-edit-act": {"post": _KEEPERS, "args": "outline", "hidden": "X", "form": {"act": "below"}},
    "plan-edit-row": {
        "get": _KEEPERS,
        "post": _KEEPERS,
        "args": "outline_row",
        "hidden": "X",
        "form": {"name": "Renamed"},
    },
    "plan-edit-paste": {
        "get": _KEEPERS,
        "post": _KEEPERS,
        "args": "outline",
        "hidden": "X",
        "form": {"value": "Pasted\n", "insert": "1"},
    },
    "plan-wbs": {"get": INSIDE, "args": "outline", "hidden": "X"},
}


def rows(world: Any) -> dict[str, Any]:
    """The organisation's rules."""
    return {"wbs-rules": WbsRules.objects.create(name="Rules")}


def form(world: Any, key: str) -> dict[str, Any]:
    """What is typed into the form of new rules; there is room for one row only."""
    WbsRules.objects.all().delete()
    return {
        "name": "New",
        "max_depth": "6",
        "min_hours": "8",
        "max_hours": "80",
        "code_rule": "below",
        "remarks_percent": "5",
    }


def address(world: Any, args: str) -> dict[str, Any] | None:
    """A draft of the project's plan that stands on the published one, with a row."""
    if args not in {"outline", "outline_row"}:
        return None
    base = PlanVersion.objects.filter(project=world.project, state=PlanVersion.State.PUBLISHED).first()
    plan, _made = PlanVersion.objects.get_or_create(
        project=world.project, state=PlanVersion.State.DRAFT, defaults={"number": 990}
    )
    PlanVersion.objects.filter(pk=plan.pk).update(based_on=base)
    if args == "outline":
        return {"pk": world.project.pk}
    task, _made = PlanTask.objects.get_or_create(plan=plan, name="Row", defaults={"position": 1})
    return {"pk": world.project.pk, "row": task.pk}
