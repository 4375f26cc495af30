"""Axis ticks made on the server: round values, and their texts with 万 and 亿, or k, m and bn.

All ticks of an axis share one divisor, so that a reader compares plain numbers. Values may lie between -1e15 and 1e15.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from pmo.core.web.formats import format_number

from .shapes import language

LIMIT = 1e15
SMALLEST_SPAN = 1e-9
_FINER = (2, 5, 10, 20)
_MULTIPLES = (Decimal(1), Decimal(2), Decimal("2.5"), Decimal(5), Decimal(10))
_SCALES = {
    "zh": ((Decimal(10) ** 8, "亿"), (Decimal(10) ** 4, "万")),
    "en": ((Decimal(10) ** 9, "bn"), (Decimal(10) ** 6, "m"), (Decimal(10) ** 3, "k")),
}


@dataclass(frozen=True)
class Ticks:
    """Positions on an axis in data units, ascending, and the text of each."""

    values: tuple[float, ...]
    texts: tuple[str, ...]

    @property
    def low(self) -> float:
        """Where the axis begins."""
        return self.values[0]

    @property
    def high(self) -> float:
        """Where the axis ends."""
        return self.values[-1]


def _bounds(low: float, high: float) -> tuple[Decimal, Decimal]:
    if not (math.isfinite(low) and math.isfinite(high)):
        raise ValueError("an axis needs finite bounds")
    if max(abs(low), abs(high)) > LIMIT:
        raise ValueError(f"an axis ends at {LIMIT:g}; divide the values first")
    low, high = min(low, high), max(low, high)
    if high - low < max(SMALLEST_SPAN, abs(high) * 1e-9, abs(low) * 1e-9):
        pad = max(abs(high), abs(low)) / 10 or 1.0
        pad = max(pad, SMALLEST_SPAN)
        low, high = low - pad, high + pad
    return Decimal(repr(low)), Decimal(repr(high))


def _step(span: Decimal, count: int, whole: bool) -> Decimal:
    raw = span / max(count - 1, 1)
    power = Decimal(10) ** raw.adjusted()
    step = next(multiple * power for multiple in _MULTIPLES if multiple * power >= raw)
    if whole and step != step.to_integral_value():
        return Decimal(1) if step < 1 else step.to_integral_value(ROUND_CEILING)
    return step


def _nice(low: float, high: float, count: int, whole: bool) -> tuple[list[Decimal], Decimal]:
    bottom, top = _bounds(low, high)
    step = _step(top - bottom, count, whole)
    first = (bottom / step).to_integral_value(ROUND_FLOOR)
    last = (top / step).to_integral_value(ROUND_CEILING)
    return [step * (first + index) for index in range(int(last - first) + 1)], step


def _scale(largest: Decimal, lang: str | None) -> tuple[Decimal, str]:
    # Below ten thousand the full number is short enough in both languages.
    for divisor, suffix in _SCALES[language(lang)]:
        if largest >= divisor and largest >= 10_000:
            return divisor, suffix
    return Decimal(1), ""


def _decimals(step: Decimal) -> int:
    exponent = step.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def number_ticks(
    low: float, high: float, *, lang: str | None = None, count: int = 5, compact: bool = True, whole: bool = False
) -> Ticks:
    """About `count` round ticks that enclose low and high.

    compact: shorten by 万, 亿 or k, m, bn; say False when the values already are in 万元 or millions.
    whole: only whole numbers (people, projects). Raises ValueError for bounds that are not finite or beyond 1e15.
    """
    values, step = _nice(low, high, count, whole)
    divisor, suffix = _scale(max(abs(values[0]), abs(values[-1])), lang) if compact else (Decimal(1), "")
    decimals = _decimals(step / divisor)
    texts = ["0" if value == 0 else format_number(value / divisor, decimals) + suffix for value in values]
    return Ticks(tuple(float(value) for value in values), tuple(texts))


def tick_levels(
    low: float, high: float, *, lang: str | None = None, count: int = 5, compact: bool = True
) -> list[Ticks]:
    """The axis's ticks and finer sets over the same range, for a drawing that is zoomed in the browser."""
    coarse = number_ticks(low, high, lang=lang, count=count, compact=compact)
    finer = [
        number_ticks(coarse.low, coarse.high, lang=lang, count=count * factor, compact=compact) for factor in _FINER
    ]
    return [coarse, *finer]


def fixed_ticks(values: list[float], *, lang: str | None = None, compact: bool = True) -> Ticks:
    """Ticks at given positions, for axes where thresholds mean more than round numbers."""
    ordered = sorted(set(values))
    exact = [Decimal(repr(float(value))) for value in ordered]
    divisor, suffix = _scale(max(abs(value) for value in exact), lang) if compact else (Decimal(1), "")
    decimals = min(2, max(_decimals(value / divisor) for value in exact))
    texts = ["0" if value == 0 else format_number(value / divisor, decimals) + suffix for value in exact]
    return Ticks(tuple(ordered), tuple(texts))


def value_text(value: float, compact: bool = True, lang: str | None = None) -> str:
    """One number for a label: 27800000 becomes 2,780万 or 27.8m, 202000000 2.02亿; not compact, 63.25 becomes 63.3."""
    exact = Decimal(repr(float(value)))
    divisor, suffix = _scale(abs(exact), lang) if compact else (Decimal(1), "")
    scaled = exact / divisor
    decimals = 1 if not suffix or abs(scaled) >= 10 else 2
    if scaled == scaled.to_integral_value() or abs(scaled) >= 100:
        decimals = 0
    return format_number(scaled, decimals) + suffix
