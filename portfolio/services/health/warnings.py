"""Raising the early warnings of a date with its snapshots: one row per project that will probably turn worse."""

from __future__ import annotations

import datetime
from typing import Any

import numpy as np
from django.db import connection

from portfolio.calc.health import BAND_CODES, DIMENSIONS, HealthModelSpec, HealthResult
from portfolio.calc.health.codes import DIMENSION_INDEX
from portfolio.calc.warning.ahead import State
from portfolio.calc.warning.chance import Outlook, next_worse, outlook
from portfolio.calc.warning.features import FEATURES
from portfolio.calc.warning.table import TABLE
from portfolio.models import EarlyWarning
from portfolio.queries.health_chunk import Chunk
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
Row = tuple[Any, ...]


def raise_warnings(
    chunk: Chunk, measures: Measures, result: HealthResult, spec: HealthModelSpec, day: datetime.date
) -> int:
    """Make the warnings of the chunk on the day exactly these; returns how many rows changed, came or went.

    Runs inside the caller's transaction, after `lock_date`. Five queries at most.
    """
    state = state_of(chunk, measures, result, day)
    return _store(chunk, day, warning_rows(chunk, state, outlook(TABLE, spec, state), day))


def warning_rows(chunk: Chunk, state: State, found: Outlook, day: datetime.date) -> list[Row]:
    """A row in the order of `COLUMNS` for every project that is warned of."""
    warned = np.flatnonzero(found.weeks)
    expected = next_worse(state.band)
    return [
        (
            int(chunk.ids[at]),
            day,
            BAND_CODES[state.band[at]],
            BAND_CODES[expected[at]],
            int(found.weeks[at]),
            *(round(float(chance), 4) for chance in found.chance[:, at]),
            TABLE.version,
            _inputs(state, found, at),
        )
        for at in warned.tolist()
    ]


def _inputs(state: State, found: Outlook, at: int) -> dict[str, Any]:
    """The numbers of one project's evidence.

    `score`; `low` and `low_week`: the lowest score of the next 12 weeks if all goes as known, and its week; `cpi`, `cpi_low`
    and `cpi_week` likewise; `next_weeks`: weeks to the next milestone; `late` and `late_8`: milestones late now and in eight
    weeks; `planned_8`: share of the work planned for the next eight weeks; `earned`: earned share; `open_issues`; `red`: red dimensions; `near`: dimensions at most 10 points above red; `declared`; measures by code; `parts`: the
    features that raise the chance most.
    """
    ahead = found.ahead
    scores = state.dimensions[at]
    entry: dict[str, Any] = {
        "score": _number(state.overall[at]),
        **_lowest("low", ahead.overall[:, at]),
        "cpi": _number(state.measures["cpi"][at]),
        **_lowest("cpi_low", ahead.cpi[:, at], "cpi_week"),
        "next_weeks": _number(state.work.next_weeks[at]),
        "late": _number(state.measures["late_milestones"][at]),
        "late_8": _number(state.work.late[at, 8]),
        "planned_8": _number(state.work.planned[at, 8] - state.work.planned[at, 0]),
        "earned": _number(state.ev[at] / state.bac[at]) if state.bac[at] > 0 else None,
        "open_issues": _number(state.open_issues[at]),
        "red": [name for name in DIMENSIONS if scores[DIMENSION_INDEX[name]] < 55.0],
        "near": [name for name in DIMENSIONS if 55.0 <= scores[DIMENSION_INDEX[name]] < 65.0],
        "declared": BAND_CODES[state.declared[at]],
        "parts": _parts(found.parts[at]),
        **{code: _number(state.measures[code][at]) for code in _KEPT},
    }
    return {name: value for name, value in entry.items() if value is not None}


def _lowest(name: str, values: Any, week: str = "") -> dict[str, Any]:
    if np.isnan(values).all():
        return {}
    at = int(np.nanargmin(values))
    return {name: _number(values[at]), week or f"{name}_week": at}


def _parts(parts: Any) -> list[list[Any]]:
    order = np.argsort(-parts, kind="stable")[:PARTS]
    return [[FEATURES[index], round(float(parts[index]), 2)] for index in order.tolist() if parts[index] > 0]


def _number(value: Any) -> float | None:
    return None if np.isnan(value) else round(float(value), 4)


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
