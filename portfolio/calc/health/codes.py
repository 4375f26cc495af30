"""Codes of the health model: dimensions, bands, delivery drivers and the catalogue of measures.

They are language-free and stored in snapshots, so an entry is never renamed or reordered: the place of a dimension in
`DIMENSIONS` is its bit in `HealthResult.missing`, and a larger band code is always the better colour.
"""

from dataclasses import dataclass
from typing import Final, Literal

Direction = Literal["higher", "lower"]

DIMENSIONS: Final = ("schedule", "cost", "scope", "resource", "quality", "risk", "benefits", "governance")
DIMENSION_INDEX: Final = {code: index for index, code in enumerate(DIMENSIONS)}

GREY: Final = 0
RED: Final = 1
AMBER: Final = 2
GREEN: Final = 3
BAND_CODES: Final = ("grey", "red", "amber", "green")

DRIVERS: Final = ("date", "experience", "competitor", "compliance")


@dataclass(frozen=True, slots=True)
class MeasureInfo:
    """What a measure is: the dimension it belongs to, which way is better, and its unit.

    Units: `wd` working days, `count`, `ratio` (1 = as planned), `pct` per cent, `weeks`, `cycles` reporting cycles.
    """

    dimension: str
    direction: Direction
    unit: str


MEASURES: Final[dict[str, MeasureInfo]] = {
    "key_milestone_slip_wd": MeasureInfo("schedule", "lower", "wd"),
    "finish_slip_wd": MeasureInfo("schedule", "lower", "wd"),
    "late_milestones": MeasureInfo("schedule", "lower", "count"),
    "spi_t": MeasureInfo("schedule", "higher", "ratio"),
    "spi": MeasureInfo("schedule", "higher", "ratio"),
    "cpi": MeasureInfo("cost", "higher", "ratio"),
    "eac_over_budget_pct": MeasureInfo("cost", "lower", "pct"),
    "approved_change_pct": MeasureInfo("scope", "lower", "pct"),
    "over_allocation_pct": MeasureInfo("resource", "lower", "pct"),
    "open_major_findings": MeasureInfo("quality", "lower", "count"),
    "exposure_to_reserve_pct": MeasureInfo("risk", "lower", "pct"),
    "benefit_start_slip_weeks": MeasureInfo("benefits", "lower", "weeks"),
    "benefit_variance_pct": MeasureInfo("benefits", "higher", "pct"),
    "report_age_cycles": MeasureInfo("governance", "lower", "cycles"),
    "overdue_actions": MeasureInfo("governance", "lower", "count"),
    "overdue_decisions": MeasureInfo("governance", "lower", "count"),
    "overdue_deliverables": MeasureInfo("quality", "lower", "count"),
    "open_red_risks": MeasureInfo("risk", "lower", "count"),
    "charter_missing": MeasureInfo("governance", "lower", "count"),
}
"""Every measure the product can compute.

- `key_milestone_slip_wd`: worst forecast or actual slip of a key milestone against its baseline.
- `finish_slip_wd`: forecast finish against baseline finish.
- `late_milestones`: milestones past their baseline date and not done.
- `spi_t`, `spi`: schedule performance index, earned schedule (Lipke 2003) and classic (PMI).
- `cpi`: cost performance index. `eac_over_budget_pct`: 100 * (EAC - budget) / budget.
- `approved_change_pct`: approved change requests as a share of the baseline budget.
- `over_allocation_pct`: demand above capacity as a share of capacity, of the people committed, over the next four weeks.
- `open_major_findings`: open major audit and quality findings.
- `exposure_to_reserve_pct`: open risk exposure as a share of the remaining reserve.
- `benefit_start_slip_weeks`: expected start of benefits against plan.
- `benefit_variance_pct`: mean over the benefits with a plan by the day of 100 * (actual - planned) / planned, each between
  -100 and 0, so that one that brings more does not hide one that brings nothing.
- `report_age_cycles`: days since the last published report divided by the reporting cycle.
- `overdue_actions`, `overdue_decisions`: open and past their due date. `overdue_deliverables`: due and not accepted.
- `open_red_risks`: open threats in the red zone of the risk matrix.
- `charter_missing`: 1 where work has begun and no approved charter is in force, else 0.
"""
