"""Views, bulk changes and undo: who opens a list has views of it; who may change or delete rows chooses several; changes are one's own."""

from __future__ import annotations

import uuid
from typing import Any

from pmo.core.registers.saved_views.models import SavedView
from tests.access.rights import ROLES, Rights

RIGHTS: dict[str, Rights] = {}
# Milestones: everybody opens the list; those of the table's row change and delete some.
_KEEPERS = "ANCP"
ROUTES: dict[str, dict[str, Any]] = {
    "register-bulk": {"post": _KEEPERS, "args": "milestone_list"},
    "register-views": {"get": ROLES, "args": "milestone_list"},
    "register-view-new": {
        "get": ROLES,
        "post": ROLES,
        "args": "milestone_list",
        "form": {"name": "Mine", "sharing": "private"},
    },
    "register-view-edit": {"get": ROLES, "args": "public_view"},
    "register-view-save": {"post": "AN", "args": "public_view"},
    "register-view-mark": {"post": ROLES, "args": "public_view", "form": {"favourite": "1"}},
    "register-view-delete": {"post": "AN", "args": "public_view"},
    "register-view-restore": {"post": "", "args": "public_view", "hidden": ROLES},
    "change-list": {"get": ROLES},
    "api-changes": {"get": ROLES},
    "api-change": {"get": "", "args": "change", "hidden": ROLES},
    "api-change-undo": {"post": "", "args": "change", "hidden": ROLES},
    "change-detail": {"get": "", "args": "change", "hidden": ROLES},
    "change-undo": {"post": "", "args": "change", "hidden": ROLES},
}
TABS: dict[tuple[str, str], dict[str, int]] = {}


def rows(world: Any) -> dict[str, Any]:
    """No register of its own."""
    return {}


def form(world: Any, key: str) -> dict[str, Any]:
    """No register of its own."""
    raise KeyError(key)


def address(world: Any, args: str) -> dict[str, Any] | None:
    """A public view of the administrator over milestones; a change that is nobody's."""
    if args == "milestone_list":
        return {"key": "milestones"}
    if args == "change":
        return {"uid": uuid.UUID(int=7)}
    if args == "public_view":
        view, _made = SavedView.objects.get_or_create(
            register="milestones",
            name="Public",
            defaults={"owner": world.rows["jobs"].owner or _administrator(), "sharing": "public", "query": "sort=code"},
        )
        return {"key": "milestones", "pk": view.pk}
    return None


def _administrator() -> Any:
    from pmo.core.access.roles import Role
    from pmo.core.people.models import User

    return User.objects.filter(person__grants__role=Role.PMO_ADMIN).first()
