"""Planned value, earned value and actual cost of a chunk, in the base currency.

Where the earned share of the work comes from is behind `ProgressSource`: budget-weighted milestones today; a schedule
of tasks answers the same three questions (`projects.calc.milestone_value.ProgressMeasure`) and is put in its place
with `use_progress_source`.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from pmo.core.calendars.calc import WorkingCalendar
from portfolio.queries.health_chunk import Chunk
from portfolio.queries.health_fetch import DateArray, FloatArray
from portfolio.queries.health_rows import MilestoneRows, MoneySums, ProjectFacts, TextArray
from projects.calc.earned_value import earned_value_arrays
from projects.calc.milestone_value import MilestoneProgress, ProgressMeasure


@dataclass(frozen=True)
class ProgressInputs:
    """What a source may use: the chunk, the day, and the milestones that were read anyway."""

    chunk: Chunk
    day: datetime.date
    milestones: MilestoneRows


ProgressSource = Callable[[ProgressInputs], ProgressMeasure]


def milestone_progress(inputs: ProgressInputs) -> ProgressMeasure:
    """Progress by budget-weighted milestones."""
    rows = inputs.milestones
    return MilestoneProgress.of(rows.project, rows.weight, rows.baseline, rows.actual, projects=inputs.chunk.ids.size)


_source: list[ProgressSource] = [milestone_progress]


def use_progress_source(source: ProgressSource) -> ProgressSource:
    """Take progress from another source from now on; returns the one before."""
    before = _source[0]
    _source[0] = source
    return before


@dataclass(frozen=True)
class ProjectValue:
    """Amounts of n projects in the base currency, rounded to cents, and their indices; NaN where unknown.

    `missing_rate` names the currencies, joined by commas, whose money could not be converted ("" where none).
    """

    bac: FloatArray
    pv: FloatArray
    ev: FloatArray
    ac: FloatArray
    eac: FloatArray
    cpi: FloatArray
    spi: FloatArray
    spi_t: FloatArray
    missing_rate: TextArray


class Converter:
    """Adds up amounts in many currencies; remembers per project the currencies without a rate."""

    def __init__(self, rates: Mapping[str, Decimal], size: int) -> None:
        self._rates = {currency: float(rate) for currency, rate in rates.items()}
        self._missing: list[set[str]] = [set() for _ in range(size)]
        self._size = size

    def totals(self, sums: MoneySums) -> FloatArray:
        """The (n,) totals in the base currency; NaN for a project without rows or with a currency that has no rate."""
        rates = self._of(sums.currency)
        total = np.bincount(sums.project, weights=sums.amount * np.nan_to_num(rates), minlength=self._size)
        known = np.zeros(self._size, dtype=np.bool_)
        known[sums.project] = True
        lost = np.isnan(rates)
        known[sums.project[lost]] = False
        self._note(sums.project[lost], sums.currency[lost])
        return np.where(known, np.round(total, 2), np.nan)

    def amounts(self, values: FloatArray, currency: TextArray) -> FloatArray:
        """The (n,) amounts, one per project, in the base currency."""
        rates = self._of(currency)
        lost = np.flatnonzero(np.isnan(rates) & ~np.isnan(values))
        self._note(lost, currency[lost])
        return np.round(values * rates, 2)

    def missing(self, others: TextArray | None = None) -> TextArray:
        """Per project the currencies without a rate, those of `others` (such a text per project) too, by alphabet."""
        told = [set()] * self._size if others is None else [set(filter(None, text.split(","))) for text in others]
        joined = [",".join(sorted(names | more)) for names, more in zip(self._missing, told, strict=True)]
        return np.array(joined, dtype=object)

    def _of(self, currency: TextArray) -> FloatArray:
        return np.array([self._rates.get(code, np.nan) for code in currency.tolist()], dtype=np.float64)

    def _note(self, projects: np.typing.NDArray[np.int64], currencies: TextArray) -> None:
        for project, currency in zip(projects.tolist(), currencies.tolist(), strict=True):
            self._missing[project].add(currency)


def project_value(
    inputs: ProgressInputs,
    facts: ProjectFacts,
    budget: MoneySums,
    cost: MoneySums,
    *,
    rates: Mapping[str, Decimal],
    calendar: WorkingCalendar,
) -> ProjectValue:
    """Earned value of the chunk. The estimate at completion is the project manager's own, else BAC / CPI."""
    convert = Converter(rates, inputs.chunk.ids.size)
    bac, ac = convert.totals(budget), convert.totals(cost)
    own_forecast = convert.amounts(facts.forecast_cost, facts.currency)
    measure = _source[0](inputs)
    shares = measure.progress(inputs.day)
    pv, ev = np.round(bac * shares.planned, 2), np.round(bac * shares.earned, 2)
    figures = earned_value_arrays(bac, pv, ev, ac)
    lost = np.isnan(own_forecast) & ~np.isnan(facts.forecast_cost)
    eac = np.where(np.isnan(own_forecast), np.round(figures.eac_cpi, 2), own_forecast)
    time = measure.earned_schedule(inputs.day, _start(facts), calendar)
    return ProjectValue(
        bac=bac,
        pv=pv,
        ev=ev,
        ac=ac,
        eac=np.where(lost, np.nan, eac),
        cpi=figures.cpi,
        spi=figures.spi,
        spi_t=time.spi_t,
        missing_rate=convert.missing(),
    )


def _start(facts: ProjectFacts) -> DateArray:
    """The baseline start: the planned one, the actual one where none was planned."""
    return np.where(np.isnat(facts.planned_start), facts.actual_start, facts.planned_start)
