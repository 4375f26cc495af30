"""From a score to a colour.

A colour is decided on the score *as it is shown*, with one decimal, halves rounded up: 74.96 is shown as 75.0 and is
green, 74.94 is shown as 74.9 and is amber. A reader never sees a number beside a colour that contradicts it.
"""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from portfolio.calc.health.codes import AMBER, GREEN, GREY, RED

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]
BandArray = NDArray[np.int8]

SHOWN_STEP = 0.1
"""The last decimal a score is shown with."""

_ROUNDING_NOISE = 1e-7
"""Sums of the same numbers in another order differ by far less than this; a half still rounds up."""


def round_shown(scores: ArrayLike) -> FloatArray:
    """Round scores to the one decimal that is shown, halves up. NaN stays NaN. Any shape."""
    values = np.asarray(scores, dtype=np.float64)
    rounded: FloatArray = np.floor(values * 10.0 + 0.5 + _ROUNDING_NOISE) / 10.0
    return rounded


def band_of(scores: ArrayLike, *, green_from: float, amber_from: float) -> BandArray:
    """Return the band codes (int8: 0 grey, 1 red, 2 amber, 3 green) of scores 0..100; NaN is grey. Any shape."""
    shown = round_shown(scores)
    bands = np.full(shown.shape, RED, dtype=np.int8)
    bands[shown >= amber_from] = AMBER
    bands[shown >= green_from] = GREEN
    bands[np.isnan(shown)] = GREY
    return bands


def is_watermelon(declared: NDArray[Any], computed: NDArray[Any]) -> BoolArray:
    """Tell where the declared band is better than the computed one (green outside, red inside).

    Both are band codes of the same shape. Where either is grey there is nothing to compare and the answer is False.
    """
    comparable = (np.asarray(declared) != GREY) & (np.asarray(computed) != GREY)
    result: BoolArray = comparable & (np.asarray(declared) > np.asarray(computed))
    return result
