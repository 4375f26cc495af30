"""A chart of the page on paper: the markup that `pmo.core.charts` writes, drawn as lines, shapes and text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree

from django.utils.safestring import SafeString

from pmo.core.charts.legend import swatch
from pmo.core.charts.model import LegendItem
from pmo.core.pdf.blocks import Block, Style, Text, draw_lines
from pmo.core.pdf.lines import Span, natural_width
from pmo.core.pdf.palette import colour
from pmo.core.pdf.strokes import Look, hidden, margins, shape_look, text_look

# Points for each pixel of the page.
SCALE = 0.72
_COMMAND = re.compile(r"([MLZ])([^MLZ]*)")


@dataclass(frozen=True)
class _View:
    """A viewport: corner and size in points, points for each unit, and the pixels that the whole picture is wide."""

    x: float
    y: float
    width: float
    height: float
    across: float = SCALE
    down: float = SCALE
    pixels: float = 0.0

    def h(self, value: str | None) -> float:
        """A horizontal position or length, with percentages of the viewport."""
        text = value or "0"
        return float(text[:-1]) / 100 * self.width if text.endswith("%") else float(text) * self.across

    def v(self, value: str | None) -> float:
        """A vertical position or length."""
        text = value or "0"
        return float(text[:-1]) / 100 * self.height if text.endswith("%") else float(text) * self.down


class Picture(Block):
    """A drawing of `pmo.core.charts`, as wide as its place, and its legend."""

    after = 6.0

    def __init__(self, markup: SafeString, legend: Sequence[LegendItem] = ()) -> None:
        self.drawings = list(ElementTree.fromstring(f"<g>{markup}</g>"))  # noqa: S314 - escaped in charts.markup
        self.legend = _Legend(legend) if legend else None

    def height(self, width: float) -> float:
        drawn = sum(self._height(root) for root in self._fitting(width))
        return drawn + (self.legend.height(width) if self.legend else 0.0)

    def _fitting(self, width: float) -> list[ElementTree.Element]:
        return [root for root in self.drawings if not hidden(root.get("class", ""), width / SCALE)]

    def _height(self, root: ElementTree.Element) -> float:
        room = margins(root.get("class", ""))
        return (float(root.get("height", "0")) + room["top"] + room["bottom"]) * SCALE

    def draw(self, canvas: Any, x: float, top: float, width: float) -> None:
        for root in self._fitting(width):
            room = {side: pixels * SCALE for side, pixels in margins(root.get("class", "")).items()}
            wide = root.get("width", "100%")
            inner = width - room["left"] - room["right"] if wide.endswith("%") else float(wide) * SCALE
            high = float(root.get("height", "0")) * SCALE
            view = _View(x + room["left"], top - room["top"], inner, high, pixels=width / SCALE)
            canvas.saveState()
            _children(canvas, root, view)
            canvas.restoreState()
            top -= self._height(root)
        if self.legend:
            self.legend.draw(canvas, x, top, width)


def _children(canvas: Any, parent: ElementTree.Element, view: _View) -> None:
    for element in parent:
        if not hidden(element.get("class", ""), view.pixels):
            drawer = _DRAWERS.get(element.tag)
            if drawer is not None:
                drawer(canvas, element, view)


def _nested(canvas: Any, element: ElementTree.Element, view: _View) -> None:
    x, y = view.x + view.h(element.get("x")), view.y - view.v(element.get("y"))
    width, height = view.h(element.get("width", "100%")), view.v(element.get("height", "100%"))
    box = element.get("viewBox")
    if box is None:
        inner = _View(x, y, width, height, view.across, view.down, view.pixels)
    else:
        _left, _top, wide, high = (float(part) for part in box.split())
        inner = _View(x, y, width, height, width / wide, height / high if high else view.down, view.pixels)
    _children(canvas, element, inner)


def _set(canvas: Any, look: Look) -> dict[str, int]:
    if look.fill:
        canvas.setFillColor(colour(look.fill), look.opacity)
    if look.stroke:
        canvas.setStrokeColor(colour(look.stroke), 1 if look.fill else look.opacity)
        canvas.setLineWidth(look.width * SCALE)
        canvas.setDash([part * SCALE for part in look.dash])
        canvas.setLineJoin(1)
    return {"stroke": int(bool(look.stroke)), "fill": int(bool(look.fill))}


def _rect(canvas: Any, element: ElementTree.Element, view: _View) -> None:
    width, height = view.h(element.get("width")), view.v(element.get("height"))
    if width <= 0 or height <= 0:
        return
    x, y = view.x + view.h(element.get("x")), view.y - view.v(element.get("y")) - height
    painted = _set(canvas, shape_look(element.get("class", "")))
    radius = min(float(element.get("rx", "0")) * SCALE, width / 2, height / 2)
    canvas.roundRect(x, y, width, height, radius, **painted) if radius else canvas.rect(x, y, width, height, **painted)


def _line(canvas: Any, element: ElementTree.Element, view: _View) -> None:
    _set(canvas, shape_look(element.get("class", "")))
    x1, x2 = (view.x + view.h(element.get(name)) for name in ("x1", "x2"))
    y1, y2 = (view.y - view.v(element.get(name)) for name in ("y1", "y2"))
    canvas.line(x1, y1, x2, y2)


def _circle(canvas: Any, element: ElementTree.Element, view: _View) -> None:
    painted = _set(canvas, shape_look(element.get("class", "")))
    x, y = view.x + view.h(element.get("cx")), view.y - view.v(element.get("cy"))
    canvas.circle(x, y, float(element.get("r", "0")) * SCALE, **painted)


def _path(canvas: Any, element: ElementTree.Element, view: _View) -> None:
    painted = _set(canvas, shape_look(element.get("class", "")))
    path = canvas.beginPath()
    for command, numbers in _COMMAND.findall(element.get("d", "")):
        if command == "Z":
            path.close()
            continue
        for place, (across, down) in enumerate(_pairs(numbers)):
            move = path.moveTo if command == "M" and place == 0 else path.lineTo
            move(view.x + across * view.across, view.y - down * view.down)
    canvas.drawPath(path, **painted)


def _pairs(numbers: str) -> list[tuple[float, float]]:
    found = [float(part) for part in numbers.replace(",", " ").split()]
    return list(zip(found[::2], found[1::2], strict=True))


def _text(canvas: Any, element: ElementTree.Element, view: _View) -> None:
    content = (element.text or "").strip()
    if not content:
        return
    look = text_look(element.get("class", ""))
    size = look.size * SCALE
    x = view.x + view.h(element.get("x")) + float(element.get("dx", "0")) * SCALE
    width = natural_width([Span(content)], size, look.bold)[1]
    x -= {"middle": width / 2, "end": width}.get(element.get("text-anchor", ""), 0.0)
    style = Style(size, size, look.bold, look.fill)
    base = view.y - view.v(element.get("y"))
    draw_lines(canvas, Text(content, style).lines(width + size), style, x, base + size * 0.85, width + size)


_DRAWERS = {
    "svg": _nested,
    "g": lambda canvas, element, view: _children(canvas, element, view),
    "a": lambda canvas, element, view: _children(canvas, element, view),
    "rect": _rect,
    "line": _line,
    "circle": _circle,
    "path": _path,
    "text": _text,
}


class _Legend(Block):
    """The entries of a legend one after the other, in as many lines as they take."""

    _STYLE = Style(7.5, 12, colour="t2", after=0)
    _MARK, _GAP = 14.0, 12.0

    def __init__(self, items: Sequence[LegendItem]) -> None:
        self.items = [(Picture(swatch(item)), str(item.text)) for item in items]

    def _placed(self, width: float) -> list[tuple[float, int, Picture, str]]:
        found, x, row = [], 0.0, 0
        for mark, text in self.items:
            wide = self._MARK + natural_width([Span(text)], self._STYLE.size)[1] + self._GAP
            if x and x + wide > width:
                x, row = 0.0, row + 1
            found.append((x, row, mark, text))
            x += wide
        return found

    def height(self, width: float) -> float:
        placed = self._placed(width)
        return (placed[-1][1] + 1) * self._STYLE.leading + 2 if placed else 0.0

    def draw(self, canvas: Any, x: float, top: float, width: float) -> None:
        for across, row, mark, text in self._placed(width):
            line = top - row * self._STYLE.leading
            mark.draw(canvas, x + across, line - 1.5, 14 * SCALE)
            room = width - across - self._MARK
            draw_lines(canvas, Text(text, self._STYLE).lines(room), self._STYLE, x + across + self._MARK, line, room)
