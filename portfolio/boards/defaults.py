"""With which tiles a role begins, until the PMO says otherwise."""

from __future__ import annotations

from typing import Any

from portfolio.boards.declaration import find

# Home key to the tiles in reading order; a tile stands in its usual size unless one is given.
LAYOUTS: dict[str, tuple[str, ...]] = {
    "pmo": (
        "headlines", "heat", "counts", "changes", "late-reports", "gaps", "watermelons", "early-warnings", "decisions",
        "slips", "to-review", "bridge", "on-time", "use", "roadmap:4",
    ),
    "executive": ("headlines", "exceptions", "decisions", "by-portfolio", "months", "by-unit", "by-theme", "value", "money"),
    "portfolio": ("headlines", "counts", "changes", "decisions", "exceptions", "by-unit", "heat:4", "months", "bridge", "roadmap:4"),
    "resources": ("proposed", "bookings", "my-actions", "my-decisions"),
    "pm": (
        "reports-due", "reports-begun", "late-milestones", "my-risks", "my-actions", "awaited-decisions", "my-decisions",
        "in-approval", "to-accept", "my-issues", "my-projects",
    ),
    "sponsor": ("my-decisions", "charters", "to-accept", "late-milestones", "my-projects", "exceptions"),
    "auditor": ("unreviewed", "overrides", "late-reports", "counts"),
    "work": ("my-decisions", "my-actions", "my-issues", "my-milestones"),
}  # fmt: skip


def product_layout(role: str) -> list[dict[str, Any]]:
    """The product's own layout of a role; no tiles for one it does not know."""
    made = []
    for entry in LAYOUTS.get(role, ()):
        key, _mark, size = entry.partition(":")
        tile = find(key)
        if tile is not None:
            made.append({"tile": key, "size": int(size) if size else tile.size})
    return made
