"""What a page is filled with: text, headings, rules, pictures; each knows its height, how it is cut, and how it is drawn."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from pmo.core.pdf.fonts import HAN, MISSING
from pmo.core.pdf.lines import Line, Span, broken
from pmo.core.pdf.palette import colour

Content = str | Span | Sequence[Span]


@dataclass(frozen=True)
class Style:
    """Size and line height in points, weight, colour, alignment (left, right, center), room before and after."""

    size: float = 9
    leading: float = 13.5
    bold: bool = False
    colour: str = "t1"
    align: str = "left"
    before: float = 0
    after: float = 4


BODY = Style()
SMALL = Style(7.5, 11, colour="t3", after=2)
TITLE = Style(18, 24, bold=True, after=2)
HEADING = Style(11.5, 16, bold=True, before=10, after=4)
LEAD = Style(10, 15, colour="t2", after=8)


class Block(ABC):
    """Something on a page. `keep`: never the last thing on a page, what follows begins on the same one."""

    before: float = 0.0
    after: float = 0.0
    keep: bool = False

    @abstractmethod
    def height(self, width: float) -> float:
        """Its height in points at that width."""

    def split(self, width: float, room: float) -> tuple[Block, Block] | None:
        """What fits into the room and the rest; None where it cannot be cut there."""
        return None

    @abstractmethod
    def draw(self, canvas: Any, x: float, top: float, width: float) -> None:
        """Draw it with its upper left corner at (x, top)."""


def spans_of(content: Content) -> tuple[Span, ...]:
    """The text as spans."""
    if isinstance(content, str):
        return (Span(content),)
    return (content,) if isinstance(content, Span) else tuple(content)


class Text(Block):
    """A text of one style; its spans may differ in weight and colour."""

    def __init__(self, content: Content, style: Style = BODY, *, keep: bool = False) -> None:
        self.spans, self.style, self.keep = spans_of(content), style, keep
        self.before, self.after = style.before, style.after
        self._made: dict[float, list[Line]] = {}

    def lines(self, width: float) -> list[Line]:
        """Its lines at the width."""
        if width not in self._made:
            self._made = {width: broken(self.spans, width, self.style.size, self.style.bold)}
        return self._made[width]

    def height(self, width: float) -> float:
        return len(self.lines(width)) * self.style.leading

    def split(self, width: float, room: float) -> tuple[Block, Block] | None:
        lines = self.lines(width)
        fits = int(room // self.style.leading)
        if fits < 1 or fits >= len(lines):
            return None
        return _Lines(lines[:fits], replace(self.style, after=0)), _Lines(lines[fits:], replace(self.style, before=0))

    def draw(self, canvas: Any, x: float, top: float, width: float) -> None:
        draw_lines(canvas, self.lines(width), self.style, x, top, width)


class _Lines(Text):
    """A part of a text that has been broken already."""

    def __init__(self, lines: list[Line], style: Style) -> None:
        super().__init__("", style)
        self._lines = lines

    def lines(self, width: float) -> list[Line]:
        return self._lines


def draw_lines(canvas: Any, lines: list[Line], style: Style, x: float, top: float, width: float) -> None:
    """Draw broken lines into a column."""
    for number, line in enumerate(lines):
        used = sum(piece.width for piece in line)
        at = x + {"right": width - used, "center": (width - used) / 2}.get(style.align, 0.0)
        base = top - number * style.leading - (style.leading + style.size * 0.7) / 2
        for piece in line:
            if not piece.text:
                draw_mark(canvas, piece.span.mark, at, base + piece.size * 0.35, piece.size * 0.8)
            else:
                strong = style.bold or piece.span.bold
                _write(canvas, piece, at + piece.gap, base, piece.span.colour or style.colour, strong)
            at += piece.width


def _write(canvas: Any, piece: Any, x: float, y: float, name: str, strong: bool) -> None:
    shade = colour(name)
    text = canvas.beginText(x, y)
    text.setFont(piece.font, piece.size)
    text.setFillColor(shade)
    if strong and piece.font == HAN:
        # The font has one weight: an outline of its own colour makes the other.
        canvas.setLineWidth(piece.size * 0.028)
        text.setStrokeColor(shade)
        text.setTextRenderMode(2)
    text.textOut(piece.text)
    if strong and piece.font == HAN:
        text.setTextRenderMode(0)
    canvas.drawText(text)
    if MISSING in piece.text:
        canvas.missing = True


def draw_mark(canvas: Any, band: str, x: float, middle: float, size: float) -> None:
    """The shape of a band: disc, triangle, square, ring; the same as on the page."""
    shade = colour(band)
    canvas.setFillColor(shade)
    canvas.setStrokeColor(shade)
    half = size / 2
    if band == "green":
        canvas.circle(x + half, middle, half * 0.9, stroke=0, fill=1)
    elif band == "amber":
        path = canvas.beginPath()
        path.moveTo(x + half, middle + half * 0.9)
        path.lineTo(x + size, middle - half * 0.9)
        path.lineTo(x, middle - half * 0.9)
        path.close()
        canvas.drawPath(path, stroke=0, fill=1)
    elif band == "red":
        canvas.rect(x + size * 0.06, middle - half * 0.88, size * 0.88, size * 0.88, stroke=0, fill=1)
    else:
        canvas.setLineWidth(size * 0.16)
        canvas.circle(x + half, middle, half * 0.75, stroke=1, fill=0)


@dataclass
class Rule(Block):
    """A hairline over the width."""

    before: float = 4.0
    after: float = 6.0
    shade: str = "line-2"
    keep: bool = field(default=False)

    def height(self, width: float) -> float:
        return 0.5

    def draw(self, canvas: Any, x: float, top: float, width: float) -> None:
        canvas.setStrokeColor(colour(self.shade))
        canvas.setLineWidth(0.5)
        canvas.line(x, top, x + width, top)


class Together(Block):
    """Blocks that stay on one page where a page can hold them."""

    def __init__(self, blocks: Sequence[Block]) -> None:
        self.blocks = list(blocks)
        self.before = self.blocks[0].before if self.blocks else 0.0
        self.after = self.blocks[-1].after if self.blocks else 0.0

    def height(self, width: float) -> float:
        return stack_height(self.blocks, width)

    def draw(self, canvas: Any, x: float, top: float, width: float) -> None:
        draw_stack(canvas, self.blocks, x, top, width)


class Beside(Together):
    """Two stacks side by side, the first with that share of the width; one below the other where no page can hold them."""

    GAP = 22.0

    def __init__(self, left: Sequence[Block], right: Sequence[Block], share: float = 0.5) -> None:
        super().__init__([*left, *right])
        self.sides, self.share = (list(left), list(right)), share

    def _widths(self, width: float) -> tuple[float, float]:
        left = (width - self.GAP) * self.share
        return left, width - self.GAP - left

    def height(self, width: float) -> float:
        return max(stack_height(side, wide) for side, wide in zip(self.sides, self._widths(width), strict=True))

    def draw(self, canvas: Any, x: float, top: float, width: float) -> None:
        left, right = self._widths(width)
        draw_stack(canvas, self.sides[0], x, top, left)
        draw_stack(canvas, self.sides[1], x + left + self.GAP, top, right)


def stack_height(blocks: Sequence[Block], width: float) -> float:
    """Blocks one below the other, without the room before the first and after the last."""
    total = sum(block.height(width) for block in blocks)
    return total + sum(max(one.after, two.before) for one, two in zip(blocks, blocks[1:], strict=False))


def draw_stack(canvas: Any, blocks: Sequence[Block], x: float, top: float, width: float) -> None:
    """Draw blocks one below the other."""
    for place, block in enumerate(blocks):
        block.draw(canvas, x, top, width)
        following = blocks[place + 1] if place + 1 < len(blocks) else None
        top -= block.height(width) + (max(block.after, following.before) if following else 0)


def rag(band: str, word: str, *, bold: bool = False) -> Span:
    """A colour as shape and word."""
    return Span(word, bold=bold, colour=f"{band}-t", mark=band)


__all__ = [
    "BODY",
    "Beside",
    "HEADING",
    "LEAD",
    "SMALL",
    "TITLE",
    "Block",
    "Content",
    "Rule",
    "Style",
    "Text",
    "Together",
    "draw_lines",
    "draw_mark",
    "draw_stack",
    "rag",
    "spans_of",
    "stack_height",
]
