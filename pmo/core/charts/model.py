"""A figure: title, one-sentence takeaway, drawing, unit, and always the table with the numbers that were drawn."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from django.utils.safestring import SafeString

_KEY = re.compile(r"[a-z][a-z0-9-]*")
Swatch = Literal[
    "budget", "actual", "forecast", "forecast-line", "overrun", "planned", "earned", "actual-line", "baseline", "remaining", "critical",
    "stone", "stone-late", "stone-plan",
    "c1", "c2", "c3", "c4", "c5", "c6", "red", "amber", "green", "grey",
]  # fmt: skip


@dataclass(frozen=True)
class Column:
    """A column of the data table; numbers stand right-aligned."""

    label: str
    numeric: bool = False


@dataclass(frozen=True)
class Cell:
    """One formatted value; href opens the rows it was made from. Only addresses of this site are accepted."""

    text: str
    href: str = ""

    def __post_init__(self) -> None:
        check_href(self.href)


def check_href(href: str) -> None:
    """Refuse (ValueError) whatever is not a path, query or fragment of this site."""
    if href and (not href.startswith(("/", "?", "#")) or href.startswith(("//", "/\\"))):
        raise ValueError(f"a drill-down stays on this site: {href!r}")


@dataclass(frozen=True)
class DataTable:
    """The numbers of a figure as formatted strings. The first column names the row.

    Columns and cells may be given as plain strings. Rows of another length than the columns raise ValueError.
    """

    columns: Sequence[Column | str]
    rows: Sequence[Sequence[Cell | str]]
    foot: Sequence[Cell | str] = ()

    def __post_init__(self) -> None:
        lengths = {len(row) for row in self.rows} | ({len(self.foot)} if self.foot else set())
        if lengths - {len(self.columns)}:
            raise ValueError("every row of a data table has one cell per column")

    @property
    def heads(self) -> list[Column]:
        """The columns; one given as a string is numeric unless it is the first."""
        return [
            column if isinstance(column, Column) else Column(column, numeric=index > 0)
            for index, column in enumerate(self.columns)
        ]

    def _cells(self, row: Sequence[Cell | str]) -> list[tuple[Cell, Column]]:
        cells = [cell if isinstance(cell, Cell) else Cell(cell) for cell in row]
        return list(zip(cells, self.heads, strict=True))

    @property
    def body(self) -> list[list[tuple[Cell, Column]]]:
        """The rows, each cell with its column."""
        return [self._cells(row) for row in self.rows]

    @property
    def foot_cells(self) -> list[tuple[Cell, Column]]:
        """The foot row, each cell with its column; empty without a foot."""
        return self._cells(self.foot) if self.foot else []


@dataclass(frozen=True)
class LegendItem:
    """One entry of a legend: a swatch and its word. line: the swatch of a category is a line, not a block."""

    swatch: Swatch
    text: str
    line: bool = False


@dataclass(frozen=True)
class Svg:
    """A drawing made on the server."""

    markup: SafeString
    legend: Sequence[LegendItem] = ()
    kind: Literal["svg"] = "svg"


@dataclass(frozen=True)
class RowBars:
    """A drawing that lives in the data table: one bar per row, in a column of its own after `after` other columns.

    head replaces the column's header; label names it for those who do not see the bars.
    """

    bars: Sequence[SafeString]
    label: str
    head: SafeString = field(default_factory=SafeString)
    legend: Sequence[LegendItem] = ()
    after: int = 1
    kind: Literal["rows"] = "rows"


@dataclass(frozen=True)
class Plot:
    """A drawing for Plotly: plain dicts, drawn in the browser when seen."""

    data: list[dict[str, Any]]
    layout: dict[str, Any]
    config: dict[str, Any]
    legend: Sequence[LegendItem] = ()
    kind: Literal["plot"] = "plot"

    @property
    def height(self) -> int:
        """Pixels that are reserved before the chart is drawn."""
        return int(self.layout["height"])

    def to_json(self) -> str:
        """The figure as JSON; a value that JSON cannot hold raises ValueError or TypeError."""
        figure = {"data": self.data, "layout": self.layout, "config": self.config}
        return json.dumps(figure, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


class TableDrawing(Protocol):
    """A drawing that is itself a table with headers, such as the heat map; it has a template of its own by `kind`."""

    @property
    def kind(self) -> str: ...

    @property
    def legend(self) -> Sequence[object]: ...


@dataclass(frozen=True)
class Figure:
    """What a page shows. `key` is unique on the page and becomes part of element ids.

    takeaway: one sentence that says what the reader should see. how: how the numbers are calculated.
    source: where they come from and of when. note: what the drawing leaves out or encodes (area, hatching).
    metric: the code of what is drawn in the metric catalogue; the foot of the figure links to its page.
    """

    key: str
    title: str
    takeaway: str
    table: DataTable
    drawing: Svg | RowBars | Plot | TableDrawing
    unit: str = ""
    how: str = ""
    source: str = ""
    note: str = ""
    more: Cell | None = None  # a link at the right of the title: the rows behind the figure
    metric: str = ""

    def __post_init__(self) -> None:
        if not _KEY.fullmatch(self.key):
            raise ValueError(f"{self.key!r} is no key; use small letters, digits and hyphens")
        if not self.title or not self.takeaway:
            raise ValueError("a figure has a title and a takeaway")
        if isinstance(self.drawing, RowBars) and len(self.drawing.bars) != len(self.table.rows):
            raise ValueError("there is one bar for every row of the table")

    @property
    def rows_with_bars(self) -> list[tuple[list[tuple[Cell, Column]], SafeString]]:
        """The table's rows with the bar of each, for a drawing that lives in the table."""
        bars = self.drawing.bars if isinstance(self.drawing, RowBars) else [SafeString()] * len(self.table.rows)
        return list(zip(self.table.body, bars, strict=True))
