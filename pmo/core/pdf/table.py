"""Tables that run over pages: the head is repeated, figures stand right, nothing is cut."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from pmo.core.pdf.blocks import Block, Content, Style, Text, draw_stack, spans_of, stack_height
from pmo.core.pdf.lines import Span, natural_width
from pmo.core.pdf.palette import colour

Cell = Content | Block | Sequence[Block]
_Widths = tuple[float, float]
SIZES = (8.5, 7.5, 6.5)
_PAD, _GUTTER = 3.2, 4.0
_PLAIN_PAD, _SMALL_PAD = 2.2, 1.8
# Up to this size of text a table is a dense one.
_DENSE = 7.0
# Rows whose contents decide the widths, and the widest that a column asks for before it wraps.
_LOOKED_AT, _WIDEST, _LEAST = 200, 240.0, 110.0
# Texts of so many Chinese characters stay on one line; longer ones keep that share of their length.
_SHORT, _KEPT = 5.5, 0.4
# How far a table grows beyond what its contents need.
_STRETCH = 2.0
_TALL = 260.0


@dataclass(frozen=True)
class Column:
    """A column: its head, whether it holds figures, and a fixed share of the width (0: what its contents need)."""

    head: str
    numeric: bool = False
    share: float = 0.0


class Table(Block):
    """Rows under a head. A cell is text, spans, or blocks one below the other; `foot` is a last row of totals.

    `plain`: no head, no lines, the first column begins where the text around it does.
    """

    after = 8.0

    def __init__(
        self,
        columns: Sequence[Column],
        rows: Sequence[Sequence[Cell]],
        *,
        foot: Sequence[Cell] = (),
        size: float = 0.0,
        plain: bool = False,
    ) -> None:
        self.columns, self.plain, self.size = list(columns), plain, size
        self.raw = [*rows, *([foot] if foot else [])]
        self.footed = bool(foot)
        self._laid: tuple[float, _Laid] | None = None
        self._measured: list[tuple[_Widths, _Widths]] | None = None

    def measured(self) -> list[tuple[_Widths, _Widths]]:
        """Least and natural width of each column's head and contents, at size 1."""
        if self._measured is None:
            self._measured = [_measure(self, place) for place in range(len(self.columns))]
        return self._measured

    def laid(self, width: float) -> _Laid:
        """The table with its widths and rows worked out for the width."""
        if self._laid is None or self._laid[0] != width:
            self._laid = width, _Laid(self, width)
        return self._laid[1]

    def height(self, width: float) -> float:
        return self.laid(width).height()

    def split(self, width: float, room: float) -> tuple[Block, Block] | None:
        return self.laid(width).split(width, room)

    def draw(self, canvas: Any, x: float, top: float, width: float) -> None:
        self.laid(width).draw(canvas, x, top, width)


def least_width(table: Table, size: float) -> float:
    """The width below which words have to be broken at that size of text."""
    return sum(least + 2 * _GUTTER for least, _most in _wishes(table, size))


class _Laid(Block):
    """A table at one width: the widths of its columns and the blocks of its cells."""

    after = Table.after

    def __init__(self, table: Table, width: float) -> None:
        self.table = table
        size, self.widths = _fitted(table, width)
        self.style = Style(size, size * 1.42, after=1.5)
        head = Style(size - 0.5, size * 1.35, bold=True, colour="t2", after=0)
        self.head = [
            [Text(column.head, replace(head, align="right" if column.numeric else "left"))] for column in table.columns
        ]
        bold = len(table.raw) - 1 if table.footed else -1
        self.rows = [self._row(row, strong=place == bold) for place, row in enumerate(table.raw)]
        self.heights = [self._row_height(row) for row in self.rows]

    def _row(self, row: Sequence[Cell], *, strong: bool) -> list[list[Block]]:
        made = []
        for column, cell in zip(self.table.columns, row, strict=True):
            style = replace(self.style, align="right" if column.numeric else "left", bold=strong)
            made.append(_blocks(cell, style))
        return made

    def _row_height(self, row: Sequence[Sequence[Block]]) -> float:
        inner = (width - 2 * _GUTTER for width in self.widths)
        return max(stack_height(cell, room) for cell, room in zip(row, inner, strict=True)) + 2 * self.pad

    @property
    def pad(self) -> float:
        if self.table.plain:
            return _PLAIN_PAD
        return _SMALL_PAD if 0 < self.table.size <= _DENSE else _PAD

    @property
    def head_height(self) -> float:
        return 0.0 if self.table.plain else self._row_height(self.head)

    def height(self, width: float = 0.0) -> float:
        return self.head_height + sum(self.heights)

    def split(self, width: float, room: float) -> tuple[Block, Block] | None:
        left = room - self.head_height
        fits = 0
        while fits < len(self.heights) and self.heights[fits] <= left:
            left -= self.heights[fits]
            fits += 1
        if fits == len(self.heights):
            return None
        # The totals do not stand alone on the next page.
        if self.table.footed and fits == len(self.heights) - 1 and fits > 1:
            fits -= 1
        cut = self._cut(self.rows[fits], left) if self.heights[fits] > _TALL and left > 40 else None
        if cut is None and not fits:
            return None
        upper = self.rows[:fits] + ([cut[0]] if cut else [])
        lower = ([cut[1]] if cut else []) + self.rows[fits + bool(cut) :]
        return _Part(self, upper), _Part(self, lower)

    def _cut(self, row: list[list[Block]], room: float) -> tuple[list[list[Block]], list[list[Block]]] | None:
        """A row taller than many others, in two."""
        upper: list[list[Block]] = []
        lower: list[list[Block]] = []
        for cell, width in zip(row, self.widths, strict=True):
            first, rest = _cut_stack(cell, width - 2 * _GUTTER, room - 2 * self.pad)
            upper.append(first)
            lower.append(rest)
        return (upper, lower) if any(upper) else None

    def draw(self, canvas: Any, x: float, top: float, width: float) -> None:
        top = self._draw_head(canvas, x, top)
        last = len(self.rows) - 1
        for place, (row, height) in enumerate(zip(self.rows, self.heights, strict=True)):
            if not self.table.plain:
                canvas.setStrokeColor(colour("line-2" if self.table.footed and place == last - 1 else "line"))
                canvas.setLineWidth(0.5)
                canvas.line(x, top - height, x + sum(self.widths), top - height)
            self._draw_row(canvas, row, x, top)
            top -= height

    def _draw_head(self, canvas: Any, x: float, top: float) -> float:
        if self.table.plain:
            return top
        height, total = self.head_height, sum(self.widths)
        canvas.setFillColor(colour("sunken"))
        canvas.rect(x, top - height, total, height, stroke=0, fill=1)
        canvas.setStrokeColor(colour("line-2"))
        canvas.setLineWidth(0.6)
        canvas.line(x, top - height, x + total, top - height)
        self._draw_row(canvas, self.head, x, top)
        return top - height

    def _draw_row(self, canvas: Any, row: Sequence[Sequence[Block]], x: float, top: float) -> None:
        for cell, width in zip(row, self.widths, strict=True):
            draw_stack(canvas, cell, x + (0 if self.table.plain else _GUTTER), top - self.pad, width - 2 * _GUTTER)
            x += width


