"""What is rolled up on a day: everything, portfolios, programmes and objectives with all that lies below them."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field

from pmo.core.history.queries import as_of
from portfolio.models import (
    Contribution,
    Objective,
    Portfolio,
    PortfolioItem,
    Programme,
    ProgrammeItem,
    RollupSnapshot,
)

Kind = RollupSnapshot.Kind


@dataclass
class Groups:
    """The groups of a day by (kind, id), each with the ids of its projects, and the ids of the critical projects."""

    members: dict[tuple[str, int], set[int]] = field(default_factory=dict)
    critical: set[int] = field(default_factory=set)


def groups_on(day: datetime.date, project_ids: set[int]) -> Groups:
    """Every group there is on the day; `project_ids` are the projects that count. Six queries."""
    found = Groups({(Kind.ALL.value, 0): set(project_ids)})
    _portfolios(found, day, project_ids)
    _tree(found, Kind.PROGRAMME, _parents(Programme, day), _pairs(ProgrammeItem, "programme_id", day), project_ids)
    _tree(found, Kind.OBJECTIVE, _parents(Objective, day), _pairs(Contribution, "objective_id", day), project_ids)
    return found


def _portfolios(found: Groups, day: datetime.date, project_ids: set[int]) -> None:
    for portfolio in as_of(Portfolio, day).values_list("row_id", flat=True):
        found.members[Kind.PORTFOLIO.value, portfolio] = set()
    for project, portfolio, critical in as_of(PortfolioItem, day).values_list("project_id", "portfolio_id", "critical"):
        group = found.members.get((Kind.PORTFOLIO.value, portfolio))
        if group is not None and project in project_ids:
            group.add(project)
            if critical:
                found.critical.add(project)


def _parents(model: type[Programme] | type[Objective], day: datetime.date) -> dict[int, int | None]:
    return dict(as_of(model, day).values_list("row_id", "parent_id"))


def _pairs(model: type[ProgrammeItem] | type[Contribution], group: str, day: datetime.date) -> list[tuple[int, int]]:
    return list(as_of(model, day).values_list(group, "project_id"))


def _tree(
    found: Groups, kind: Kind, parents: Mapping[int, int | None], pairs: list[tuple[int, int]], project_ids: set[int]
) -> None:
    """Add the groups of a tree: each holds its own projects and those of everything below it."""
    for node in parents:
        found.members[kind.value, node] = set()
    for node, project in pairs:
        if project not in project_ids:
            continue
        for above in ancestry(parents, node):
            found.members[kind.value, above].add(project)


def ancestry(parents: Mapping[int, int | None], node: int) -> list[int]:
    """The node and all above it, nearest first; empty for a node that is gone. A circle ends where it closes."""
    found: list[int] = []
    current: int | None = node
    while current is not None and current in parents and current not in found:
        found.append(current)
        current = parents[current]
    return found
