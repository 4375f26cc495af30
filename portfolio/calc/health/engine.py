"""The health engine: scores, colours and points lost of many projects at once.

The rules, in this order:

1. A measure's score is read off its piecewise-linear thresholds. A measure without data (NaN) has no score.
2. A dimension's score is the weighted mean of its measures that have one; none of them: the dimension is missing.
3. H = sum(w * d) / sum(w) over the dimensions with data, w shifted by the project's delivery driver. Missing dimensions
   are named, never counted as green.
4. One red dimension caps H at `cap_one_red`, two or more at `cap_two_red`.
5. A stale figure then loses `stale_penalty` points, but never falls below 0.
6. The colour is decided on H rounded to the one decimal that is shown (see `bands`). If the dimensions with data carry
   less than `min_weight_share` of the weight, there is no H and the project is grey.

Every operation is element by element over projects, so a project's figures do not depend on which others are computed
with it: chunks give bit for bit what one run gives.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from portfolio.calc.health.bands import BandArray, BoolArray, FloatArray, band_of, round_shown
from portfolio.calc.health.codes import DIMENSION_INDEX, DIMENSIONS, MEASURES, RED
from portfolio.calc.health.model import HealthModelSpec

CAP_NONE = 0
CAP_ONE_RED = 1
CAP_TWO_RED = 2

_SHARE_NOISE = 1e-9


@dataclass(frozen=True)
class HealthResult:
    """Health of n projects under a model of m measures; scores and points are 0..100.

    For every project with a colour, `points_lost.sum() + cap_points + stale_points == 100 - overall` (within 1e-9).
    Grey projects keep their dimension scores but have NaN for `raw`, `overall`, `shown` and 0 for all points.
    """

    measure_codes: tuple[str, ...]
    measure_scores: FloatArray
    """(n, m); NaN where the measure has no data."""
    dimension_scores: FloatArray
    """(n, 8) in the order of `DIMENSIONS`; NaN where no measure has data."""
    dimension_bands: BandArray
    """(n, 8) band codes."""
    raw: FloatArray
    """(n,) the weighted mean, before caps and the stale penalty."""
    overall: FloatArray
    """(n,) H at full precision."""
    shown: FloatArray
    """(n,) H as shown, one decimal; the number that decided the colour."""
    band: BandArray
    """(n,) band codes of `shown`."""
    points_lost: FloatArray
    """(n, m) points each measure took from 100; 0 without data."""
    cap_points: FloatArray
    """(n,) points taken by the cap."""
    stale_points: FloatArray
    """(n,) points taken because the figure is stale."""
    cap_rule: NDArray[np.int8]
    """(n,) the cap that took points: 0 none, 1 one red dimension, 2 two or more."""
    red_dimensions: NDArray[np.int8]
    """(n,) number of red dimensions that carry weight."""
    stale: BoolArray
    """(n,) whether the figure is stale, grey or not."""
    missing: NDArray[np.uint8]
    """(n,) bit i is set if dimension i carries weight but has no data; `missing_names` reads it."""
    weight_share: FloatArray
    """(n,) share of the weight that has data, 0..1."""


def compute(
    model: HealthModelSpec,
    measures: Mapping[str, ArrayLike],
    *,
    drivers: Sequence[str] | NDArray[Any] | None = None,
    stale: ArrayLike | None = None,
    size: int | None = None,
) -> HealthResult:
    """Compute the health of n projects.

    `measures` maps measure codes to (n,) numbers, NaN or None without data; a measure the model does not use is
    ignored, one that nobody knows is an error. `drivers` are n driver codes ("" or unknown: no shift). `stale` is (n,)
    booleans; left out, it follows from `report_age_cycles`. `size` is n, needed only where no array says it.
    Raises ValueError for an unknown measure or arrays of different lengths. The model must be valid.
    """
    n = _size(model, measures, drivers, stale, size)
    values = _value_matrix(model, measures, n)
    scores = np.array([_measure_score(spec.points, row) for spec, row in zip(model.measures, values, strict=True)])
    scores = scores.reshape(len(model.measures), n)
    dimension_scores, inner_shares = _dimension_scores(model, scores)
    weights = _weight_table(model, drivers, n)
    is_stale = stale_from_age(model, _ages(measures, n)) if stale is None else np.asarray(stale, dtype=np.bool_)
    return _combine(model, scores, dimension_scores, inner_shares, weights, is_stale)


def compute_one(
    model: HealthModelSpec, measures: Mapping[str, float | None], *, driver: str = "", stale: bool | None = None
) -> HealthResult:
    """Compute one project; the arrays of the result have length 1."""
    arrays = {code: np.array([value], dtype=np.float64) for code, value in measures.items()}
    return compute(model, arrays, drivers=[driver], stale=None if stale is None else [stale], size=1)


def stale_from_age(model: HealthModelSpec, age_cycles: ArrayLike) -> BoolArray:
    """Tell which figures are stale, from the age of the last report in reporting cycles; no age (NaN) is not stale."""
    result: BoolArray = np.asarray(age_cycles, dtype=np.float64) > model.stale_after_cycles
    return result


def missing_names(mask: int) -> tuple[str, ...]:
    """Return the dimensions named by one value of `HealthResult.missing`."""
    return tuple(code for index, code in enumerate(DIMENSIONS) if int(mask) >> index & 1)


def _size(
    model: HealthModelSpec,
    measures: Mapping[str, ArrayLike],
    drivers: Sequence[str] | NDArray[Any] | None,
    stale: ArrayLike | None,
    size: int | None,
) -> int:
    known = MEASURES.keys() | {spec.code for spec in model.measures}
    unknown = sorted(measures.keys() - known)
    if unknown:
        raise ValueError(f"unknown measures: {', '.join(unknown)}")
    lengths = {f"measure {code}": np.shape(values) for code, values in measures.items()}
    if drivers is not None:
        lengths["drivers"] = np.shape(drivers)
    if stale is not None:
        lengths["stale"] = np.shape(stale)
    n = size if size is not None else next((shape[0] for shape in lengths.values() if shape), 0)
    for name, shape in lengths.items():
        if shape != (n,):
            raise ValueError(f"{name} has shape {shape}, expected ({n},)")
    return n


def _value_matrix(model: HealthModelSpec, measures: Mapping[str, ArrayLike], n: int) -> FloatArray:
    values = np.full((len(model.measures), n), np.nan)
    for row, spec in enumerate(model.measures):
        if spec.code in measures and spec.weight > 0:
            values[row] = np.asarray(measures[spec.code], dtype=np.float64)
    return values


def _ages(measures: Mapping[str, ArrayLike], n: int) -> FloatArray:
    return np.asarray(measures.get("report_age_cycles", np.full(n, np.nan)), dtype=np.float64)


def _measure_score(points: tuple[tuple[float, float], ...], values: FloatArray) -> FloatArray:
    table = np.array(points, dtype=np.float64)
    scores: FloatArray = np.interp(values, table[:, 0], table[:, 1])
    return scores


def _dimension_scores(model: HealthModelSpec, scores: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return the (8, n) dimension scores and the (m, n) share each measure has in its dimension."""
    n = scores.shape[1]
    present = ~np.isnan(scores)
    totals = np.zeros((len(DIMENSIONS), n))
    sums = np.zeros((len(DIMENSIONS), n))
    rows = [DIMENSION_INDEX[spec.dimension] for spec in model.measures]
    for row, (spec, dimension) in enumerate(zip(model.measures, rows, strict=True)):
        totals[dimension] += spec.weight * present[row]
        sums[dimension] += spec.weight * np.where(present[row], scores[row], 0.0)
    shares = np.zeros_like(scores)
    for row, (spec, dimension) in enumerate(zip(model.measures, rows, strict=True)):
        np.divide(spec.weight, totals[dimension], out=shares[row], where=present[row] & (totals[dimension] > 0))
    dimension_scores = np.full(sums.shape, np.nan)
    np.divide(sums, totals, out=dimension_scores, where=totals > 0)
    return dimension_scores, shares


