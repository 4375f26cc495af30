"""Roll-up of project health to programmes, portfolios and objectives.

Health of a group is the budget-weighted mean of its projects' H. Money is added first and divided afterwards, so
indices are never averaged (PMI, Practice Standard for Earned Value Management; FEMA's dashboard sums before ratios
too). A group is never greener than its worst critical project, unless somebody with the right overrode that in
writing, and the counts per colour stand beside the colour.

Membership is flat: `group[i]` contains `project[i]`. A project may be in many groups and counts once in each.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from portfolio.calc.health.bands import SHOWN_STEP, BandArray, BoolArray, FloatArray, band_of, round_shown
from portfolio.calc.health.codes import BAND_CODES, GREEN, GREY
from portfolio.calc.health.model import HealthModelSpec

IntArray = NDArray[np.int64]

NO_PROJECT = -1


@dataclass(frozen=True)
class Membership:
    """Which projects are in which groups: g groups, n projects, flat pairs without duplicates in a fixed order."""

    group: IntArray
    project: IntArray
    groups: int

    @classmethod
    def of(cls, group: ArrayLike, project: ArrayLike, *, groups: int, projects: int) -> "Membership":
        """Build from pairs in any order, with or without duplicates. Raises ValueError for an index out of range."""
        rows = np.asarray(group, dtype=np.int64)
        columns = np.asarray(project, dtype=np.int64)
        if rows.shape != columns.shape or rows.ndim != 1:
            raise ValueError(f"group {rows.shape} and project {columns.shape} must be flat and of equal length")
        for name, indices, limit in (("group", rows, groups), ("project", columns, projects)):
            if indices.size and not (indices.min() >= 0 and indices.max() < limit):
                raise ValueError(f"{name} holds an index outside 0..{limit - 1}")
        keys = np.unique(rows * max(projects, 1) + columns)
        return cls(keys // max(projects, 1), keys % max(projects, 1), groups)

    def total(self, values: NDArray[Any]) -> FloatArray:
        """Add the (n,) values per group."""
        sums = np.bincount(self.group, weights=values[self.project], minlength=self.groups)
        return np.asarray(sums, dtype=np.float64)

    def count(self, chosen: NDArray[np.bool_]) -> IntArray:
        """Count the chosen projects per group; `chosen` is (n,)."""
        return np.bincount(self.group[chosen[self.project]], minlength=self.groups).astype(np.int64)


@dataclass(frozen=True)
class ProjectHealth:
    """What roll-up needs of n projects: H (NaN where grey), band codes, budget (NaN where missing), critical, stale."""

    overall: FloatArray
    band: BandArray
    budget: FloatArray
    critical: BoolArray
    stale: BoolArray


@dataclass(frozen=True)
class GroupHealth:
    """Health of g groups; all arrays are (g,) except `counts`."""

    raw: FloatArray
    """Budget-weighted H before the critical-project rule; NaN where no project has a colour."""
    overall: FloatArray
    shown: FloatArray
    band: BandArray
    counts: IntArray
    """(g, 4) projects per band code: grey, red, amber, green."""
    stale_count: IntArray
    equal_weights: BoolArray
    """No coloured project had a budget, so all counted the same."""
    without_budget: IntArray
    """Coloured projects without a budget: left out of H, unless `equal_weights`."""
    worst_critical: IntArray
    """Index of the critical project with the lowest H, or -1."""
    held_by_critical: BoolArray
    """The worst critical project lowered the colour."""
    override_used: BoolArray
    """It would have, but an override stood against it."""


def roll_up_health(
    model: HealthModelSpec, members: Membership, projects: ProjectHealth, *, overridden: ArrayLike | None = None
) -> GroupHealth:
    """Roll the health of projects up to their groups.

    `overridden` is (g,) booleans: an override of the critical-project rule is on record for the group.
    """
    coloured = np.asarray(projects.band) != GREY
    budget = np.where(coloured & (projects.budget > 0), projects.budget, 0.0)
    has_budget = members.total(budget) > 0
    health = np.where(coloured, projects.overall, 0.0)
    number = members.count(coloured)
    weighted = _ratio(members.total(budget * health), members.total(budget))
    plain = _ratio(members.total(health), number.astype(np.float64))
    raw = np.where(has_budget, weighted, plain)
    worst = _worst_critical(members, projects, coloured)
    ceiling = _ceiling(model, projects, worst)
    limited = ~np.isnan(raw) & (_bands(model, raw) > _bands(model, ceiling)) & (worst != NO_PROJECT)
    allowed = np.zeros(members.groups, dtype=np.bool_) if overridden is None else np.asarray(overridden, dtype=np.bool_)
    overall = np.where(limited & ~allowed, np.fmin(raw, ceiling), raw)
    return GroupHealth(
        raw=raw,
        overall=overall,
        shown=round_shown(overall),
        band=_bands(model, overall),
        counts=np.stack([members.count(projects.band == band) for band in range(len(BAND_CODES))], axis=1),
        stale_count=members.count(projects.stale),
        equal_weights=~has_budget & (number > 0),
        without_budget=members.count(coloured & (budget == 0)),
        worst_critical=worst,
        held_by_critical=limited & ~allowed,
        override_used=limited & allowed,
    )


def _bands(model: HealthModelSpec, scores: FloatArray) -> BandArray:
    return band_of(scores, green_from=model.green_from, amber_from=model.amber_from)


def _ratio(numerator: FloatArray, denominator: FloatArray) -> FloatArray:
    """Divide; NaN ("n/a", never 0) where there is nothing to divide by."""
    nothing = np.full(denominator.shape, np.nan)
    result: FloatArray = np.divide(numerator, denominator, out=nothing, where=denominator > 0)
    return result


def _worst_critical(members: Membership, projects: ProjectHealth, coloured: BoolArray) -> IntArray:
    worst = np.full(members.groups, NO_PROJECT, dtype=np.int64)
    chosen = (coloured & projects.critical)[members.project]
    group, project = members.group[chosen], members.project[chosen]
    # the last one written wins, so the lowest score comes last
    order = np.lexsort((-project, -projects.overall[project]))
    worst[group[order]] = project[order]
    return worst


def _ceiling(model: HealthModelSpec, projects: ProjectHealth, worst: IntArray) -> FloatArray:
    """Return the highest H that is not greener than the worst critical project (100 without one)."""
    ceilings = np.array([100.0, model.amber_from - SHOWN_STEP, model.green_from - SHOWN_STEP, 100.0])
    bands = np.where(worst == NO_PROJECT, GREEN, projects.band[worst] if projects.band.size else GREEN)
    result: FloatArray = ceilings[bands]
    return result


@dataclass(frozen=True)
class ProjectMoney:
    """Money of n projects in one currency, NaN where unknown: budget at completion, PV, EV, AC and EAC."""

    bac: FloatArray
    pv: FloatArray
    ev: FloatArray
    ac: FloatArray
    eac: FloatArray


@dataclass(frozen=True)
class GroupMoney:
    """Money of g groups; all arrays are (g,). A ratio uses only the projects that know both of its terms.

    `cpi_projects`, `spi_projects` and `eac_projects` count those projects. Ratios without a denominator are NaN.
    """

    bac: FloatArray
    pv: FloatArray
    ev: FloatArray
    ac: FloatArray
    eac: FloatArray
    cpi: FloatArray
    spi: FloatArray
    eac_over_budget: FloatArray
    """Sum of EAC less sum of BAC."""
    eac_over_budget_pct: FloatArray
    cpi_projects: IntArray
    spi_projects: IntArray
    eac_projects: IntArray


def roll_up_money(members: Membership, money: ProjectMoney) -> GroupMoney:
    """Add the money of the projects of each group, then divide."""
    ev_of_ac, ac, cpi_projects = _paired(members, money.ev, money.ac)
    ev_of_pv, pv, spi_projects = _paired(members, money.ev, money.pv)
    eac, bac, eac_projects = _paired(members, money.eac, money.bac)
    return GroupMoney(
        bac=_known_total(members, money.bac),
        pv=_known_total(members, money.pv),
        ev=_known_total(members, money.ev),
        ac=_known_total(members, money.ac),
        eac=_known_total(members, money.eac),
        cpi=_ratio(ev_of_ac, ac),
        spi=_ratio(ev_of_pv, pv),
        eac_over_budget=np.where(eac_projects > 0, eac - bac, np.nan),
        eac_over_budget_pct=100.0 * _ratio(eac - bac, bac),
        cpi_projects=cpi_projects,
        spi_projects=spi_projects,
        eac_projects=eac_projects,
    )


def _known_total(members: Membership, values: FloatArray) -> FloatArray:
    known = ~np.isnan(values)
    return np.where(members.count(known) > 0, members.total(np.where(known, values, 0.0)), np.nan)


def _paired(members: Membership, first: FloatArray, second: FloatArray) -> tuple[FloatArray, FloatArray, IntArray]:
    known = ~np.isnan(first) & ~np.isnan(second)
    return (
        members.total(np.where(known, first, 0.0)),
        members.total(np.where(known, second, 0.0)),
        members.count(known),
    )
