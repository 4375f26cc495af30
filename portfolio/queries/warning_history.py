"""What the early warnings of the past turned out to be worth: the stored warnings against the colours that came."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from portfolio.calc.health import BAND_CODES, default_model
from portfolio.calc.health.model import HealthModelSpec
from portfolio.calc.warning.chance import HORIZONS
from portfolio.calc.warning.judge import Verdict, judge, last_trend
from portfolio.models import EarlyWarning, HealthSnapshot, RollupSnapshot, WarningTrial
from portfolio.queries.health_fetch import EpochDay, dates, fetch_columns, floats, ints
from portfolio.queries.health_models import model_in_force, spec_of

__all__ = ["HORIZONS", "History", "history", "trial_of", "verdicts"]

WEEKS = 52
FROM_WEEK = 3
"""Weeks at the start that are not judged: the naive trend and the warnings look back."""

_CODE = {band: code for code, band in enumerate(BAND_CODES)}
FloatArray = np.typing.NDArray[np.float64]


@dataclass(frozen=True)
class History:
    """n projects over t weeks, oldest first: scores, colours, and the shortest horizon warned of (0: none)."""

    days: list[datetime.date]
    overall: FloatArray
    bands: np.typing.NDArray[np.int8]
    weeks: np.typing.NDArray[np.int64]
    spec: HealthModelSpec


def history(until: datetime.date, weeks: int = WEEKS) -> History:
    """One date a week up to the day, the last of each. Weeks before the first warning are left out. Four queries."""
    first = until - datetime.timedelta(weeks=weeks)
    warned_from = EarlyWarning.objects.filter(date__gt=first, date__lte=until).order_by("date").values("date")[:1]
    rollups = RollupSnapshot.objects.filter(
        kind=RollupSnapshot.Kind.ALL, ref_id=0, date__gt=first, date__lte=until, date__gte=warned_from
    )
    by_week: dict[int, datetime.date] = {}
    for day in rollups.order_by("date").values_list("date", flat=True):
        by_week[(until - day).days // 7] = day
    days = sorted(by_week.values())
    if not days:
        nothing = np.zeros((0, 0))
        return History([], nothing, nothing.astype(np.int8), nothing.astype(np.int64), default_model())
    spec = spec_of(model_in_force(until))
    scores = HealthSnapshot.objects.filter(date__in=days).order_by()
    ids, when, overall, band = fetch_columns(scores.values_list("project_id", EpochDay("date"), "overall", "band"), 4)
    projects = np.unique(ints(ids))
    shape = (len(projects), len(days))
    found = History(days, np.full(shape, np.nan), np.zeros(shape, np.int8), np.zeros(shape, np.int64), spec)
    row, column = np.searchsorted(projects, ints(ids)), _columns(days, when)
    found.overall[row, column] = floats(overall)
    found.bands[row, column] = np.array([_CODE[name] for name in band], dtype=np.int8)
    _fill_warnings(found, projects)
    return found


def _fill_warnings(found: History, projects: Any) -> None:
    rows = EarlyWarning.objects.filter(date__in=found.days).order_by()
    ids, when, weeks = fetch_columns(rows.values_list("project_id", EpochDay("date"), "weeks"), 3)
    if not ids:
        return
    numbers = ints(ids)
    place = np.minimum(np.searchsorted(projects, numbers), max(len(projects) - 1, 0))
    known = projects[place] == numbers
    found.weeks[place[known], _columns(found.days, when)[known]] = ints(weeks)[known]


def _columns(days: Sequence[datetime.date], when: tuple[Any, ...]) -> Any:
    return np.searchsorted(np.array(days, dtype="datetime64[D]"), dates(when))


def verdicts(past: History, horizon: int) -> dict[str, Verdict]:
    """{"warner", "trend", "same"}: the warnings, the last week's change going on, the colour staying as it is."""
    warned = (past.weeks > 0) & (past.weeks <= horizon)
    said = {
        "warner": warned,
        "trend": last_trend(past.spec, past.overall, horizon),
        "same": np.zeros(past.bands.shape, dtype=np.bool_),
    }
    return {name: judge(past.bands, rule, horizon, from_week=FROM_WEEK) for name, rule in said.items()}


def trial_of(past: History, day: datetime.date, horizon: int) -> WarningTrial:
    """The back-test of one horizon as a row to store."""
    found = verdicts(past, horizon)
    ours, trend = found["warner"], found["trend"]
    judged = past.days[FROM_WEEK : max(len(past.days) - horizon, 0)]
    return WarningTrial(
        date=day,
        horizon=horizon,
        first=judged[0] if judged else None,
        last=judged[-1] if judged else None,
        cases=ours.cases,
        worse=ours.worse,
        warnings=ours.warnings,
        right=ours.right,
        changes=ours.changes,
        foreseen=ours.foreseen,
        lead_weeks=ours.lead_weeks,
        trend_warnings=trend.warnings,
        trend_right=trend.right,
    )
