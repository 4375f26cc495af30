"""How good warnings are on a known history, beside two naive rules: the colour stays, the last week's change goes on.

A *case* is a project-week, green or amber, with a whole horizon of weeks after it. It turned *worse* if the colour was
worse in any week of the horizon. Precision is right warnings / warnings, recall is warned cases / worse cases, F1 their
harmonic mean (van Rijsbergen, Information Retrieval, 1979). A *change* is a week whose colour is worse than the week
before; it is foreseen if there was a warning within the horizon before it, and the lead is the weeks since the first.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from portfolio.calc.health.bands import BandArray, BoolArray, FloatArray
from portfolio.calc.health.codes import AMBER, GREEN, GREY, RED
from portfolio.calc.health.model import HealthModelSpec

IntArray = NDArray[np.int64]


@dataclass(frozen=True)
class Verdict:
    """What a rule did on a history; see the module for the words."""

    cases: int
    worse: int
    warnings: int
    right: int
    changes: int
    foreseen: int
    leads: tuple[int, ...] = ()
    worst_f1: float | None = None

    @property
    def lead_weeks(self) -> float | None:
        """Median weeks between the first warning and the change, of the foreseen changes."""
        return float(np.median(self.leads)) if self.leads else None

    @property
    def precision(self) -> float | None:
        """Share of the warnings that came true; None without any."""
        return self.right / self.warnings if self.warnings else None

    @property
    def recall(self) -> float | None:
        """Share of the worse cases that were warned of; None without any."""
        return self.right / self.worse if self.worse else None

    @property
    def f1(self) -> float | None:
        """Harmonic mean of precision and recall, 0 without a right warning; None where nothing turned worse."""
        return 2 * self.right / (self.warnings + self.worse) if self.worse else None

    @property
    def share_foreseen(self) -> float | None:
        """Share of the changes for the worse that were warned of before."""
        return self.foreseen / self.changes if self.changes else None


def judge(bands: BandArray, warned: BoolArray, horizon: int, *, from_week: int = 0) -> Verdict:
    """Judge the warnings (n, t) for a horizon on the colours (n, t) of the same weeks, oldest first.

    Weeks before `from_week` are left out: a rule that looks back has nothing to go by there.
    """
    cases = _cases(bands, horizon, from_week)
    worse = worst_within(bands, horizon) < bands
    said = warned & cases
    leads = _leads(bands, warned, horizon, from_week)
    met = [lead for lead in leads if lead]
    return Verdict(
        cases=int(cases.sum()),
        worse=int((worse & cases).sum()),
        warnings=int(said.sum()),
        right=int((said & worse).sum()),
        changes=len(leads),
        foreseen=len(met),
        leads=tuple(met),
        worst_f1=_worst_f1(bands, np.where(warned, bands - 1, bands), horizon, cases),
    )


def last_trend(model: HealthModelSpec, overall: FloatArray, horizon: int) -> BoolArray:
    """(n, t) where the change of the last week, going on for the horizon, would end in a worse colour."""
    step = np.full(overall.shape, np.nan)
    step[:, 1:] = overall[:, 1:] - overall[:, :-1]
    shown_border = np.where(
        overall >= model.green_from, model.green_from, np.where(overall >= model.amber_from, model.amber_from, np.nan)
    )
    result: BoolArray = overall + horizon * step < shown_border
    return result


def worst_within(bands: BandArray, horizon: int) -> BandArray:
    """(n, t) the worst colour of the weeks after, the present one where none is worse; grey weeks say nothing."""
    worst = bands.copy()
    for ahead in range(1, min(horizon, bands.shape[1] - 1) + 1):
        later, so_far = bands[:, ahead:], worst[:, :-ahead]
        worst[:, :-ahead] = np.where((later != GREY) & (later < so_far), later, so_far)
    return worst


def _cases(bands: BandArray, horizon: int, from_week: int) -> BoolArray:
    cases: BoolArray = (bands == GREEN) | (bands == AMBER)
    cases[:, max(bands.shape[1] - horizon, 0) :] = False
    cases[:, :from_week] = False
    return cases


def _leads(bands: BandArray, warned: BoolArray, horizon: int, from_week: int) -> list[int]:
    """For every change the weeks since the first warning within the horizon before it, 0 without one."""
    drops = (bands[:, 1:] < bands[:, :-1]) & (bands[:, 1:] != GREY)
    leads = []
    for project, before in zip(*np.nonzero(drops), strict=True):
        week = int(before) + 1
        if week <= from_week:
            continue
        start = max(week - horizon, from_week)
        hits = np.flatnonzero(warned[project, start:week])
        leads.append(week - start - int(hits[0]) if hits.size else 0)
    return leads


def _worst_f1(bands: BandArray, said: BandArray, horizon: int, cases: BoolArray) -> float | None:
    """Mean F1 over the three colours of the worst colour within the horizon, as said against as it came."""
    came = worst_within(bands, horizon)[cases]
    told = said[cases]
    scores = []
    for band in (RED, AMBER, GREEN):
        true, found = came == band, told == band
        if true.any() or found.any():
            scores.append(2 * float((true & found).sum()) / float(true.sum() + found.sum()))
    return float(np.mean(scores)) if scores else None
