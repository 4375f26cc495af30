"""The numbers a warning is weighed from: where a project stands, where it is heading, what its registers say.

All are known on the day. Signs are as measured; which way each counts is learnt (`table`). Unknown is 0, and where the
missing itself says something there is a number for it.
"""

from collections.abc import Mapping
from typing import Final

import numpy as np

from portfolio.calc.health.bands import FloatArray
from portfolio.calc.health.codes import AMBER, DIMENSION_INDEX, GREEN
from portfolio.calc.health.model import HealthModelSpec
from portfolio.calc.health.warning import theil_sen
from portfolio.calc.warning.ahead import Ahead, State

FEATURES: Final = (
    "green",
    "margin",
    "red_dimensions",
    "weeks_below",
    "trend",
    "ahead_margin",
    "ahead_crosses",
    "ahead_soon",
    "green_ahead_margin",
    "green_ahead_soon",
    "ahead_cost",
    "next_milestone",
    "planned_ahead",
    "earned",
    "spent_ahead",
    "cpi",
    "over_budget",
    "finish_slip",
    "schedule",
    "late_milestones",
    "no_resources",
    "resources",
    "over_allocation",
    "near_red_schedule",
    "near_red_cost",
    "near_red_resource",
    "near_red_risk",
    "to_stale",
    "watermelon",
    "open_issues",
    "exposure",
    "overdue_actions",
)
"""The features in the order of the coefficients.

- `green`: 1 for a green project, 0 for an amber one. `margin`: points above the border, in tens.
- `red_dimensions`: how many dimensions are red. `weeks_below`: share of the last 8 weeks under the present border.
- `trend`: Theil-Sen slope of the last 8 weeks, points a week.
- `ahead_margin`: lowest score within the horizon if all goes as known, above the border, in tens; `ahead_crosses`: 1 where
  that lies below it; `ahead_soon`: weeks until then, in fours (13 weeks: not within 12). `green_...`: the same, 0 for amber.
- `ahead_cost`: lowest cost score within the horizon above red, in tens. `next_milestone`: weeks, in fives, 20 at most.
- `planned_ahead`: share of the work planned within the horizon. `earned`: earned share. `spent_ahead`: spent minus earned.
- `cpi`: 10 * (CPI - 1). `over_budget`: forecast over budget, in ten per cent. `finish_slip`: in ten working days.
- `schedule`, `resources`: score of the dimension minus 75, in tens; `no_resources`: 1 without data.
- `late_milestones`: 3 at most. `over_allocation`: in ten per cent. `near_red_...`: 1 at the border to red, 0 from 10 above.
- `to_stale`: weeks until the last report is stale, 8 at most. `watermelon`: declared better than computed.
- `open_issues`: 6 at most. `exposure`: of the reserve, in fifties of per cent. `overdue_actions`: 5 at most.
"""

_NEAR = 10.0


def borders(model: HealthModelSpec, state: State) -> FloatArray:
    """The score under which each project's colour turns worse; NaN for red and grey ones."""
    return np.where(state.band == GREEN, model.green_from, np.where(state.band == AMBER, model.amber_from, np.nan))


def present(model: HealthModelSpec, state: State) -> dict[str, FloatArray]:
    """The features that are the same for every horizon, by name."""
    return {
        **_standing(model, state, borders(model, state)),
        **_registers(state),
        **_near_red(model, state),
        "green": (state.band == GREEN).astype(np.float64),
        "next_milestone": np.minimum(_known(state.work.next_weeks, 20.0), 20.0) / 5.0,
    }


def features(
    model: HealthModelSpec, state: State, ahead: Ahead, horizon: int, same: Mapping[str, FloatArray] | None = None
) -> FloatArray:
    """Return the (n, f) matrix of `FEATURES` for a horizon in weeks (1 to 12); `same` is `present`, where known already."""
    border = borders(model, state)
    green = (state.band == GREEN).astype(np.float64)
    coming = ahead.overall[1 : horizon + 1]
    lowest = _lowest(coming)
    margin = _known(np.clip(lowest - border, -30.0, 30.0)) / 10.0
    soon = _first_below(ahead.overall[1:], border) / 4.0
    values = {
        **(present(model, state) if same is None else same),
        "ahead_margin": margin,
        "ahead_crosses": (lowest < border).astype(np.float64),
        "ahead_soon": soon,
        "green_ahead_margin": green * margin,
        "green_ahead_soon": green * soon,
        "ahead_cost": _above_red(model, ahead, horizon),
        "planned_ahead": state.work.planned[:, horizon] - state.work.planned[:, 0],
    }
    return np.stack([values[name] for name in FEATURES], axis=1)