class _Part(_Laid):
    """Some rows of a laid table, on one page or on several more."""

    def __init__(self, whole: _Laid, rows: list[list[list[Block]]]) -> None:
        self.table, self.widths, self.style, self.head = whole.table, whole.widths, whole.style, whole.head
        self.rows = rows
        known = {id(row): height for row, height in zip(whole.rows, whole.heights, strict=True)}
        self.heights = [known.get(id(row)) or self._row_height(row) for row in rows]


def _stack(cell: Cell) -> list[Block] | None:
    """The blocks of a cell that is made of blocks, None for one of text."""
    if isinstance(cell, Block):
        return [cell]
    if isinstance(cell, str | Span) or not cell:
        return None
    blocks = [part for part in cell if isinstance(part, Block)]
    return blocks if len(blocks) == len(cell) else None


def _spans(cell: Cell) -> Sequence[Span]:
    if isinstance(cell, str | Span):
        return spans_of(cell)
    return [part for part in cell if isinstance(part, Span)] if not isinstance(cell, Block) else []


def _blocks(cell: Cell, style: Style) -> list[Block]:
    return _stack(cell) or [Text(_spans(cell), style)]


def _cut_stack(blocks: Sequence[Block], width: float, room: float) -> tuple[list[Block], list[Block]]:
    upper: list[Block] = []
    for place, block in enumerate(blocks):
        height = block.height(width)
        if height <= room:
            upper.append(block)
            room -= height + block.after
            continue
        parts = block.split(width, room)
        if parts is None:
            return upper, list(blocks[place:])
        return [*upper, parts[0]], [parts[1], *blocks[place + 1 :]]
    return upper, []


def _wishes(table: Table, size: float) -> list[tuple[float, float]]:
    """For each column the least and the natural width of its contents."""
    found = []
    for (head, body), column in zip(table.measured(), table.columns, strict=True):
        least = max(head[0] * (size - 0.5), body[0] * size)
        most = max(head[1] * (size - 0.5), body[1] * size)
        if not column.numeric:
            most = min(most, _WIDEST)
            least = max(min(least, _LEAST), min(most, _SHORT * size), most * _KEPT)
        found.append((least, most))
    return found


def _measure(table: Table, place: int) -> tuple[_Widths, _Widths]:
    """Least and natural width of a column's head and of its contents, at size 1: widths grow with the size."""
    column = table.columns[place]
    least = most = 0.0
    for row in table.raw[:_LOOKED_AT] + (table.raw[-1:] if table.footed else []):
        for text in _texts(row[place]):
            narrow, wide = natural_width(text, 1)
            least, most = max(least, wide if column.numeric else narrow), max(most, wide)
    return natural_width(spans_of(column.head), 1, True), (least, most)


def _texts(cell: Cell) -> list[Sequence[Span]]:
    blocks = _stack(cell)
    return [_spans(cell)] if blocks is None else [part.spans for part in blocks if isinstance(part, Text)]


def _fitted(table: Table, width: float) -> tuple[float, list[float]]:
    """The largest size at which no word need be broken, and the widths of the columns, which fill the page."""
    if any(column.share for column in table.columns):
        whole = sum(column.share for column in table.columns)
        return table.size or SIZES[0], [width * column.share / whole for column in table.columns]
    for size in (table.size,) if table.size else SIZES:
        wishes = [(least + 2 * _GUTTER, most + 2 * _GUTTER) for least, most in _wishes(table, size)]
        least, most = sum(pair[0] for pair in wishes), sum(pair[1] for pair in wishes)
        if least <= width:
            break
    else:
        return SIZES[-1] if not table.size else table.size, [width * pair[0] / least for pair in wishes]
    if most <= width:
        grown = min(width / most, _STRETCH)
        return size, [wish[1] * grown for wish in wishes]
    share = (width - least) / (most - least)
    return size, [low + (high - low) * share for low, high in wishes]
