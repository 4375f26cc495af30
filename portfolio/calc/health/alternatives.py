"""Published health models of other products, to reproduce and to compare with ours.

All functions are element by element over n projects. Band codes: 0 grey, 1 red, 2 amber (their yellow), 3 green.
None of the sources says what happens to a missing value; here it is stated at each function, and is never green.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from portfolio.calc.health.bands import BandArray, FloatArray
from portfolio.calc.health.codes import AMBER, GREEN, GREY, RED

_SIXTHS = np.array([0, 5, 3, 1], dtype=np.int64)


@dataclass(frozen=True)
class ScoredBands:
    """A value per project (NaN where grey) and its band codes."""

    value: FloatArray
    band: BandArray


def opentext_ppm(bands: ArrayLike, weights: ArrayLike) -> ScoredBands:
    """Health by "Health Weights" of OpenText (Micro Focus) PPM.

    Green counts 1/6, yellow 3/6, red 5/6; the weighted mean is green below 1/3, yellow below 2/3, else red, so
    *lower* is better. `bands` is (n, k) band codes of the k health indicators (there: schedule, cost, issues),
    `weights` (k,). A grey indicator is left out with its weight.
    Source: OpenText PPM help, Project Management, "Project Health policy".
    """
    codes = np.asarray(bands, dtype=np.int64)
    per_indicator = np.asarray(weights, dtype=np.float64)
    used = np.where(codes != GREY, per_indicator, 0.0)
    total = used.sum(axis=1)
    # in sixths all terms are whole numbers, so the borders 1/3 and 2/3 are hit exactly
    sixths = np.divide((used * _SIXTHS[codes]).sum(axis=1), total, out=np.full(total.shape, np.nan), where=total > 0)
    band = np.select([np.isnan(sixths), sixths < 2, sixths < 4], [GREY, GREEN, AMBER], RED).astype(np.int8)
    return ScoredBands(sixths / 6.0, band)


def sciforma(
    time: ArrayLike, cost: ArrayLike, quality: ArrayLike, *, weights: tuple[float, float, float] = (3.0, 2.0, 1.0)
) -> FloatArray:
    """Global score of Sciforma's "Project Health Score", a whole number 0..100, higher is better.

    (time weight * time score + cost weight * cost score + quality weight * quality score) / sum of weights, where a
    weight is 3 for high, 2 for medium and 1 for low priority. Scores are whole numbers there; halves round up here. A
    missing score (NaN) is left out with its weight; none at all gives NaN.
    Source: Sciforma help, "Project Health Score".
    """
    scores = np.stack([np.asarray(values, dtype=np.float64) for values in (time, cost, quality)])
    used = np.where(np.isnan(scores), 0.0, np.array(weights)[:, np.newaxis])
    total = used.sum(axis=0)
    mean = np.divide(
        (used * np.nan_to_num(scores)).sum(axis=0), total, out=np.full(total.shape, np.nan), where=total > 0
    )
    rounded: FloatArray = np.floor(mean + 0.5)
    return rounded


def fema_index_band(index: ArrayLike) -> BandArray:
    """Band of an SPI or CPI by FEMA's tolerances: green 0.95 to 1.05, yellow 0.90 to 1.10, else red; NaN is grey.

    Too good is as suspicious as too bad. Borders belong to the better colour.
    Source: FEMA, Mapping Information Platform FAQ, "Dashboard: tolerances".
    """
    values = np.asarray(index, dtype=np.float64)
    green = (values >= 0.95) & (values <= 1.05)
    yellow = (values >= 0.90) & (values <= 1.10)
    return np.select([np.isnan(values), green, yellow], [GREY, GREEN, AMBER], RED).astype(np.int8)


def fema(spi: ArrayLike, cpi: ArrayLike) -> BandArray:
    """Health indicator by FEMA's table: the worse of the SPI and the CPI band; grey if either is missing."""
    worst: BandArray = np.minimum(fema_index_band(spi), fema_index_band(cpi))
    return worst


def fema_composite(
    pv: ArrayLike, ev: ArrayLike, ac: ArrayLike, group: NDArray[np.int64], *, groups: int
) -> tuple[FloatArray, FloatArray, BandArray]:
    """SPI, CPI and health of g groups of tasks or projects: sums first, then ratios.

    `pv`, `ev`, `ac` and `group` are (n,); a sum of 0 below the line gives NaN and grey.
    """
    planned, earned, actual = (
        np.bincount(group, weights=np.asarray(values, dtype=np.float64), minlength=groups) for values in (pv, ev, ac)
    )
    spi = np.divide(earned, planned, out=np.full(groups, np.nan), where=planned != 0)
    cpi = np.divide(earned, actual, out=np.full(groups, np.nan), where=actual != 0)
    return spi, cpi, fema(spi, cpi)
