"""How good the early warnings would have been on a known history: precision, recall, weeks of lead time."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from portfolio.calc.health.bands import BandArray, band_of
from portfolio.calc.health.codes import GREY
from portfolio.calc.health.model import HealthModelSpec
from portfolio.calc.health.warning import TrendRules, early_warnings


@dataclass(frozen=True, slots=True)
class BackTest:
    """How the warnings of a change for the worse would have done on a known series.

    A *change* is a week whose colour is worse than the week before. A warning is right if the colour is worse within
    the horizon. `precision` is right warnings / warnings that can be judged, `recall` changes warned of within the
    horizon before them / changes, `lead_weeks` the median weeks between the first such warning and the change,
    `base_rate` the share of all project-weeks followed by a worse colour within the horizon: what a warning at random
    would score.
    """

    warnings: int
    right: int
    changes: int
    foreseen: int
    precision: float | None
    recall: float | None
    lead_weeks: float | None
    base_rate: float | None


def back_test(model: HealthModelSpec, series: ArrayLike, rules: TrendRules | None = None) -> BackTest:
    """Replay the warnings week by week over an (n, t) series, each from what was known in that week only."""
    rules = rules or TrendRules()
    values = np.asarray(series, dtype=np.float64)
    n, t = values.shape
    bands = band_of(values, green_from=model.green_from, amber_from=model.amber_from)
    warned = np.zeros((n, t), dtype=np.bool_)
    for week in range(rules.min_points - 1, t):
        found = early_warnings(model, values[:, : week + 1], rules)
        warned[found.project[found.worsening], week] = True
    judged = np.zeros((n, t), dtype=np.bool_)
    judged[:, rules.min_points - 1 : max(t - rules.horizon, 0)] = True
    judged &= bands != GREY
    worse = _worse_within(bands, rules.horizon)
    leads = _lead_weeks(bands, warned, rules)
    warnings, right = int((warned & judged).sum()), int((warned & worse & judged).sum())
    foreseen = [lead for lead in leads if lead > 0]
    return BackTest(
        warnings=warnings,
        right=right,
        changes=len(leads),
        foreseen=len(foreseen),
        precision=right / warnings if warnings else None,
        recall=len(foreseen) / len(leads) if leads else None,
        lead_weeks=float(np.median(foreseen)) if foreseen else None,
        base_rate=float((worse & judged).sum() / judged.sum()) if judged.any() else None,
    )


def _worse_within(bands: BandArray, horizon: int) -> NDArray[np.bool_]:
    worse = np.zeros(bands.shape, dtype=np.bool_)
    for ahead in range(1, min(horizon, bands.shape[1] - 1) + 1):
        later, now = bands[:, ahead:], bands[:, :-ahead]
        worse[:, :-ahead] |= (later < now) & (later != GREY)
    return worse


def _lead_weeks(bands: BandArray, warned: NDArray[np.bool_], rules: TrendRules) -> list[int]:
    """Return for every change the weeks since the first warning within the horizon before it, 0 if there was none.

    Changes so early that no warning was possible are left out.
    """
    drops = (bands[:, 1:] < bands[:, :-1]) & (bands[:, 1:] != GREY)
    leads = []
    for project, before in zip(*np.nonzero(drops), strict=True):
        week = before + 1
        if week < rules.min_points:
            continue
        start = max(week - rules.horizon, 0)
        hits = np.flatnonzero(warned[project, start:week])
        leads.append(int(week - start - hits[0]) if hits.size else 0)
    return leads
