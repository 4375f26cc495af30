"""Early warning: which projects will change colour if the present trend goes on.

The trend is the Theil-Sen estimator, the median of the slopes between all pairs of weeks: a single outlier, such as the
week in which a cap came into force, does not move it (Theil 1950; Sen 1968). How far the pairs agree about the
direction is the evidence, in the spirit of Kendall's tau.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from portfolio.calc.health.bands import BandArray, FloatArray, band_of
from portfolio.calc.health.codes import AMBER, GREEN, GREY, RED
from portfolio.calc.health.model import HealthModelSpec

IntArray = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class TrendRules:
    """When a trend is worth a warning.

    - `lookback`: weeks looked at, the present one included.
    - `horizon`: weeks ahead within which the colour must change.
    - `min_points`: weeks with a score needed in the look-back.
    - `min_slope`: points per week the trend must at least have.
    - `min_agreement`: share (0..1) of pairs of weeks that must point the way of the trend.
    """

    lookback: int = 8
    horizon: int = 8
    min_points: int = 4
    min_slope: float = 0.5
    min_agreement: float = 0.7


@dataclass(frozen=True)
class Trend:
    """Trend of n projects: slope in points per week (NaN with fewer than two points), points used, agreement 0..1."""

    slope: FloatArray
    points: IntArray
    agreement: FloatArray


@dataclass(frozen=True)
class EarlyWarnings:
    """w projects that will change colour, the most urgent first; all arrays are (w,).

    `project` is the row in the series, `weeks` the weeks until the border is crossed.
    """

    project: IntArray
    current: FloatArray
    band: BandArray
    next_band: BandArray
    border: FloatArray
    slope: FloatArray
    weeks: FloatArray
    agreement: FloatArray
    points: IntArray

    @property
    def worsening(self) -> NDArray[np.bool_]:
        """(w,) whether the change is for the worse."""
        result: NDArray[np.bool_] = self.next_band < self.band
        return result


def theil_sen(series: ArrayLike) -> Trend:
    """Return the robust trend of each row of an (n, k) weekly series, oldest first, NaN where a week has no score."""
    values = np.asarray(series, dtype=np.float64)
    n, k = values.shape
    first, second = np.triu_indices(k, 1)
    slopes = (values[:, second] - values[:, first]) / (second - first)
    slope = _row_median(slopes)
    pairs = (~np.isnan(slopes)).sum(axis=1)
    same_way = (np.sign(slopes) == np.sign(slope)[:, np.newaxis]).sum(axis=1)
    agreement = np.divide(same_way, pairs, out=np.zeros(n), where=pairs > 0)
    return Trend(slope, (~np.isnan(values)).sum(axis=1).astype(np.int64), agreement)


def _row_median(values: FloatArray) -> FloatArray:
    """Median of each row without its NaNs; NaN for a row of NaNs only."""
    if values.shape[1] == 0:
        return np.full(values.shape[0], np.nan)
    ordered = np.sort(values, axis=1)
    count = (~np.isnan(values)).sum(axis=1)
    rows = np.arange(values.shape[0])
    low = ordered[rows, np.maximum(count - 1, 0) // 2]
    high = ordered[rows, np.minimum(count // 2, values.shape[1] - 1)]
    return np.where(count > 0, (low + high) / 2.0, np.nan)


def early_warnings(model: HealthModelSpec, series: ArrayLike, rules: TrendRules | None = None) -> EarlyWarnings:
    """Return the projects that will change colour within the horizon.

    `series` is (n, k) weekly H at full precision, oldest first, the last column this week; NaN where grey. A project
    that is grey this week is never warned of.
    """
    rules = rules or TrendRules()
    values = np.asarray(series, dtype=np.float64)
    if values.ndim != 2 or values.shape[1] == 0:
        raise ValueError(f"the series has shape {values.shape}, expected (projects, weeks) with at least one week")
    trend = theil_sen(values[:, -rules.lookback :])
    current = values[:, -1]
    band = band_of(current, green_from=model.green_from, amber_from=model.amber_from)
    border, next_band = _next_border(model, band, trend.slope)
    weeks = np.divide(border - current, trend.slope, out=np.full(current.shape, np.nan), where=trend.slope != 0)
    weeks = np.maximum(weeks, 0.0)
    chosen = (
        (weeks <= rules.horizon)
        & (trend.points >= rules.min_points)
        & (np.abs(trend.slope) >= rules.min_slope)
        & (trend.agreement >= rules.min_agreement)
    )
    project = np.flatnonzero(chosen)
    project = project[np.lexsort((project, weeks[project]))]
    return EarlyWarnings(
        project=project.astype(np.int64),
        current=current[project],
        band=band[project],
        next_band=next_band[project],
        border=border[project],
        slope=trend.slope[project],
        weeks=weeks[project],
        agreement=trend.agreement[project],
        points=trend.points[project],
    )


def _next_border(model: HealthModelSpec, band: BandArray, slope: FloatArray) -> tuple[FloatArray, BandArray]:
    """Return the score at which the colour changes on the way of the slope, and the colour beyond it; NaN if none."""
    falling, rising = slope < 0, slope > 0
    cases = [
        falling & (band == GREEN),
        falling & (band == AMBER),
        rising & (band == AMBER),
        rising & (band == RED),
    ]
    border = np.select(cases, [model.green_from, model.amber_from, model.green_from, model.amber_from], np.nan)
    next_band = np.select(cases, [AMBER, RED, GREEN, AMBER], GREY).astype(np.int8)
    return border, next_band
