"""Boards and tiles: everybody arranges own boards, nobody sees another's unless shared; the PMO administrator keeps the defaults."""

from __future__ import annotations

from typing import Any

from pmo.core.access.roles import Role
from pmo.core.history.models import version_of
from pmo.core.registers.declaration import get_register
from portfolio.models import Board, BoardShare
from projects.models import Action, Decision, Issue, Milestone, Project
from risks.models import Risk
from tests import factories
from tests.access.rights import INSIDE, ROLES, Rights

MODELS: dict[str, Any] = {
    "milestones-past": Milestone,
    "decisions-past": Decision,
    "actions-past": Action,
    "issues-past": Issue,
    "risks-past": Risk,
    "projects-past": Project,
}
RIGHTS = {key: Rights(INSIDE, lists=ROLES) for key in MODELS}
TABS: dict[tuple[str, str], dict[str, int]] = {}

# The board of the table is the project manager's and shared with auditors.
SEEN, CHANGED, HIDDEN = "APU", "AP", "NCEORTSX"
ROUTES: dict[str, dict[str, Any]] = {
    "boards": {"get": ROLES},
    "board-new": {"post": ROLES, "form": {"name": "A board", "role": "work"}},
    "board-home": {"post": ROLES},
    "board-role": {"get": ROLES, "args": "role"},
    "board-role-edit": {"post": "A", "args": "role"},
    "board": {"get": SEEN, "args": "board", "hidden": HIDDEN},
    "board-arrange": {
        "get": CHANGED,
        "post": CHANGED,
        "args": "board",
        "hidden": HIDDEN,
        "form": {"action": "remove", "tile": "counts"},
    },
    "board-rename": {"post": CHANGED, "args": "board", "hidden": HIDDEN, "form": {"name": "Other"}},
    "board-reset": {"post": CHANGED, "args": "board", "hidden": HIDDEN},
    "board-delete": {"post": CHANGED, "args": "board", "hidden": HIDDEN},
    "board-share": {"post": CHANGED, "args": "board", "hidden": HIDDEN, "form": {"kind": "everybody"}},
    "board-unshare": {"post": CHANGED, "args": "board_share", "hidden": HIDDEN},
    "decision-decide": {
        "post": "ANCPSEO",
        "args": "pending",
        "hidden": "X",
        "form": {"state": "decided", "outcome": "Because"},
    },
    "tile": {"get": ROLES, "args": "tile"},
}


def rows(world: Any) -> dict[str, Any]:
    """What each register said of the project of the table."""
    found = {}
    for key, model in MODELS.items():
        table: Any = version_of(model)
        given: dict[str, Any] = {"row_id": factories.number() + 900_000, "project_id": world.project.pk}
        if model is Project:
            given = {"row_id": world.project.pk, "name_en": "Row"}
        else:
            given["name" if model is Milestone else "title"] = "Row"
        found[key] = table.objects.create(code=key[:20], valid_from="2026-01-01", **given)
        assert get_register(key).model is table
    return found


def form(world: Any, key: str) -> dict[str, Any]:
    """Nobody adds to the past."""
    raise KeyError(key)


def address(world: Any, args: str) -> dict[str, Any] | None:
    """The project manager's board with its share, a pending decision, a tile, the default of a role."""
    if args == "role":
        return {"role": "pm"}
    if args == "tile":
        return {"key": "counts"}
    if args == "pending":
        row = world.rows["decisions"]
        Decision.objects.filter(pk=row.pk).update(state=Decision.State.OPEN)
        return {"pk": row.pk}
    if args not in {"board", "board_share"}:
        return None
    row, _made = Board.objects.get_or_create(
        owner=world.users["P"].person, name="Board", defaults={"layout": [{"tile": "counts", "size": 1}]}
    )
    share, _made = BoardShare.objects.get_or_create(board=row, kind=BoardShare.Kind.ROLE, role=Role.AUDITOR)
    return {"pk": row.pk} if args == "board" else {"pk": row.pk, "share": share.pk}
