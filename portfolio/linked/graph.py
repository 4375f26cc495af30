"""Linked tables as nodes and relations, with everything that is refused named by file, row and column."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pmo.core.imports.messages import Message, ReadError, shorten
from pmo.core.imports.table import Cell, Table, cell_text
from portfolio.linked import texts  # noqa: F401 its sentences are shown by their codes
from portfolio.linked.declaration import LinkedTables, TableOf
from portfolio.linked.zipped import Archive

_VALUE = 200


@dataclass(frozen=True)
class Refused:
    """A cell, row or relation that goes nowhere, and why."""

    file: str
    label: str
    row: int
    column: str
    value: str
    reason: Message
    whole_row: bool = True


@dataclass
class Node:
    """One row of a table: its id, its number in the file and its cells by the table's own headers."""

    table: TableOf
    file: str
    number: int
    id: str
    cells: Mapping[str, Cell]
    refused: bool = False
    serial: int = 0  # its place among all rows of the zip, for what belongs together when it is undone

    def text(self, column: str) -> str:
        """A cell as text without space around it."""
        return cell_text(self.cells.get(column)).strip()


@dataclass(frozen=True)
class Edge:
    """One row of the relations whose both ends are there."""

    number: int
    place: tuple[str, str, str]
    source: Node
    target: Node


@dataclass
class TableRead:
    """A table as read: its nodes in the order of the file and its headers."""

    declared: TableOf
    file: str
    columns: tuple[str, ...]
    nodes: list[Node]
    table: Table


@dataclass
class Graph:
    """All nodes and relations of an archive. `rows` counts the relations of each kind, known or not, as they stand in the file."""

    declared: LinkedTables
    tables: dict[str, TableRead] = field(default_factory=dict)
    edges: list[Edge] = field(default_factory=list)
    rows: dict[tuple[str, str, str], int] = field(default_factory=dict)
    refused: list[Refused] = field(default_factory=list)
    relation_file: str = ""
    unread: list[str] = field(default_factory=list)
    # Columns of the relations beyond those that name both ends, and what the reading of each file has to tell.
    surplus: list[str] = field(default_factory=list)
    notes: list[tuple[str, Message]] = field(default_factory=list)

    def of(self, place: tuple[str, str, str]) -> list[Edge]:
        """The relations of one kind, in the order of the file."""
        return [one for one in self.edges if one.place == place]


def recognised(archive: Archive, known: Sequence[LinkedTables]) -> LinkedTables:
    """The set that the tables belong to: the one of which most are there, two at least. Raises ReadError."""

    def fits(one: LinkedTables) -> int:
        return sum(1 for table in one.tables if _file_of(table.files, archive) is not None)

    best = max(known, key=fits)
    if fits(best) < 2:
        names = ", ".join(sorted(table.filename for table in archive.tables.values()))
        sets = "; ".join(", ".join(f"{table.files[0]}.csv" for table in one.tables) for one in known)
        raise ReadError("linked_unknown", found=shorten(names, 300), known=sets)
    return best


def read_graph(archive: Archive, declared: LinkedTables) -> Graph:
    """The archive as nodes and relations. Raises ReadError where the relations or a column of ids are missing."""
    graph = Graph(declared, unread=list(archive.unread))
    relations = _file_of(declared.relation_files, archive)
    wanted = ", ".join(declared.relation_columns)
    if relations is None:
        names = f"{declared.relation_files[0]}.csv"
        raise ReadError("linked_no_relations", names=names, columns=wanted)
    graph.relation_file = relations.filename
    used = {relations.filename}
    serial = 0
    for one in declared.tables:
        table = _file_of(one.files, archive)
        if table is None:
            continue
        used.add(table.filename)
        read = _read_table(graph, one, table)
        for node in read.nodes:
            serial += 1
            node.serial = serial
        graph.tables[one.label] = read
    graph.unread += sorted(table.filename for table in archive.tables.values() if table.filename not in used)
    _read_relations(graph, relations)
    return graph


def _file_of(names: Sequence[str], archive: Archive) -> Table | None:
    return next((archive.tables[name] for name in names if name in archive.tables), None)


def _headers(table: Table) -> dict[str, int]:
    return {column.name.strip().casefold(): column.index for column in table.columns}