def _weight_table(model: HealthModelSpec, drivers: Sequence[str] | NDArray[Any] | None, n: int) -> FloatArray:
    """Return the (8, n) dimension weights, shifted by each project's delivery driver."""
    base = np.array(list(model.weights_for().values()), dtype=np.float64)
    weights = np.repeat(base[:, np.newaxis], n, axis=1)
    if drivers is None:
        return weights
    codes = np.asarray(drivers, dtype=np.str_)
    for driver in model.driver_shifts:
        chosen = codes == driver
        weights[:, chosen] = np.array(list(model.weights_for(driver).values()))[:, np.newaxis]
    return weights


def _sum_rows(matrix: NDArray[Any]) -> FloatArray:
    """Add the rows one after the other: unlike `sum`, the order never depends on the number of columns."""
    total = np.zeros(matrix.shape[1])
    for row in matrix:
        total += row
    return total


def _combine(
    model: HealthModelSpec,
    scores: FloatArray,
    dimension_scores: FloatArray,
    inner_shares: FloatArray,
    weights: FloatArray,
    stale: BoolArray,
) -> HealthResult:
    present = ~np.isnan(dimension_scores)
    used = np.where(present, weights, 0.0)
    used_total, full_total = _sum_rows(used), _sum_rows(weights)
    share = np.divide(used_total, full_total, out=np.zeros_like(used_total), where=full_total > 0)
    enough = (used_total > 0) & (share >= model.min_weight_share - _SHARE_NOISE)
    outer_shares = np.divide(used, used_total, out=np.zeros_like(used), where=enough)
    raw = np.where(enough, _sum_rows(outer_shares * np.where(present, dimension_scores, 0.0)), np.nan)
    bands = band_of(dimension_scores, green_from=model.green_from, amber_from=model.amber_from)
    reds = _sum_rows((bands == RED) & (weights > 0)).astype(np.int8)
    capped = np.fmin(raw, np.where(reds >= 2, model.cap_two_red, np.where(reds == 1, model.cap_one_red, 100.0)))
    capped = np.where(enough, capped, np.nan)
    overall = np.where(stale, np.fmax(capped - model.stale_penalty, 0.0), capped)
    overall = np.where(enough, overall, np.nan)
    cap_points = np.where(enough, raw - capped, 0.0)
    rows = [DIMENSION_INDEX[spec.dimension] for spec in model.measures]
    lost = outer_shares[rows] * inner_shares * (100.0 - np.where(np.isnan(scores), 100.0, scores))
    return HealthResult(
        measure_codes=tuple(spec.code for spec in model.measures),
        measure_scores=scores.T,
        dimension_scores=dimension_scores.T,
        dimension_bands=bands.T,
        raw=raw,
        overall=overall,
        shown=round_shown(overall),
        band=band_of(overall, green_from=model.green_from, amber_from=model.amber_from),
        points_lost=lost.T,
        cap_points=cap_points,
        stale_points=np.where(enough, capped - overall, 0.0),
        cap_rule=np.where(cap_points > 0, np.minimum(reds, CAP_TWO_RED), CAP_NONE).astype(np.int8),
        red_dimensions=reds,
        stale=stale,
        missing=_missing_mask(present, weights),
        weight_share=share,
    )


def _missing_mask(present: BoolArray, weights: FloatArray) -> NDArray[np.uint8]:
    mask = np.zeros(present.shape[1], dtype=np.uint8)
    for index in range(len(DIMENSIONS)):
        mask |= (~present[index] & (weights[index] > 0)).astype(np.uint8) << np.uint8(index)
    return mask
