"""To which business unit a unit counts, and to which theme an objective: one answer for tables and for the lists behind them."""

from __future__ import annotations

from pmo.core.people.models import OrgUnit
from portfolio.models import Objective

MOST_LEVELS = 12


def business_units(units: dict[int, OrgUnit] | None = None) -> dict[int, int]:
    """Unit to the nearest business unit at or above it; the unit itself where there is none. One statement without `units`."""
    if units is None:
        units = {row.pk: row for row in OrgUnit.all_objects.only("pk", "path", "kind")}
    return {pk: _nearest(units, row) for pk, row in units.items()}


def _nearest(units: dict[int, OrgUnit], row: OrgUnit) -> int:
    for part in reversed(row.path.strip("/").split("/")):
        if part and int(part) in units and units[int(part)].kind == OrgUnit.Kind.BUSINESS_UNIT:
            return int(part)
    return int(row.pk)


def themes() -> dict[int, int]:
    """Objective to the top of its tree, itself where nothing is above it. One statement."""
    parents = dict(Objective.all_objects.values_list("pk", "parent_id"))
    return {pk: _top(parents, pk) for pk in parents}


def _top(parents: dict[int, int | None], pk: int) -> int:
    for _level in range(MOST_LEVELS):
        above = parents.get(pk)
        if above is None:
            break
        pk = above
    return pk
