"""Planned and earned value from budget-weighted milestones.

The weighted-milestone technique (PMI, Practice Standard for Earned Value Management): a milestone's budget is planned
in full on its baseline date and earned in full on its actual date, nothing in between. Planned value comes from the
frozen baseline and the status date only. A cancelled milestone leaves PV and EV; its cost stays in AC. A milestone
without a baseline date is not part of the baseline and counts in neither.

Where no milestone of a project has a weight, all weigh the same; beside weighted ones, one without a weight earns
nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from pmo.core.calendars.calc import WorkingCalendar
from projects.calc.earned_value.arrays import FloatArray, over
from projects.calc.earned_value.schedule import EarnedScheduleArrays

DateArray = NDArray[np.datetime64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]

_NOISE = 1e-9


@dataclass(frozen=True)
class Progress:
    """Planned and earned share (0..1) of the work of n projects; NaN for a project without a baseline."""

    planned: FloatArray
    earned: FloatArray


class ProgressMeasure(Protocol):
    """Where PV and EV come from. Milestones are one source; a schedule of tasks is another."""

    def progress(self, when: date) -> Progress:
        """Return what was planned and what was earned by the end of `when`."""
        ...

    def planned_curve(self, dates: DateArray) -> FloatArray:
        """Return the (n, len(dates)) planned share by the end of each date."""
        ...

    def earned_schedule(self, when: date, start: DateArray, calendar: WorkingCalendar) -> EarnedScheduleArrays:
        """Return the earned schedule in working days since the (n,) baseline starts."""
        ...


@dataclass(frozen=True)
class MilestoneProgress:
    """Progress of n projects from flat arrays of their milestones, sorted by project and baseline date.

    Build it with `MilestoneProgress.of`. `share` is each milestone's share of its project, `equal_weights` is (n,).
    """

    projects: int
    project: IntArray
    share: FloatArray
    baseline: DateArray
    actual: DateArray
    equal_weights: BoolArray

    @classmethod
    def of(
        cls,
        project: ArrayLike,
        weight: ArrayLike,
        baseline: ArrayLike,
        actual: ArrayLike,
        *,
        projects: int,
        cancelled: ArrayLike | None = None,
    ) -> "MilestoneProgress":
        """Build from (m,) milestones in any order: project index, budget weight (NaN if none), dates (NaT if none)."""
        index = np.asarray(project, dtype=np.int64)
        planned = np.asarray(baseline, dtype="datetime64[D]")
        done = np.asarray(actual, dtype="datetime64[D]")
        live = ~np.isnat(planned)
        if cancelled is not None:
            live &= ~np.asarray(cancelled, dtype=np.bool_)
        weights = np.nan_to_num(np.asarray(weight, dtype=np.float64))
        if (weights < 0).any():
            raise ValueError("a milestone's weight must not be negative")
        order = np.flatnonzero(live)
        order = order[np.lexsort((done[order], planned[order], index[order]))]
        index, planned, done, weights = index[order], planned[order], done[order], weights[order]
        total = np.bincount(index, weights=weights, minlength=projects)
        number = np.bincount(index, minlength=projects)
        equal = (total == 0) & (number > 0)
        share = over(np.where(equal[index], 1.0, weights), np.where(equal, number, total)[index])
        return cls(projects, index, share, planned, done, equal)

    def progress(self, when: date) -> Progress:
        """Return the planned and earned shares by the end of `when`."""
        day = np.datetime64(when, "D")
        return Progress(self._total(self.baseline <= day), self._total(self.actual <= day))

    def planned_curve(self, dates: DateArray) -> FloatArray:
        """Return the (n, len(dates)) step curve of the planned share, by the end of each date."""
        days = np.asarray(dates, dtype="datetime64[D]")
        order = np.argsort(days, kind="stable")
        steps = np.zeros((self.projects, len(days) + 1))
        np.add.at(steps, (self.project, np.searchsorted(days[order], self.baseline, side="left")), self.share)
        curve = np.empty((self.projects, len(days)))
        curve[:, order] = np.minimum(np.cumsum(steps, axis=1)[:, :-1], 1.0)
        curve[~self._has_baseline()] = np.nan
        return curve

    def earned_schedule(self, when: date, start: DateArray, calendar: WorkingCalendar) -> EarnedScheduleArrays:
        """Return ES, SV(t), SPI(t) and IEAC(t) in working days after the (n,) baseline starts (NaT if unknown).

        The plan moves in steps; between two of them the time nearest to AT is taken (see `earned_value.schedule`). The
        clock of a project stops with its last milestone, so that SPI(t) keeps what it was on completion.
        """
        starts = np.asarray(start, dtype="datetime64[D]")
        day = np.datetime64(when, "D")
        earned = self._total(self.actual <= day)
        complete = earned >= 1.0 - _NOISE
        last_actual = np.full(self.projects, np.datetime64("0001-01-01", "D"))
        np.maximum.at(last_actual, self.project, np.where(self.actual <= day, self.actual, last_actual[self.project]))
        at = calendar.working_days_between_many(starts, np.where(complete, last_actual, day))
        times = np.maximum(calendar.working_days_between_many(starts[self.project], self.baseline), 0.0)
        finish = self._time_reaching(times, np.ones(self.projects))
        reached = np.where(earned <= _NOISE, 0.0, self._time_reaching(times, earned))
        passed = self._time_passing(times, earned)
        es = np.where(complete, finish, np.minimum(np.maximum(at, reached), passed))
        known = self._has_baseline() & (at > 0)
        return EarnedScheduleArrays.of(np.where(known, es, np.nan), at, finish)

    def _total(self, chosen: BoolArray) -> FloatArray:
        total = np.bincount(self.project, weights=self.share * chosen, minlength=self.projects)
        return np.where(self._has_baseline(), np.minimum(total, 1.0), np.nan)

    def _has_baseline(self) -> BoolArray:
        result: BoolArray = np.bincount(self.project, minlength=self.projects) > 0
        return result

    def _planned_so_far(self) -> FloatArray:
        """Planned share of a milestone's project up to and including it."""
        running = np.cumsum(self.share)
        before = np.concatenate([[0.0], running])[np.searchsorted(self.project, self.project, side="left")]
        result: FloatArray = running - before
        return result

    def _first(self, times: FloatArray, chosen: BoolArray) -> FloatArray:
        first = np.full(self.projects, np.inf)
        used = chosen & ~np.isnan(times)
        np.minimum.at(first, self.project[used], times[used])
        return np.where(np.isinf(first), np.nan, first)

    def _time_reaching(self, times: FloatArray, share: FloatArray) -> FloatArray:
        return self._first(times, self._planned_so_far() >= share[self.project] - _NOISE)

    def _time_passing(self, times: FloatArray, share: FloatArray) -> FloatArray:
        return self._first(times, self._planned_so_far() > share[self.project] + _NOISE)


