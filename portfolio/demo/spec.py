"""What a project of the demo is told to be: its plan, and the hidden causes that will move it.

Weeks count from today: -20 is twenty weeks ago, 3 in three weeks. Money is in ten thousand of the project's currency (万).
Nothing here is a result: dates, costs and colours come out of the simulator.
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Goal:
    """A planned milestone: name, baseline in weeks from today, whether it is a key milestone, percent of the budget it earns.

    Where no milestone of a project names its share, they follow from the plan's spending.
    """

    name: str
    week: float
    key: bool = False
    earns: float = 0.0


@dataclass(frozen=True, slots=True)
class Ask:
    """A decision somebody has to take. `due` is in working days from today; `cost` is the cost of delay per week (万).

    `decided` is the week in which it was taken, None while it is open.
    """

    title: str
    context: str
    decider: str
    raised: float
    due: int
    cost: float = 0.0
    decided: float | None = None
    outcome: str = ""


@dataclass(frozen=True, slots=True)
class Setback:
    """A cause that moves every milestone from number `since` on by `days` working days (negative: time recovered).

    The project manager tells `first_share` of it `told` weeks after it happened and the rest `told_fully` weeks after.
    `cost` is what it costs, as a share of the budget. `solved` weeks later its issue is closed (None: still open).
    """

    week: float
    days: int
    since: int
    cause: str
    dimension: str = "schedule"
    issue: str = ""
    fix: str = ""
    told: float = 1.0
    told_fully: float = 3.0
    first_share: float = 0.5
    cost: float = 0.0
    solved: float | None = 8.0


@dataclass(frozen=True, slots=True)
class Stream:
    """A share of the budget: capital or operating, category, currency ("" for the project's own)."""

    kind: str
    category: str
    share: float
    currency: str = ""


@dataclass(frozen=True, slots=True)
class BudgetChange:
    """An approved change that raises the rest of the budget by a share of the whole."""

    week: float
    share: float
    note: str


@dataclass(frozen=True, slots=True)
class Manner:
    """How the project manager reports.

    `optimism` is added to the health he perceives (points) before he declares a colour; `flattery` (0..1) lifts the
    percent complete in the middle of a stage. `on_time` is the chance that a report is handed in when due, `missing`
    that it never comes; `missed_last` reports before today are missing. `stubborn` never gives in to the PMO's colour.
    `forecasts` says whether he keeps forecast dates, `silent` that he enters and reports nothing at all.
    """

    optimism: float = 3.0
    flattery: float = 0.1
    on_time: float = 0.9
    missing: float = 0.02
    missed_last: int = 0
    stubborn: bool = False
    own_estimate: bool = False
    forecasts: bool = True
    silent: bool = False
    books_late: int = 0


@dataclass(frozen=True, slots=True)
class ProjectSpec:
    """One project.

    `driver` to `priority` are codes of the registry. `drift` is the share by which work costs more than planned, `streams`
    how the budget is split. `parties` are outside stakeholders: name, organisation, part, power, interest. `held_from` and
    `ended_at` are the weeks in which it is put on hold or terminated. `weekly_costs` books costs each week instead of each
    month. `rated` are the dimensions rated in reports, those that are green only with `rates_green`. `weighted` gives
    milestones their share of the budget; without it they count alike.
    """

    code: str
    zh: str
    en: str
    summary: str
    type: str
    unit: str
    pm: str
    sponsor: str
    budget: float
    start: float
    goals: tuple[Goal, ...]
    portfolio: str
    programme: str = ""
    driver: str = "none"
    method: str = "predictive"
    priority: str = "3_medium"
    visibility: str = "portfolio"
    country: str = "中国"
    currency: str = "CNY"
    critical: bool = False
    drift: float = 0.02
    start_slip: int = 0
    setbacks: tuple[Setback, ...] = ()
    asks: tuple[Ask, ...] = ()
    streams: tuple[Stream, ...] = ()
    changes: tuple[BudgetChange, ...] = ()
    manner: Manner = field(default_factory=Manner)
    objectives: tuple[tuple[str, float], ...] = ()
    team: tuple[str, ...] = ()
    coordinator: str = ""
    parties: tuple[tuple[str, str, str, int, int], ...] = ()
    held_from: float | None = None
    ended_at: float | None = None
    weekly_costs: bool = True
    rated: tuple[str, ...] = ("schedule", "cost", "scope", "resource", "quality", "risk")
    rates_green: bool = True
    weighted: bool = True

    @property
    def finish(self) -> float:
        """Week of the last milestone's baseline."""
        return self.goals[-1].week
