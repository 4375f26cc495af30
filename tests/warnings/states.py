"""States of projects for the calculation, made of a few numbers."""

from __future__ import annotations

import datetime
from typing import Any

import numpy as np

from portfolio.calc.health import compute, default_model
from portfolio.calc.health.codes import MEASURES
from portfolio.calc.warning.ahead import HISTORY, State, coming_work

MODEL = default_model()
DAY = datetime.date(2026, 11, 20)


def state(measures: dict[str, list[float]], *, size: int = 1, **values: Any) -> State:
    """n projects with these measures; every other one is unknown. `milestones` are (project, weeks to baseline, to forecast)."""
    unknown = np.full(size, np.nan)
    known = {code: np.array(measures.get(code, unknown), dtype=np.float64) for code in MEASURES}
    result = compute(MODEL, known, size=size)
    history = np.full((size, HISTORY), np.nan)
    history[:, 0] = result.overall
    for lag, scores in enumerate(values.get("past", []), start=1):
        history[:, lag] = scores
    money = {name: np.array(values.get(name, unknown), dtype=np.float64) for name in ("bac", "ev", "ac", "eac", "burn")}
    stones = values.get("milestones", [])
    return State(
        measures=known,
        drivers=np.array([""] * size, dtype=object),
        overall=result.overall,
        band=result.band,
        declared=np.zeros(size, dtype=np.int8),
        dimensions=result.dimension_scores,
        cycle_weeks=np.full(size, 2.0),
        open_issues=np.zeros(size),
        history=history,
        work=work(stones, size),
        **money,
    )


def work(stones: list[tuple[int, float, float]], size: int) -> Any:
    def at(weeks: float) -> np.datetime64:
        return np.datetime64(DAY + datetime.timedelta(days=round(7 * weeks)), "D")

    return coming_work(
        np.array([stone[0] for stone in stones], dtype=np.int64),
        np.full(len(stones), np.nan),
        np.array([at(stone[1]) for stone in stones], dtype="datetime64[D]"),
        np.array([at(stone[2]) for stone in stones], dtype="datetime64[D]"),
        np.full(len(stones), np.datetime64("NaT"), dtype="datetime64[D]"),
        day=DAY,
        projects=size,
    )