@dataclass(frozen=True, slots=True)
class Milestone:
    """One milestone: budget weight, baseline date, actual date, cancelled or not."""

    weight: Decimal | None
    baseline: date | None
    actual: date | None = None
    cancelled: bool = False


@dataclass(frozen=True, slots=True)
class MilestoneValue:
    """PV and EV of one project, None without a baseline; `equal_weights` says that no milestone had a weight."""

    pv: Decimal | None
    ev: Decimal | None
    equal_weights: bool


def milestone_value(milestones: Sequence[Milestone], bac: Decimal, when: date) -> MilestoneValue:
    """Return PV and EV of one project by the end of `when`, its budget shared out over its milestones."""
    live, weights, equal = _weighted(milestones)
    total = sum(weights, Decimal(0))
    if not live:
        return MilestoneValue(None, None, False)
    planned = sum((w for m, w in zip(live, weights, strict=True) if m.baseline and m.baseline <= when), Decimal(0))
    earned = sum((w for m, w in zip(live, weights, strict=True) if m.actual and m.actual <= when), Decimal(0))
    return MilestoneValue(bac * planned / total, bac * earned / total, equal)


def planned_steps(milestones: Sequence[Milestone], bac: Decimal) -> tuple[tuple[date, Decimal], ...]:
    """Return the PV step curve of one project: (baseline date, cumulative PV from the end of that day on)."""
    live, weights, _ = _weighted(milestones)
    total = sum(weights, Decimal(0))
    steps: dict[date, Decimal] = {}
    for milestone, weight in zip(live, weights, strict=True):
        if milestone.baseline:
            steps[milestone.baseline] = steps.get(milestone.baseline, Decimal(0)) + weight
    running = Decimal(0)
    curve = []
    for day in sorted(steps):
        running += steps[day]
        curve.append((day, bac * running / total))
    return tuple(curve)


def _weighted(milestones: Sequence[Milestone]) -> tuple[list[Milestone], list[Decimal], bool]:
    live = [milestone for milestone in milestones if milestone.baseline and not milestone.cancelled]
    weights = [milestone.weight or Decimal(0) for milestone in live]
    if any(weight < 0 for weight in weights):
        raise ValueError("a milestone's weight must not be negative")
    equal = bool(live) and not any(weights)
    return live, [Decimal(1)] * len(live) if equal else weights, equal
