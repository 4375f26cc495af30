"""Measures that come from the rooms beside the registry: resources, quality, risk, benefits, and the charter.

Each is not a number where its register has nothing on the project, so that what nobody keeps counts neither way.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

import numpy as np

from pmo.core.calendars.calc import WorkingCalendar
from portfolio.queries.health_chunk import Chunk
from portfolio.queries.health_fetch import FloatArray
from portfolio.queries.health_rows import MoneySums, ProjectFacts
from portfolio.queries.health_value import Converter
from projects.queries import extra_measures as extra
from resources.queries.load import over_allocation
from risks.queries.measures import open_exposure, open_red

HORIZON_DAYS = 28
"""How far ahead the load of the people on a project is looked at."""

MOST_PCT = 1000.0
"""What an exposure without any reserve left counts as, and the most that is said of any share."""


@dataclass(frozen=True)
class RoomInputs:
    """What the measures of a day start from; `convert` turns money into the base currency and notes missing rates."""

    chunk: Chunk
    day: datetime.date
    facts: ProjectFacts
    calendar: WorkingCalendar
    convert: Converter


def room_measures(inputs: RoomInputs) -> dict[str, FloatArray]:
    """(n,) arrays by measure code. Thirteen queries, whatever the size of the chunk."""
    return {
        "over_allocation_pct": _over_allocation(inputs),
        **_quality(inputs),
        **_risk(inputs),
        **_benefits(inputs),
        "charter_missing": _charter(inputs),
    }


def _placed(chunk: Chunk, ids: Any, values: Any) -> FloatArray:
    """Values by project id in their places in the chunk, NaN elsewhere."""
    result = np.full(chunk.ids.shape, np.nan)
    place, known = chunk.places(np.asarray(ids, dtype=np.int64))
    result[place[known]] = np.asarray(values, dtype=np.float64)[known]
    return result


def _over_allocation(inputs: RoomInputs) -> FloatArray:
    ids, over = over_allocation(inputs.day, HORIZON_DAYS, inputs.chunk.where(), inputs.calendar)
    return _placed(inputs.chunk, ids, np.minimum(over, MOST_PCT))


def _quality(inputs: RoomInputs) -> dict[str, FloatArray]:
    where = inputs.chunk.where()
    findings = extra.open_major_findings(inputs.day, where)
    deliverables = extra.deliverables(inputs.day, where)
    return {
        "open_major_findings": _placed(inputs.chunk, findings.ids, findings.major),
        "overdue_deliverables": _placed(inputs.chunk, deliverables.ids, deliverables.overdue),
    }


def _risk(inputs: RoomInputs) -> dict[str, FloatArray]:
    """Red threats, and exposure against the reserve: nothing exposed is 0, where the project keeps risks at all."""
    chunk, day = inputs.chunk, inputs.day
    found = open_red(day, chunk.where())
    reds = _placed(chunk, found.project_ids, found.counts)
    kept = ~np.isnan(reds)
    exposure = _exposure(inputs)
    reserve = inputs.convert.amounts(inputs.facts.reserve, inputs.facts.currency)
    share = np.full(chunk.ids.shape, np.nan)
    np.divide(exposure * 100.0, reserve, out=share, where=reserve > 0)
    share[(reserve <= 0) & (exposure > 0)] = MOST_PCT
    share[(reserve <= 0) & (exposure == 0)] = 0.0
    return {"open_red_risks": reds, "exposure_to_reserve_pct": np.where(kept, np.minimum(share, MOST_PCT), np.nan)}


def _exposure(inputs: RoomInputs) -> FloatArray:
    """Exposure of the open threats in the base currency; NaN only where a rate is missing."""
    chunk = inputs.chunk
    found = open_exposure(inputs.day, chunk.where())
    place, known = chunk.places(found.project_ids)
    sums = MoneySums(place[known], np.array(found.currencies, dtype=object)[known], np.round(found.exposure[known], 2))
    total = inputs.convert.totals(sums)
    without = np.ones(chunk.ids.shape, dtype=np.bool_)
    without[sums.project] = False
    return np.where(without, 0.0, total)


def _benefits(inputs: RoomInputs) -> dict[str, FloatArray]:
    summary = extra.benefit_summary(extra.benefit_progress(inputs.day, inputs.chunk.where()))
    return {
        "benefit_start_slip_weeks": _placed(inputs.chunk, summary.ids, summary.start_slip_weeks),
        "benefit_variance_pct": _placed(inputs.chunk, summary.ids, summary.attained_pct - 100.0),
    }


def _charter(inputs: RoomInputs) -> FloatArray:
    """1 where work has begun and no approved charter is in force; not a number before the work or without a charter."""
    states = extra.charter_state(inputs.day, inputs.chunk.where())
    missing = _placed(inputs.chunk, states.ids, ~states.approved)
    return np.where(inputs.facts.started, missing, np.nan)
