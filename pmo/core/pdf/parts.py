"""Parts that documents share: facts side by side, notes of an export, a sheet that fits its table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pmo.core.pdf.blocks import Block, Style, Text
from pmo.core.pdf.document import Sheet
from pmo.core.pdf.lines import Span
from pmo.core.pdf.table import SIZES, Cell, Column, Table, least_width

LABEL = Style(7.5, 11, colour="t3", after=1)
VALUE = Style(9, 13.5, after=2)


def fact_grid(facts: Sequence[tuple[str, str]], columns: int = 3) -> Block:
    """Names above values, side by side."""
    cells: list[list[Block]] = [[Text(label, LABEL), Text(value, VALUE)] for label, value in facts]
    cells += [[Text("", LABEL)] for _missing in range(-len(cells) % columns)]
    rows = [cells[at : at + columns] for at in range(0, len(cells), columns)]
    return Table([Column("", share=1)] * columns, rows, plain=True)


def note_lines(notes: Sequence[tuple[str, str]]) -> Block:
    """Names and texts line by line: filters in force, what is hidden."""
    rows: list[list[Cell]] = [[Span(label, colour="t3"), text] for label, text in notes]
    return Table([Column("", share=1), Column("", share=5.4)], rows, plain=True, size=8)


def sheet_for(table: Table, **values: Any) -> Sheet:
    """Upright, across, or a larger paper: the first on which the table's words stay whole at a size that is easily read."""
    sheet = Sheet(**values)
    for wide, broad, size in ((False, False, SIZES[0]), (True, False, SIZES[1]), (True, True, SIZES[2])):
        sheet = Sheet(wide=wide, broad=broad, **values)
        if least_width(table, size) <= sheet.inner:
            break
    return sheet
