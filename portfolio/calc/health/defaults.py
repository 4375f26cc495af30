"""The model a new organisation starts with; the PMO edits it in the browser.

The tolerances are conventional ones: an index is green down to 0.95 (as in FEMA's dashboard tolerances) and red below
0.85; a cost overrun turns amber above 5 and red above 10 per cent. They are a starting point, not a standard.
"""

from dataclasses import replace

from portfolio.calc.health.codes import MEASURES
from portfolio.calc.health.model import HealthModelSpec, MeasureSpec

_INDEX_POINTS = ((0.70, 0.0), (0.85, 55.0), (0.95, 75.0), (1.0, 100.0))


def default_model() -> HealthModelSpec:
    """Return version 1 of the health model. Weights of dimensions add up to 100."""
    return HealthModelSpec(
        version=1,
        dimension_weights={
            "schedule": 25.0,
            "cost": 20.0,
            "scope": 10.0,
            "resource": 10.0,
            "quality": 10.0,
            "risk": 10.0,
            "benefits": 10.0,
            "governance": 5.0,
        },
        driver_shifts={
            "date": {"schedule": 1.6},
            "experience": {"quality": 2.0, "benefits": 1.5},
            "competitor": {"schedule": 1.4, "benefits": 1.5},
            "compliance": {"quality": 1.5, "risk": 1.5, "scope": 1.2, "governance": 2.0},
        },
        measures=(
            _measure("key_milestone_slip_wd", 3.0, ((0.0, 100.0), (5.0, 75.0), (15.0, 55.0), (40.0, 0.0))),
            _measure("finish_slip_wd", 3.0, ((0.0, 100.0), (10.0, 75.0), (20.0, 55.0), (60.0, 0.0))),
            _measure("late_milestones", 2.0, ((0.0, 100.0), (1.0, 75.0), (3.0, 55.0), (8.0, 0.0))),
            _measure("spi_t", 2.0, _INDEX_POINTS),
            _measure("cpi", 2.0, _INDEX_POINTS),
            _measure("eac_over_budget_pct", 3.0, ((0.0, 100.0), (5.0, 75.0), (10.0, 55.0), (30.0, 0.0))),
            _measure("approved_change_pct", 1.0, ((0.0, 100.0), (10.0, 75.0), (20.0, 55.0), (50.0, 0.0))),
            _measure("over_allocation_pct", 1.0, ((0.0, 100.0), (5.0, 75.0), (15.0, 55.0), (40.0, 0.0))),
            _measure("open_major_findings", 1.0, ((0.0, 100.0), (2.0, 75.0), (5.0, 55.0), (12.0, 0.0))),
            _measure("overdue_deliverables", 1.0, ((0.0, 100.0), (1.0, 75.0), (3.0, 55.0), (8.0, 0.0))),
            _measure("exposure_to_reserve_pct", 1.0, ((50.0, 100.0), (100.0, 75.0), (150.0, 55.0), (300.0, 0.0))),
            _measure("open_red_risks", 1.0, ((0.0, 100.0), (2.0, 75.0), (4.0, 55.0), (10.0, 0.0))),
            _measure("benefit_start_slip_weeks", 1.0, ((0.0, 100.0), (4.0, 75.0), (12.0, 55.0), (36.0, 0.0))),
            _measure("benefit_variance_pct", 1.0, ((-50.0, 0.0), (-20.0, 55.0), (-10.0, 75.0), (0.0, 100.0))),
            _measure("report_age_cycles", 2.0, ((1.0, 100.0), (1.25, 75.0), (1.5, 55.0), (3.0, 0.0))),
            _measure("overdue_actions", 1.0, ((0.0, 100.0), (2.0, 75.0), (5.0, 55.0), (15.0, 0.0))),
            _measure("overdue_decisions", 1.0, ((0.0, 100.0), (1.0, 75.0), (3.0, 55.0), (8.0, 0.0))),
            _measure("charter_missing", 1.0, ((0.0, 100.0), (1.0, 40.0))),
        ),
    )


def with_every_measure(spec: HealthModelSpec) -> HealthModelSpec:
    """The rules with the measures they do not have yet, as the default has them and with weight 0: switched off."""
    known = {one.code for one in spec.measures}
    new = [replace(one, weight=0.0) for one in default_model().measures if one.code not in known]
    return replace(spec, measures=(*spec.measures, *new))


def _measure(code: str, weight: float, points: tuple[tuple[float, float], ...]) -> MeasureSpec:
    info = MEASURES[code]
    return MeasureSpec(code, info.dimension, info.direction, points, weight, info.unit)
