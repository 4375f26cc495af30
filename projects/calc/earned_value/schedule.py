"""Earned schedule: schedule performance in time instead of money.

ES is the time at which the value earned so far was planned to be earned. With the cumulative planned value PV_0 = 0,
PV_1 ... at the ends of periods, ES = C + (EV - PV_C) / (PV_{C+1} - PV_C), where C is the last period with PV_C <= EV;
SV(t) = ES - AT, SPI(t) = ES / AT, IEAC(t) = PD / SPI(t), with the actual time AT and the planned duration PD.
Source: W. Lipke, "Schedule is Different", The Measurable News, 2003; PMI, Practice Standard for Earned Value
Management, second edition, appendix D.

A complete project has ES = PD, the first period in which PV reaches the budget. Where the plan pauses, every time of
the pause has the same PV. The published rule then takes the end of the pause, which flatters a plan that moves in steps
(milestones): a project that did all that was planned would be called early. `plateau="nearest"` takes the time of the
pause that is nearest to AT instead; on a curve without pauses both are the same.

Time is in periods of any length. "n/a" is None in `EarnedSchedule` and NaN in the arrays.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from projects.calc.earned_value.arrays import FloatArray, over

Plateau = Literal["end", "nearest"]

_NOISE = 1e-9
"""Share of the budget by which EV and PV may differ through rounding and still be the same value."""


@dataclass(frozen=True, slots=True)
class EarnedSchedule:
    """Earned schedule of one project, in periods."""

    es: Decimal | None
    at: Decimal
    planned_duration: Decimal

    @property
    def sv_t(self) -> Decimal | None:
        """Schedule variance in time, ES - AT; negative is late."""
        return None if self.es is None else self.es - self.at

    @property
    def spi_t(self) -> Decimal | None:
        """Schedule performance index in time, ES / AT."""
        return None if self.es is None or self.at <= 0 else self.es / self.at

    @property
    def ieac_t(self) -> Decimal | None:
        """Independent estimate of the duration, PD / SPI(t)."""
        return self.planned_duration / self.spi_t if self.spi_t else None


@dataclass(frozen=True)
class EarnedScheduleArrays:
    """Earned schedule of n projects; all arrays are (n,), in periods."""

    es: FloatArray
    at: FloatArray
    planned_duration: FloatArray
    sv_t: FloatArray
    spi_t: FloatArray
    ieac_t: FloatArray

    @classmethod
    def of(cls, es: FloatArray, at: FloatArray, planned_duration: FloatArray) -> "EarnedScheduleArrays":
        """Derive variance, index and forecast from ES, AT and PD."""
        spi_t = np.where(at > 0, over(es, at), np.nan)
        return cls(es, at, planned_duration, es - at, spi_t, over(planned_duration, spi_t))


def earned_schedule(
    planned_value: Sequence[Decimal], ev: Decimal | None, at: Decimal | int, *, plateau: Plateau = "end"
) -> EarnedSchedule:
    """Return the earned schedule of one project.

    `planned_value` is the cumulative PV at the end of periods 1, 2, ...; it must not fall, and its last value is the
    budget. Raises ValueError for an empty or falling curve or one without a budget.
    """
    curve = [Decimal(0), *planned_value]
    for period, (before, after) in enumerate(pairwise(curve), start=1):
        if after < before:
            raise ValueError(f"planned value falls in period {period}: {before} to {after}")
    if curve[-1] <= 0:
        raise ValueError("planned value needs at least one period and a budget above 0")
    duration = Decimal(curve.index(curve[-1]))
    when = Decimal(at)
    return EarnedSchedule(None if ev is None else _time_of(curve, ev, when, duration, plateau), when, duration)


def _time_of(curve: list[Decimal], ev: Decimal, at: Decimal, duration: Decimal, plateau: Plateau) -> Decimal:
    if ev >= curve[-1]:
        return duration
    if ev < 0:
        return Decimal(0)
    last = max(period for period, value in enumerate(curve) if value <= ev)
    if plateau == "nearest" and curve[last] == ev:
        return min(max(at, Decimal(curve.index(ev))), Decimal(last))
    return last + (ev - curve[last]) / (curve[last + 1] - curve[last])


def earned_schedule_arrays(
    planned_value: ArrayLike, ev: ArrayLike, at: ArrayLike, *, plateau: Plateau = "end"
) -> EarnedScheduleArrays:
    """Return the earned schedule of n projects.

    `planned_value` is (n, periods): cumulative PV at the ends of periods 1, 2, ..., NaN after the end of a shorter
    plan. `ev` and `at` are (n,). A project without a budget or with an unknown EV has NaN. Raises ValueError, with
    the row of the first one, if a curve falls.
    """
    given = np.asarray(planned_value, dtype=np.float64)
    curve = np.concatenate([np.zeros((given.shape[0], 1)), given], axis=1)
    curve = np.fmax.accumulate(curve, axis=1)
    falling = (given < curve[:, 1:]).any(axis=1)
    if falling.any():
        raise ValueError(f"planned value of row {int(np.argmax(falling))} falls")
    earned = np.asarray(ev, dtype=np.float64)
    when = np.asarray(at, dtype=np.float64)
    budget = curve[:, -1]
    noise = _NOISE * budget
    duration = np.where(budget > 0, (curve < budget[:, np.newaxis]).sum(axis=1), np.nan)
    first = (curve < (earned - noise)[:, np.newaxis]).sum(axis=1)
    last = np.maximum((curve <= (earned + noise)[:, np.newaxis]).sum(axis=1) - 1, 0)
    rows = np.arange(len(curve))
    low = curve[rows, last]
    high = curve[rows, np.minimum(last + 1, curve.shape[1] - 1)]
    es = last + np.clip(over(earned - low, high - low), 0.0, 1.0)
    if plateau == "nearest":
        es = np.where(np.abs(earned - low) <= noise, np.clip(when, first, last), es)
    es = np.where(earned >= budget - noise, duration, es)
    es = np.where((budget > 0) & ~np.isnan(earned), es, np.nan)
    return EarnedScheduleArrays.of(es, when, duration)
