"""What an import of linked tables wants: the records that rows become, the links between them, and what was refused."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps

from pmo.core.imports.messages import Message, shorten
from pmo.core.imports.table import cell_text
from portfolio.linked.declaration import Join, Made, RelationOf
from portfolio.linked.graph import Edge, Graph, Node, Refused

CREATED, UPDATED, UNCHANGED, REFUSED = OUTCOMES = ("created", "updated", "unchanged", "refused")
_VALUE = 200


@dataclass(eq=False, slots=True)
class Want:
    """One record as the file wants it. `fresh` and `fresh_refs` count for new records only; `row` is the record on file.

    `through` are foreign keys that follow another record's: {field: (that record, its field)}.
    """

    made: Made
    node: Node | None
    values: dict[str, Any] = field(default_factory=dict)
    fresh: dict[str, Any] = field(default_factory=dict)
    refs: dict[str, Want] = field(default_factory=dict)
    fresh_refs: dict[str, Want] = field(default_factory=dict)
    through: dict[str, tuple[Want, str]] = field(default_factory=dict)
    fixed_ids: dict[str, int] = field(default_factory=dict)
    row: Any = None
    candidate: Any = None
    changes: dict[str, Any] = field(default_factory=dict)
    kept: dict[str, Any] = field(default_factory=dict)
    kept_changed: bool = False
    refused: bool = False
    # The record of an earlier row that says the same, where there is one.
    same: Want | None = None

    @property
    def model(self) -> Any:
        """The model of the record."""
        return apps.get_model(self.made.model)

    @property
    def serial(self) -> int:
        """What belongs to one row of the file has one number; 0 for what no row has."""
        return self.node.serial if self.node is not None else 0

    @property
    def outcome(self) -> str:
        """What becomes of it."""
        if self.refused:
            return REFUSED
        if self.row is None:
            return CREATED
        return UPDATED if self.changes or self.kept_changed else UNCHANGED


@dataclass(eq=False, slots=True)
class Link:
    """One record that joins two others."""

    join: Join
    edge: Edge
    ends: dict[str, Want]
    row: Any = None
    changes: dict[str, Want] = field(default_factory=dict)

    @property
    def model(self) -> Any:
        """The model of the record."""
        return apps.get_model(self.join.model)


@dataclass
class RelationCount:
    """What became of the relations of one kind. `repeated` say again what another row says already."""

    rows: int = 0
    linked: int = 0
    new: int = 0
    repeated: int = 0
    refused: int = 0


@dataclass
class Wanted:
    """Everything that one archive wants, and what of it is refused."""

    graph: Graph
    wants: dict[str, dict[int, Want]] = field(default_factory=dict)
    spare: dict[str, Want] = field(default_factory=dict)
    links: list[Link] = field(default_factory=list)
    plans: list[Any] = field(default_factory=list)
    task_outcomes: Counter[str] = field(default_factory=Counter)
    refused: list[Refused] = field(default_factory=list)
    relations: dict[tuple[str, str, str], RelationCount] = field(default_factory=dict)
    merged: Counter[str] = field(default_factory=Counter)
    named: Counter[str] = field(default_factory=Counter)
    spared: Counter[str] = field(default_factory=Counter)
    trashed: Counter[str] = field(default_factory=Counter)
    fields: dict[str, list[Any]] = field(default_factory=dict)
    lost: dict[str, list[tuple[str, str]]] = field(default_factory=dict)

    def of(self, key: str) -> Sequence[Want]:
        """The records of a key in the order of the file, the spare one before them."""
        found = [one for one in self.spare.values() if one.made.key == key]
        return [*found, *dict.fromkeys(self.wants.get(key, {}).values())]

    def want(self, key: str, node: Node) -> Want | None:
        """The record that a row becomes."""
        return self.wants.get(key, {}).get(node.serial)

    def refuse(self, node: Node, column: str, reason: Message, *, whole_row: bool = True) -> None:
        """Name a refused cell or row of a table."""
        value = shorten(cell_text(node.cells.get(column)), _VALUE)
        self.refused.append(Refused(node.file, node.table.label, node.number, column, value, reason, whole_row))

    def refuse_edge(self, edge: Edge, reason: Message, *, end: int = 3) -> None:
        """Name a refused relation; `end` is the column that it is about."""
        columns = self.graph.declared.relation_columns
        value = (edge.source if end == 0 else edge.target).id
        self.refused.append(
            Refused(self.graph.relation_file, " ".join(edge.place), edge.number, columns[end], value, reason)
        )

    def count(self, relation: RelationOf) -> RelationCount:
        """The counts of a kind of relation."""
        return self.relations.setdefault(relation.place, RelationCount())
