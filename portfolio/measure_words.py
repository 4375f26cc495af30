"""The words of health: dimensions, measures, units, thresholds, as text in the reader's language."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from pmo.core.web.formats import EMPTY, MINUS, format_number
from portfolio.calc.health import MEASURES
from portfolio.calc.health.bands import round_shown
from projects.models.choices import DeliveryDriver, Dimension

Text = str | Promise

LABELS: dict[str, Text] = {
    "key_milestone_slip_wd": _("Slip of key milestones"),
    "finish_slip_wd": _("Slip of the finish"),
    "late_milestones": _("Late milestones"),
    "spi_t": _("SPI(t), time"),
    "spi": _("SPI, value"),
    "cpi": _("CPI"),
    "eac_over_budget_pct": _("EAC over budget"),
    "approved_change_pct": _("Approved change"),
    "over_allocation_pct": _("Over-allocation"),
    "open_major_findings": _("Open major findings"),
    "exposure_to_reserve_pct": _("Exposure to reserve"),
    "benefit_start_slip_weeks": _("Slip of the start of benefits"),
    "benefit_variance_pct": _("Benefit variance"),
    "report_age_cycles": _("Age of the last report"),
    "overdue_actions": _("Overdue actions"),
    "overdue_decisions": _("Overdue decisions"),
    "overdue_deliverables": _("Overdue deliverables"),
    "open_red_risks": _("Open red risks"),
    "charter_missing": _("Work without an approved charter"),
}
EXPLAINED: dict[str, Text] = {
    "key_milestone_slip_wd": _("Largest slip of a key milestone, forecast or actual date against baseline."),
    "finish_slip_wd": _("Forecast finish against planned finish."),
    "late_milestones": _("Milestones past their baseline date and not reached."),
    "spi_t": _("Earned schedule: working days earned by working days used."),
    "spi": _("Earned value by planned value."),
    "cpi": _("Earned value by actual cost."),
    "eac_over_budget_pct": _("Estimate at completion above the budget."),
    "approved_change_pct": _("Approved change requests as a share of the baseline budget."),
    "over_allocation_pct": _(
        "Demand above capacity over the next four weeks as a share of capacity, of the people committed."
    ),
    "open_major_findings": _("Open major findings of audits, reviews and tests."),
    "exposure_to_reserve_pct": _("Open risk exposure as a share of the reserve that is left."),
    "benefit_start_slip_weeks": _("Expected start of benefits against plan."),
    "benefit_variance_pct": _(
        "What benefits fall short of their plan by now, in percent; each counts at most as planned."
    ),
    "report_age_cycles": _("Days since the last published report by the days of the reporting cycle."),
    "overdue_actions": _("Open actions past their due date."),
    "overdue_decisions": _("Pending decisions past the date they are needed by."),
    "overdue_deliverables": _("Deliverables past their due date and not accepted."),
    "open_red_risks": _("Open threats in the red zone of the risk matrix."),
    "charter_missing": _("1 where work has begun and no approved charter is in force."),
}
UNITS: dict[str, Text] = {
    "wd": _("working days"),
    "count": _("number"),
    "ratio": _("ratio"),
    "pct": "%",
    "weeks": _("weeks"),
    "cycles": _("reporting cycles"),
}
_VALUES: dict[str, Text] = {
    "wd": _("%(number)s wd"),
    "weeks": _("%(number)s weeks"),
    "cycles": _("%(number)s cycles"),
    "pct": "%(number)s%%",
}
_PLACES = {"wd": 0, "count": 0, "ratio": 2, "pct": 1, "weeks": 0, "cycles": 1}


def dimension_label(code: str) -> str:
    """Schedule, cost, ..."""
    return str(Dimension(code).label)


def driver_label(code: str) -> str:
    """Date-driven, ...; a project without a driver is balanced."""
    known = code if code in DeliveryDriver.values else DeliveryDriver.NONE.value
    return str(DeliveryDriver(known).label)


def measure_label(code: str) -> str:
    """The name of a measure; its code where it is none of ours."""
    return str(LABELS.get(code, code))


def unit_of(code: str) -> str:
    """The unit code of a measure, "count" for one that is none of ours."""
    return MEASURES[code].unit if code in MEASURES else "count"


def value_text(code: str, value: float) -> str:
    """A value with its unit: 31 wd, 0.89, 12.5%, 3."""
    unit = unit_of(code)
    number = format_number(value, _PLACES[unit])
    pattern = _VALUES.get(unit)
    return number if pattern is None else str(pattern) % {"number": number}


def plain_number(value: float) -> str:
    """As many decimals as the number has, two at most, with a true minus: 5, 0.85, −12.5."""
    text = f"{abs(value):.2f}".rstrip("0").rstrip(".")
    return f"{MINUS}{text}" if value < 0 and text != "0" else text


def threshold_text(direction: str, value: float | None, *, good: bool) -> str:
    """The edge of a colour: `good` the worst green value (≤ 5), else where red begins (> 15); a dash where there is none."""
    if value is None:
        return EMPTY
    if direction == "higher":
        sign = "≥" if good else "<"
    else:
        sign = "≤" if good else ">"
    return f"{sign} {plain_number(value)}"


def score_text(score: float | None) -> str:
    """A score as it is shown and judged, with one decimal."""
    return EMPTY if score is None else format_number(float(round_shown(score)), 1)
