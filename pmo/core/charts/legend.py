"""The marks of a legend, small pictures of what they stand for."""

from __future__ import annotations

from django.utils.safestring import SafeString

from .markup import post, rect, rule, svg
from .model import LegendItem
from .shapes import BANDS, as_band, diamond, shape

_WIDTH, _HEIGHT = 14, 12
_LINES = ("planned", "earned", "actual-line", "forecast-line", "baseline")


def swatch(item: LegendItem) -> SafeString:
    """A mark of 14 x 12 pixels: a shape for a band, a line for a line, a tick for the forecast tick, else a block."""
    kind = item.swatch
    if kind in BANDS:
        mark = shape(as_band(kind), _WIDTH / 2, _HEIGHT / 2, 8)
    elif kind in _LINES or item.line:
        mark = rule(f"chart-line chart-ink-{kind}", _HEIGHT / 2)
    elif kind.startswith("stone"):
        mark = diamond(f"chart-{kind}", _WIDTH / 2, _HEIGHT / 2)
    elif kind == "forecast":
        mark = post("chart-forecast-tick", _WIDTH / 2, 0, _HEIGHT)
    else:
        mark = rect(f"chart-{kind}", 0, 3, _WIDTH, 7, 2)
    return svg([mark], width=_WIDTH, height=_HEIGHT, css="chart-swatch")
