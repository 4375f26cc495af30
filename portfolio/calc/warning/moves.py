"""Which measures are getting worse, since when, and by how much a week."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from portfolio.calc.health.bands import FloatArray
from portfolio.calc.health.model import HealthModelSpec, MeasureSpec

LEAST_POINTS = 0.5
"""Points of health a measure must have cost since its run began to be worth a sentence."""


@dataclass(frozen=True)
class Move:
    """A measure that has gone one way only since a date: its values then and now, the change a week, and the points of
    health that cost (positive: lost).
    """

    code: str
    since: date
    before: float
    now: float
    per_week: float
    points: float


def moves(
    model: HealthModelSpec, driver: str, dates: Sequence[date], series: Mapping[str, Sequence[float | None]]
) -> list[Move]:
    """The measures that got worse, what cost most first. `series` has a value (None: unknown) for each of the dates, oldest
    first. The run of a measure reaches back from the last date for as long as no step was for the better.
    """
    shares = _shares(model, driver, {code for code, values in series.items() if values and values[-1] is not None})
    found = []
    for spec in model.measures:
        values = np.array(series.get(spec.code, ()), dtype=np.float64)
        if spec.code not in shares or len(values) != len(dates):
            continue
        start = _run_start(spec, values)
        lost = (_score(spec, values[start]) - _score(spec, values[-1])) * shares[spec.code]
        weeks = (dates[-1] - dates[start]).days / 7.0
        if weeks > 0 and lost >= LEAST_POINTS:
            before, now = float(values[start]), float(values[-1])
            found.append(Move(spec.code, dates[start], before, now, (now - before) / weeks, round(lost, 1)))
    return sorted(found, key=lambda move: (-move.points, move.code))


def _shares(model: HealthModelSpec, driver: str, known: set[str]) -> dict[str, float]:
    """The share of the score each known measure carries today, by dimension and within it."""
    live = [spec for spec in model.measures if spec.weight > 0 and spec.code in known]
    weights = model.weights_for(driver)
    inside: dict[str, float] = {}
    for spec in live:
        inside[spec.dimension] = inside.get(spec.dimension, 0.0) + spec.weight
    total = sum(weights[name] for name in inside)
    if not total:
        return {}
    return {spec.code: weights[spec.dimension] / total * spec.weight / inside[spec.dimension] for spec in live}


def _run_start(spec: MeasureSpec, values: FloatArray) -> int:
    """The first place from which every known step up to the last is for the worse or none."""
    start = len(values) - 1
    for place in range(len(values) - 2, -1, -1):
        if np.isnan(values[place]):
            continue
        better = values[start] > values[place] if spec.direction == "higher" else values[start] < values[place]
        if better:
            break
        start = place
    while start < len(values) - 1 and values[start] == _next_known(values, start):
        start += 1
    return start


def _next_known(values: FloatArray, place: int) -> float:
    later = values[place + 1 :]
    known = later[~np.isnan(later)]
    return float(known[0]) if known.size else float("nan")


def _score(spec: MeasureSpec, value: float) -> float:
    points = np.array(spec.points)
    return float(np.interp(value, points[:, 0], points[:, 1]))
