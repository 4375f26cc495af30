"""Earned value of many projects at once, for the nightly job: the formulas of `indices` on float64 arrays.

"n/a" is NaN and never 0.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

FloatArray = NDArray[np.float64]


@dataclass(frozen=True)
class EarnedValueArrays:
    """Variances, indices and forecasts of n projects; all arrays are (n,), amounts in each project's own currency."""

    sv: FloatArray
    cv: FloatArray
    spi: FloatArray
    cpi: FloatArray
    eac_cpi: FloatArray
    eac_budget: FloatArray
    eac_cpi_spi: FloatArray
    eac_bottom_up: FloatArray
    etc: FloatArray
    """Estimate to complete by the CPI method."""
    vac: FloatArray
    """Variance at completion by the CPI method."""
    tcpi_bac: FloatArray
    tcpi_eac: FloatArray
    """To-complete index to the EAC of the CPI method."""


def earned_value_arrays(
    bac: ArrayLike, pv: ArrayLike, ev: ArrayLike, ac: ArrayLike, bottom_up_etc: ArrayLike | None = None
) -> EarnedValueArrays:
    """Compute n projects from (n,) amounts, NaN where unknown. See `indices.EarnedValue` for each formula."""
    budget, planned, earned, actual = (np.asarray(values, dtype=np.float64) for values in (bac, pv, ev, ac))
    rest = np.full(budget.shape, np.nan) if bottom_up_etc is None else np.asarray(bottom_up_etc, dtype=np.float64)
    spi, cpi = over(earned, planned), over(earned, actual)
    work_remaining = budget - earned
    eac_cpi = over(budget, cpi)
    return EarnedValueArrays(
        sv=earned - planned,
        cv=earned - actual,
        spi=spi,
        cpi=cpi,
        eac_cpi=eac_cpi,
        eac_budget=actual + work_remaining,
        eac_cpi_spi=actual + over(work_remaining, cpi * spi),
        eac_bottom_up=actual + rest,
        etc=eac_cpi - actual,
        vac=budget - eac_cpi,
        tcpi_bac=_to_complete(work_remaining, budget - actual),
        tcpi_eac=_to_complete(work_remaining, eac_cpi - actual),
    )


def over(numerator: FloatArray, denominator: FloatArray) -> FloatArray:
    """Divide element by element; NaN where the denominator is 0 or unknown."""
    nothing = np.full(np.broadcast_shapes(numerator.shape, denominator.shape), np.nan)
    result: FloatArray = np.divide(numerator, denominator, out=nothing, where=denominator != 0)
    return result


def _to_complete(work_remaining: FloatArray, funds: FloatArray) -> FloatArray:
    return np.where(funds > 0, over(work_remaining, funds), np.nan)