def _names(table: Table, declared: TableOf) -> dict[int, str]:
    """The headers by place, in the declaration's own letters where only capitals differ: what reads a column finds it."""
    headers = {column.index: column.name.strip() for column in table.columns}
    missing = {name.casefold(): name for name in declared.columns - set(headers.values())}
    return {place: missing.pop(header.casefold(), header) for place, header in headers.items()}


def _read_table(graph: Graph, declared: TableOf, table: Table) -> TableRead:
    place = _headers(table).get(graph.declared.node.casefold())
    if place is None:
        raise ReadError("linked_no_node", file=table.filename, column=graph.declared.node)
    names = _names(table, declared)
    read = TableRead(declared, table.filename, tuple(names.values()), [], table)
    graph.notes += [(table.filename, note) for note in table.notes if note.code != "rows_overlong"]
    seen: dict[str, int] = {}
    for number, row in zip(table.numbers, table.rows, strict=True):
        node = Node(declared, table.filename, number, _id(row[place]), {names[at]: row[at] for at in names})
        read.nodes.append(node)
        if number in table.overlong:
            node.refused = True
            graph.refused.append(_overlong(table, declared.label, number))
            continue
        earlier = seen.setdefault(node.id, number) if node.id else 0
        if not node.id or earlier != number:
            reason = (
                Message("node_repeated", {"value": node.id, "earlier": earlier}) if node.id else Message("node_missing")
            )
            node.refused = True
            graph.refused.append(
                Refused(table.filename, declared.label, number, names[place], node.id[:_VALUE], reason)
            )
    return read


def _overlong(table: Table, label: str, number: int) -> Refused:
    """A row with more cells than the header: it is out of step, so none of its cells is believed."""
    told = {"width": len(table.columns), "value": table.overlong[number]}
    return Refused(table.filename, label, number, "", table.overlong[number], Message("row_out_of_step", told))


def _id(cell: Cell) -> str:
    """An id as text; a workbook holds whole numbers as decimals."""
    text = cell_text(cell).strip()
    return text[:-2] if text.endswith(".0") and text[:-2].isdigit() else text


def _read_relations(graph: Graph, table: Table) -> None:
    headers = _headers(table)
    wanted = graph.declared.relation_columns
    missing = [name for name in wanted if name.casefold() not in headers]
    if missing:
        params = {"file": table.filename, "missing": ", ".join(missing), "columns": ", ".join(wanted)}
        raise ReadError("linked_relation_columns", **params)
    at = [headers[name.casefold()] for name in wanted]
    graph.surplus = [column.name for column in table.columns if column.index not in at]
    graph.notes += [(table.filename, note) for note in table.notes if note.code != "rows_overlong"]
    nodes = {label: {node.id: node for node in reversed(read.nodes) if node.id} for label, read in graph.tables.items()}
    for number, row in zip(table.numbers, table.rows, strict=True):
        source, source_label, name, target, target_label = (_id(row[place]) for place in at)
        place = (source_label, name, target_label)
        graph.rows[place] = graph.rows.get(place, 0) + 1
        if number in table.overlong:
            graph.refused.append(_overlong(table, " ".join(place), number))
            continue
        problem = _problem(graph, nodes, place, source, target)
        if problem is None:
            graph.edges.append(Edge(number, place, nodes[source_label][source], nodes[target_label][target]))
        else:
            column, value, reason = problem
            graph.refused.append(
                Refused(table.filename, " ".join(place), number, wanted[column], value[:_VALUE], reason)
            )


def _problem(
    graph: Graph, nodes: Mapping[str, Mapping[str, Node]], place: tuple[str, str, str], source: str, target: str
) -> tuple[int, str, Message] | None:
    """Which column of a relation is wrong, what it says and why; None where both ends are there."""
    source_label, name, target_label = place
    if place not in {one.place for one in graph.declared.relations}:
        told: dict[str, Any] = {"source": source_label, "name": name, "target": target_label}
        return 2, name, Message("relation_unknown", told)
    for column, label, value in ((0, source_label, source), (3, target_label, target)):
        if label not in nodes:
            return column + 1, label, Message("relation_label", {"label": label})
        if value not in nodes[label]:
            return column, value, Message("relation_node", {"value": shorten(value), "label": label})
    return None