def _standing(model: HealthModelSpec, state: State, border: FloatArray) -> dict[str, FloatArray]:
    below = state.history < border[:, np.newaxis]
    seen = (~np.isnan(state.history)).sum(axis=1)
    oldest_first = state.history[:, ::-1]
    earned = _known(_over(state.ev, state.bac))
    spent = np.clip(_known(_over(state.ac, state.bac)), 0.0, 1.5)
    return {
        "margin": _known(state.overall - border) / 10.0,
        "red_dimensions": (state.dimensions < model.amber_from).sum(axis=1).astype(np.float64),
        "weeks_below": np.divide(below.sum(axis=1), seen, out=np.zeros(len(seen)), where=seen > 0),
        "trend": np.clip(_known(theil_sen(oldest_first).slope), -5.0, 5.0),
        "earned": earned,
        "spent_ahead": spent - earned,
    }


def _registers(state: State) -> dict[str, FloatArray]:
    m = state.measures
    resources = state.dimensions[:, DIMENSION_INDEX["resource"]]
    age = m["report_age_cycles"]
    return {
        "cpi": 10.0 * _known(np.clip(m["cpi"], 0.5, 1.5) - 1.0),
        "over_budget": _known(np.clip(m["eac_over_budget_pct"], -20.0, 40.0)) / 10.0,
        "finish_slip": _known(np.clip(m["finish_slip_wd"], -20.0, 60.0)) / 10.0,
        "schedule": _known(state.dimensions[:, DIMENSION_INDEX["schedule"]] - 75.0) / 10.0,
        "late_milestones": np.minimum(_known(m["late_milestones"]), 3.0),
        "no_resources": np.isnan(resources).astype(np.float64),
        "resources": _known(resources - 75.0) / 10.0,
        "over_allocation": np.minimum(_known(m["over_allocation_pct"]), 50.0) / 10.0,
        "to_stale": np.clip(_known((1.5 - age) * state.cycle_weeks, 4.0), 0.0, 8.0),
        "watermelon": ((state.declared > state.band) & (state.band > 0)).astype(np.float64),
        "open_issues": np.minimum(_known(state.open_issues), 6.0),
        "exposure": np.clip(_known(m["exposure_to_reserve_pct"]), 0.0, 300.0) / 50.0,
        "overdue_actions": np.minimum(_known(m["overdue_actions"]), 5.0),
    }


def _near_red(model: HealthModelSpec, state: State) -> dict[str, FloatArray]:
    found = {}
    for name in ("schedule", "cost", "resource", "risk"):
        above = state.dimensions[:, DIMENSION_INDEX[name]] - model.amber_from
        found[f"near_red_{name}"] = np.where(above >= 0, np.clip(_NEAR - above, 0.0, _NEAR) / _NEAR, 0.0)
    return found


def _above_red(model: HealthModelSpec, ahead: Ahead, horizon: int) -> FloatArray:
    cost = _lowest(ahead.dimensions[1 : horizon + 1, :, DIMENSION_INDEX["cost"]])
    return _known(np.clip(cost - model.amber_from, -20.0, 40.0)) / 10.0


def _lowest(values: FloatArray) -> FloatArray:
    """Lowest over weeks (axis 0), NaN where no week is known."""
    lowest: FloatArray = np.where(np.isnan(values), np.inf, values).min(axis=0)
    return np.where(np.isinf(lowest), np.nan, lowest)


def _first_below(values: FloatArray, border: FloatArray) -> FloatArray:
    """Weeks until the first value below the border; one more than there are weeks where none is."""
    below = values < border
    return np.where(below.any(axis=0), below.argmax(axis=0) + 1.0, len(values) + 1.0)


def _over(part: FloatArray, whole: FloatArray) -> FloatArray:
    result: FloatArray = np.divide(part, whole, out=np.full(part.shape, np.nan), where=whole > 0)
    return result


def _known(values: FloatArray, otherwise: float = 0.0) -> FloatArray:
    return np.where(np.isnan(values), otherwise, values)
