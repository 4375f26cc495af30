"""A figure of the page as blocks: title, sentence, drawing, and the table with every number."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from pmo.core.charts.model import Figure, RowBars, Svg
from pmo.core.pdf.blocks import HEADING, SMALL, Block, Style, Text, Together
from pmo.core.pdf.lines import Span
from pmo.core.pdf.picture import Picture
from pmo.core.pdf.table import Column, Table

TAKE = Style(9, 13.5, colour="t2", after=6)


def figure_blocks(
    fig: Figure, *, table: bool = True, drawing: bool = True, how: bool = True, size: float = 0.0
) -> list[Block]:
    """The figure. `table` False leaves out the numbers of a drawing that stands by itself; `size` is that of the numbers."""
    head = [Span(fig.title, bold=True)] + ([Span(f"  {fig.unit}", colour="t3", small=True)] if fig.unit else [])
    blocks: list[Block] = [Text(head, HEADING, keep=True), Text(fig.takeaway, TAKE, keep=True)]
    bars, picture = drawing_of(fig) if drawing else (None, None)
    if picture is not None:
        blocks = [Together([*blocks, picture])]
    if table or bars is not None:
        blocks.append(data_table(fig, bars, size))
    blocks += [Text(fig.note, SMALL)] if fig.note else []
    if how and fig.how:
        blocks.append(how_block(fig.how))
    return blocks


def drawing_of(fig: Figure) -> tuple[RowBars | None, Block | None]:
    """The drawing of a figure: bars that stand in the rows of its table, or a picture beside it."""
    drawn = fig.drawing
    if isinstance(drawn, RowBars):
        return drawn, None
    return None, Picture(drawn.markup, drawn.legend) if isinstance(drawn, Svg) else None


def how_block(text: str) -> Block:
    """How the figures are calculated, in the small print of a figure or page."""
    return Together([Text([Span(_("How is this calculated?"), bold=True)], SMALL), Text(text, SMALL)])


def data_table(fig: Figure, bars: RowBars | None = None, size: float = 0.0) -> Table:
    """The numbers of a figure; `bars` stand in a column of their own."""
    columns = [Column(head.label, head.numeric) for head in fig.table.heads]
    rows: list[list[Any]] = [[cell.text for cell, _column in cells] for cells, _bar in fig.rows_with_bars]
    foot: list[Any] = [cell.text for cell, _column in fig.table.foot_cells]
    if bars is None:
        return Table(columns, rows, foot=foot, size=size)
    wide = _with_bar_column(columns, bars)
    for row, (_cells, bar) in zip(rows, fig.rows_with_bars, strict=True):
        row.insert(bars.after, Picture(bar) if bar else "")
    if foot:
        foot.insert(bars.after, "")
    return Table(wide, rows, foot=foot, size=size)


def _with_bar_column(columns: Sequence[Column], bars: RowBars) -> list[Column]:
    words = "  ".join(str(item.text) for item in bars.legend)
    shares = [3.0 if not column.numeric else 1.25 for column in columns]
    made = [Column(column.head, column.numeric, share) for column, share in zip(columns, shares, strict=True)]
    made.insert(bars.after, Column(words, share=3.2))
    return made
