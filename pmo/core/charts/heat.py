"""The heat map: a real table of rows against dimensions, worst first, shape left and number right in each cell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from pmo.core.web.formats import EMPTY, format_score
from pmo.core.web.rag import parse_rag, worse

from .model import Cell, Column, DataTable, Figure, check_href


@dataclass(frozen=True)
class HeatCell:
    """The score of one dimension, 0 to 100, None without data; href opens why it is what it is."""

    band: str
    score: float | None
    href: str = ""

    def __post_init__(self) -> None:
        check_href(self.href)


@dataclass(frozen=True)
class HeatLine:
    """One row: its computed and declared colour, a cell per dimension, the sparkline, the change, who answers for it."""

    name: str
    band: str
    score: float | None
    cells: Sequence[HeatCell]
    declared: str = ""
    href: str = ""
    why: str = ""
    stale: bool = False
    spark: SafeString = field(default_factory=SafeString)
    change: float | None = None
    owner: str = ""

    def __post_init__(self) -> None:
        check_href(self.href)
        check_href(self.why)

    @property
    def better(self) -> bool:
        """Whether the declared colour is better than the computed one."""
        return bool(self.declared) and worse(self.band, self.declared)


@dataclass(frozen=True)
class HeatMap:
    """The drawing of a heat map. Columns that no row fills (declared, sparkline, owner) are left out."""

    dimensions: Sequence[str]
    lines: Sequence[HeatLine]
    row_label: str
    owner_label: str = ""
    change_label: str = ""
    spark_label: str = ""
    kind: Literal["heat"] = "heat"
    legend: Sequence[object] = ()

    def __post_init__(self) -> None:
        if any(len(line.cells) != len(self.dimensions) for line in self.lines):
            raise ValueError("every row of a heat map has one cell per dimension")

    @property
    def has_declared(self) -> bool:
        """Whether any row says what was declared."""
        return any(line.declared for line in self.lines)

    @property
    def has_stale(self) -> bool:
        """Whether any row's figures are old."""
        return any(line.stale for line in self.lines)


def heat_table(drawing: HeatMap) -> DataTable:
    """The numbers of the drawing as a plain table, for exports and tests."""
    heads = [Column(drawing.row_label), Column(_("Health"), numeric=True), Column(_("Declared"))]
    heads += [Column(name, numeric=True) for name in drawing.dimensions]
    rows: list[list[Cell | str]] = [
        [
            Cell(line.name, line.href),
            format_score(line.score),
            str(parse_rag(line.declared).label) if line.declared else EMPTY,
            *(Cell(format_score(cell.score), cell.href) for cell in line.cells),
        ]
        for line in drawing.lines
    ]
    return DataTable(heads, rows)


def heat_figure(
    key: str, title: str, takeaway: str, drawing: HeatMap, *, note: str = "", how: str = "", more: Cell | None = None
) -> Figure:
    """A figure of a heat map; its data table is made of the same rows."""
    return Figure(
        key=key,
        title=title,
        takeaway=takeaway,
        table=heat_table(drawing),
        drawing=drawing,
        note=note,
        how=how,
        more=more,
    )
