"""Raising the early warnings of a date with its snapshots: one row per project that will probably turn worse."""

from __future__ import annotations

import datetime
from typing import Any

import numpy as np
from django.db import connection

from portfolio.calc.health import BAND_CODES, DIMENSIONS, HealthModelSpec, HealthResult
from portfolio.calc.health.bands import BoolArray, FloatArray
from portfolio.calc.warning.ahead import State
from portfolio.calc.warning.chance import Outlook, next_worse, outlook
from portfolio.calc.warning.features import FEATURES
from portfolio.calc.warning.table import TABLE
from portfolio.models import EarlyWarning
from portfolio.queries.health_chunk import Chunk, IntArray
from portfolio.queries.measures import Measures
from portfolio.queries.outlook import state_of
from portfolio.services.health.snapshots import copy_rows

COLUMNS = (
    "project_id",
    "date",
    "band",
    "expected",
    "weeks",
    "chance_2",
    "chance_4",
    "chance_8",
    "chance_12",
    "table",
    "inputs",
)
PARTS = 5
"""How many of the features that raise the chance most are kept with a warning."""

_KEPT = ("finish_slip_wd", "over_allocation_pct", "exposure_to_reserve_pct", "overdue_actions", "report_age_cycles")
_NEAR = 10.0
Row = tuple[Any, ...]


def raise_warnings(
    chunk: Chunk, measures: Measures, result: HealthResult, spec: HealthModelSpec, day: datetime.date
) -> int:
    """Make the warnings of the chunk on the day exactly these; returns how many rows changed, came or went.

    Runs inside the caller's transaction, after `lock_date`. Five queries at most.
    """
    state = state_of(chunk, measures, result, day)
    return _store(chunk, day, warning_rows(chunk, state, outlook(TABLE, spec, state), spec, day))


def warning_rows(chunk: Chunk, state: State, found: Outlook, spec: HealthModelSpec, day: datetime.date) -> list[Row]:
    """A row in the order of `COLUMNS` for every project that is warned of."""
    at = np.flatnonzero(found.weeks)
    size = len(at)
    columns: list[list[Any]] = [
        chunk.ids[at].tolist(),
        [day] * size,
        [BAND_CODES[code] for code in state.band[at].tolist()],
        [BAND_CODES[code] for code in next_worse(state.band)[at].tolist()],
        found.weeks[at].tolist(),
        *(np.round(chance[at], 4).tolist() for chance in found.chance),
        [TABLE.version] * size,
        _inputs(state, found, at, spec.amber_from),
    ]
    return list(zip(*columns, strict=True))


def _inputs(state: State, found: Outlook, at: IntArray, red_below: float) -> list[dict[str, Any]]:
    """The numbers of the evidence of the projects `at`; what is unknown is left out.

    `score`; `low` and `low_week`: the lowest score of the next 12 weeks if all goes as known, and its week; `cpi`, `cpi_low`
    and `cpi_week` likewise; `next_weeks`: weeks to the next milestone; `late` and `late_8`: milestones late now and in eight
    weeks; `planned_8`: share of the work planned for the next eight weeks; `earned`: earned share; `open_issues`; measures by
    code; `red`: red dimensions; `near`: dimensions at most 10 points above red; `declared`; `parts`: the features that raise
    the chance most.
    """
    low, low_week = _lowest(found.ahead.overall[:, at])
    cpi, cpi_week = _lowest(found.ahead.cpi[:, at])
    work, measures = state.work, state.measures
    numbers = {
        "score": state.overall[at],
        "low": low,
        "low_week": low_week,
        "cpi": measures["cpi"][at],
        "cpi_low": cpi,
        "cpi_week": cpi_week,
        "next_weeks": work.next_weeks[at],
        "late": measures["late_milestones"][at],
        "late_8": work.late[at, 8],
        "planned_8": work.planned[at, 8] - work.planned[at, 0],
        "earned": np.divide(state.ev[at], state.bac[at], out=np.full(len(at), np.nan), where=state.bac[at] > 0),
        "open_issues": state.open_issues[at],
        **{code: measures[code][at] for code in _KEPT},
    }
    entries = _known(numbers, len(at))
    scores = state.dimensions[at]
    texts: dict[str, list[Any]] = {
        "red": _names(scores < red_below),
        "near": _names((scores >= red_below) & (scores < red_below + _NEAR)),
        "declared": [BAND_CODES[code] for code in state.declared[at].tolist()],
        "parts": _parts(found.parts[at]),
    }
    for name, values in texts.items():
        for entry, value in zip(entries, values, strict=True):
            entry[name] = value
    return entries


def _known(numbers: dict[str, FloatArray], size: int) -> list[dict[str, Any]]:
    """An entry per project with the numbers that are known, to four decimals."""
    entries: list[dict[str, Any]] = [{} for _row in range(size)]
    for name, values in numbers.items():
        for entry, value in zip(entries, np.round(values, 4).tolist(), strict=True):
            if value == value:
                entry[name] = value
    return entries


def _lowest(values: FloatArray) -> tuple[FloatArray, FloatArray]:
    """The lowest of each column of (weeks, n) and its week; NaN for a column without any."""
    filled = np.where(np.isnan(values), np.inf, values)
    lowest, week = filled.min(axis=0), filled.argmin(axis=0).astype(np.float64)
    nothing = np.isinf(lowest)
    return np.where(nothing, np.nan, lowest), np.where(nothing, np.nan, week)


def _names(flags: BoolArray) -> list[list[str]]:
    return [[name for name, flag in zip(DIMENSIONS, row, strict=True) if flag] for row in flags.tolist()]


def _parts(parts: FloatArray) -> list[list[list[Any]]]:
    order = np.argsort(-parts, axis=1, kind="stable")[:, :PARTS]
    values = np.round(np.take_along_axis(parts, order, axis=1), 2)
    return [
        [[FEATURES[index], value] for index, value in zip(indexes, amounts, strict=True) if value > 0]
        for indexes, amounts in zip(order.tolist(), values.tolist(), strict=True)
    ]


def _store(chunk: Chunk, day: datetime.date, rows: list[Row]) -> int:
    found = EarlyWarning.objects.filter(chunk.where(), date=day).order_by()
    stored = {row[0]: row for row in found.values_list(*COLUMNS)}
    now = {row[0] for row in rows}
    gone = [pk for pk in stored if pk not in now]
    if gone:
        EarlyWarning.objects.filter(date=day, project_id__in=gone).delete()
    changed = [row for row in rows if stored.get(row[0]) != row]
    if changed and not stored and connection.vendor == "postgresql":
        copy_rows(EarlyWarning._meta.db_table, COLUMNS, changed)
    elif changed:
        EarlyWarning.objects.bulk_create(
            [EarlyWarning(**dict(zip(COLUMNS, row, strict=True))) for row in changed],
            batch_size=500,
            update_conflicts=True,
            unique_fields=["project", "date"],
            update_fields=list(COLUMNS[2:]),
        )
    return len(gone) + len(changed)
