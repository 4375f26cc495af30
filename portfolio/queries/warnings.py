"""Early warnings of a date: who will probably change colour within some weeks, and why.

For tiles and pages: `warning_rows` is the queryset a count and a drill-down use, `warnings` the rows with their evidence,
`trials` says how good the warnings of this installation have been. Sentences come from `portfolio.warning_words`.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import F

from pmo.core.access.api import allowed_q
from portfolio.calc.warning.chance import HORIZONS
from portfolio.calc.warning.moves import Move, moves
from portfolio.models import EarlyWarning, HealthSnapshot, WarningTrial
from portfolio.queries.health_models import model_in_force, spec_of
from portfolio.queries.outlook import week_dates
from portfolio.queries.scope import Scope, project_filter

WEEKS = 8
"""The horizon that is shown where none is asked for."""

_LOOK_BACK = 8
_HIGH, _MEDIUM = 0.6, 0.45


@dataclass(frozen=True)
class WarningRow:
    """A project that will probably turn worse within the weeks asked for.

    `now` and `expected` are colours, `weeks` the shortest horizon (2, 4, 8 or 12) with a warning, `chance` (0..1) that of
    the horizon asked for, `confidence` high, medium or low. `moves` are the measures that got worse, `inputs` the numbers
    of the outlook as stored.
    """

    warning: EarlyWarning
    project: Any
    now: str
    expected: str
    weeks: int
    chance: float
    confidence: str
    moves: tuple[Move, ...]
    inputs: dict[str, Any]


def warning_rows(user: Any, day: datetime.date, weeks: int = WEEKS, *, scope: Scope | None = None) -> Any:
    """The warnings of the date that the user may see, the likeliest first: a queryset, sorted, with `chance`.

    `weeks` is one of 2, 4, 8 and 12 (ValueError otherwise). `day` is a date with computed health (`snapshot_day`).
    """
    if weeks not in HORIZONS:
        raise ValueError(f"there are warnings for {', '.join(map(str, HORIZONS))} weeks, not for {weeks}")
    rows = EarlyWarning.objects.filter(allowed_q(user, EarlyWarning, "view"), date=day, weeks__lte=weeks)
    if scope is not None:
        rows = rows.filter(project_filter(scope, day))
    return rows.annotate(chance=F(f"chance_{weeks}")).order_by("-chance", "project__code")


def warnings(
    user: Any,
    day: datetime.date,
    weeks: int = WEEKS,
    *,
    scope: Scope | None = None,
    limit: int | None = None,
    offset: int = 0,
) -> list[WarningRow]:
    """The warnings with their evidence. Four queries whatever their number, beside those of access and scope."""
    rows = warning_rows(user, day, weeks, scope=scope).select_related("project", "project__pm")
    return with_evidence(rows[offset : None if limit is None else offset + limit], day)


def with_evidence(rows: Any, day: datetime.date) -> list[WarningRow]:
    """The rows of `warning_rows` (or a page of them) with what moved in the weeks before. Four queries."""
    found = list(rows)
    if not found:
        return []
    past = _measures([row.project_id for row in found], day)
    spec = spec_of(model_in_force(day))
    result = []
    for row in found:
        days, series, driver = past.get(row.project_id, ([], {}, ""))
        moved = moves(spec, driver, days, series) if days else []
        result.append(
            WarningRow(
                row,
                row.project,
                row.band,
                row.expected,
                row.weeks,
                row.chance,
                confidence(row.chance),
                tuple(moved),
                row.inputs,
            )
        )
    return result


def confidence(chance: float) -> str:
    """high from 60 %, medium from 45 %, low below."""
    return "high" if chance >= _HIGH else "medium" if chance >= _MEDIUM else "low"


Series = tuple[list[datetime.date], dict[str, list[float | None]], str]


def _measures(projects: Sequence[int], day: datetime.date) -> dict[int, Series]:
    """Dates, values by measure and the driver of each project over the last eight weeks, oldest first. Two queries."""
    days = sorted([*week_dates(day, _LOOK_BACK), day])
    rows = HealthSnapshot.objects.filter(project_id__in=projects, date__in=days).order_by("date")
    found: dict[int, list[tuple[datetime.date, dict[str, Any]]]] = {}
    for project_id, date, inputs in rows.values_list("project_id", "date", "inputs"):
        found.setdefault(project_id, []).append((date, inputs))
    result: dict[int, Series] = {}
    for project_id, entries in found.items():
        last = entries[-1][1]
        codes = [code for code, value in last.items() if isinstance(value, int | float)]
        series = {code: [inputs.get(code) for _date, inputs in entries] for code in codes}
        result[project_id] = ([date for date, _inputs in entries], series, str(last.get("driver") or ""))
    return result


def trials(until: datetime.date) -> list[WarningTrial]:
    """The newest back-test of this installation not after the date, by horizon; empty before the first. Two queries."""
    newest = WarningTrial.objects.filter(date__lte=until).order_by("-date").values("date")[:1]
    return list(WarningTrial.objects.filter(date=newest).order_by("horizon"))


def any_warnings_kept(until: datetime.date) -> bool:
    """Whether warnings were raised on any date up to this one: without, the past was computed before they existed."""
    return bool(EarlyWarning.objects.filter(date__lte=until).exists())
