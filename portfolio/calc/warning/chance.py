"""From features to the chance of a worse colour: a logistic model per horizon, with published coefficients.

Logistic regression is the plain choice for an event that happens or not, and its parts can be told apart: the product of
a feature's distance from its mean and its coefficient is what that feature adds to the log-odds (Hosmer, Lemeshow and
Sturdivant, Applied Logistic Regression, 3rd edition, 2013).
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from portfolio.calc.health.bands import BandArray, BoolArray, FloatArray
from portfolio.calc.health.codes import AMBER, GREEN, GREY
from portfolio.calc.health.model import HealthModelSpec
from portfolio.calc.warning.ahead import Ahead, State, look_ahead
from portfolio.calc.warning.features import FEATURES, features, present

HORIZONS = (2, 4, 8, 12)
"""Weeks ahead for which there is a model."""


@dataclass(frozen=True)
class Fit:
    """Coefficients of one horizon: `intercept`, and per feature its `mean`, `scale` and standardised `weight`.

    A warning is raised where the chance is at least `level`.
    """

    intercept: float
    level: float
    mean: tuple[float, ...]
    scale: tuple[float, ...]
    weight: tuple[float, ...]


@dataclass(frozen=True)
class CoefficientTable:
    """A version of the coefficients, by horizon, and in words how they were fitted."""

    version: int
    fitted: str
    fits: Mapping[int, Fit]


@dataclass(frozen=True)
class Outlook:
    """Chances of n projects: `chance` and `warned` are (4, n) by `HORIZONS`, `parts` (n, f) what each feature adds to the
    log-odds at eight weeks. A project that is red or grey cannot turn worse: its chance is NaN. Who is warned of for a
    short horizon is so for the longer ones.
    """

    ahead: Ahead
    chance: FloatArray
    warned: BoolArray
    parts: FloatArray

    @property
    def weeks(self) -> NDArray[np.int64]:
        """(n,) the shortest horizon with a warning, 0 without one."""
        shortest = np.array(HORIZONS)[self.warned.argmax(axis=0)]
        return np.where(self.warned.any(axis=0), shortest, 0)


def standardised(fit: Fit, values: FloatArray) -> FloatArray:
    """(n, f) features less their mean, over their scale."""
    result: FloatArray = (values - np.array(fit.mean)) / np.array(fit.scale)
    return result


def chance(fit: Fit, values: FloatArray) -> FloatArray:
    """(n,) chance of a worse colour from (n, f) features."""
    odds = fit.intercept + standardised(fit, values) @ np.array(fit.weight)
    result: FloatArray = 1.0 / (1.0 + np.exp(np.clip(-odds, -60.0, 60.0)))
    return result


def outlook(table: CoefficientTable, model: HealthModelSpec, state: State) -> Outlook:
    """The chances of all projects. A longer horizon never has the smaller chance."""
    ahead = look_ahead(model, state)
    same = present(model, state)
    can_worsen = (state.band == GREEN) | (state.band == AMBER)
    chances = []
    parts = np.zeros((state.overall.size, len(FEATURES)))
    for horizon in HORIZONS:
        fit = table.fits[horizon]
        values = features(model, state, ahead, horizon, same)
        chances.append(np.where(can_worsen, chance(fit, values), np.nan))
        if horizon == 8:
            parts = standardised(fit, values) * np.array(fit.weight)
    found = np.maximum.accumulate(np.stack(chances), axis=0)
    levels = np.array([table.fits[horizon].level for horizon in HORIZONS])
    with np.errstate(invalid="ignore"):
        warned = np.logical_or.accumulate(found >= levels[:, np.newaxis], axis=0)
    return Outlook(ahead, found, warned, parts)


def next_worse(band: BandArray) -> BandArray:
    """The next worse colour of green and amber; grey, for none, of the others."""
    return np.where((band == GREEN) | (band == AMBER), band - 1, GREY).astype(np.int8)
