"""Benefits of the demo: promised by month from the planned finish on, measured by month from the true one on."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import numpy as np

from portfolio.demo.rooms.project_aims import Gain
from projects.models import Benefit, BenefitLine

if TYPE_CHECKING:
    from portfolio.demo.rooms.projects import Scene
    from portfolio.demo.track import Track

_VARIANTS_WITH = 0.55
_RETURN = (1.1, 1.9)  # times the budget, all benefits in money of a project together
_ENTERED_ON = 8  # day of the following month on which a month is measured


def add_benefits(scene: Scene) -> None:
    """The benefits the story names; of a variant about every second has one, measured by quarter."""
    if not scene.rich and scene.rng.random() > _VARIANTS_WITH:
        return
    for gain in scene.story.gains:
        _benefit(scene, gain, 1 if scene.rich else 3)


def _benefit(scene: Scene, gain: Gain, step: int) -> None:
    run, spec = scene.run, scene.run.spec
    level = gain.baseline is not None
    total = gain.total if gain.unit else _promise(scene, gain)
    fixed = None if gain.early is None else run.world.day(gain.early).replace(day=1)
    track = run.book.add(
        Benefit,
        run.born,
        project_id=run.project,
        name=gain.name,
        kind="hard" if gain.hard else "soft",
        monetary=not gain.unit,
        currency="" if gain.unit else spec.currency,
        unit=gain.unit,
        manner="level" if level else "sum",
        direction="down" if level and gain.baseline is not None and gain.total < gain.baseline else "up",
        baseline=_two(gain.baseline) if gain.baseline is not None else None,
        planned_total=_two(total),
        owner_id=scene.person(spec.sponsor),
        anchor="date" if fixed else "finish",
        starts_on=fixed,
        offset_months=None if fixed else gain.offset,
    )
    planned = _plan(gain, total)
    promised = fixed or _months_after(run.date(run.course.plan.finish), gain.offset)
    _lines(scene, gain, track, planned, (promised, _true_start(scene, gain, fixed)), step)


def _promise(scene: Scene, gain: Gain) -> float:
    """Money over the life of the benefit: a business case that was approved promises more than the project costs."""
    budget = scene.run.spec.budget
    share = budget * float(scene.rng.uniform(*_RETURN)) / sum(not one.unit for one in scene.story.gains)
    return max(gain.total or 0, round(share)) * 10_000


def _true_start(scene: Scene, gain: Gain, fixed: datetime.date | None) -> datetime.date | None:
    """The month from which something arrives; None while the project is not finished."""
    if fixed is not None:
        return fixed
    course = scene.run.course
    return _months_after(scene.run.date(course.last), gain.offset) if course.finished else None


def _plan(gain: Gain, total: float) -> list[float]:
    """Planned values by period: half in the first, three quarters in the second; a level goes there in equal steps."""
    if gain.baseline is not None:
        steps = np.clip(np.arange(1, gain.months + 1) / (gain.months / 2), 0, 1)
        return [round(float(value), 1) for value in gain.baseline + (total - gain.baseline) * steps]
    weights = np.ones(gain.months)
    weights[:2] = (0.5, 0.75)
    amounts = (
        np.floor(total * weights / weights.sum() / 100) * 100 if not gain.unit else total * weights / weights.sum()
    )
    amounts[-1] += total - amounts.sum()
    return [round(float(value), 2) for value in amounts]


def _lines(
    scene: Scene,
    gain: Gain,
    track: Track,
    planned: list[float],
    starts: tuple[datetime.date, datetime.date | None],
    step: int,
) -> None:
    """The promised periods, and what was measured from the true start on, entered early in the following month."""
    run = scene.run
    promised, true_start = starts
    common = {"project_id": run.project, "benefit_id": track.pk, "currency": track.now["currency"]}
    lines: dict[datetime.date, Track] = {}
    for index, value in enumerate(planned):
        period = _shift(promised, index * step + step - 1)
        lines[period] = run.book.add(BenefitLine, run.born, period=period, planned=_two(value), **common)
    for index, value in enumerate(planned if true_start else ()):
        assert true_start is not None  # noqa: S101  the loop is empty without it
        period = _shift(true_start, index * step + step - 1)
        entered = scene.shift(_shift(period, 1).replace(day=_ENTERED_ON), 0)
        if entered > scene.today:
            return
        actual = _two(_measured(scene, gain, value))
        line = lines.get(period)
        if line is None:
            run.book.add(BenefitLine, scene.kept(entered), period=period, actual=actual, **common)
        else:
            scene.step(line, entered, actual=actual)


def _measured(scene: Scene, gain: Gain, planned: float) -> float:
    share = gain.reached * float(scene.rng.uniform(0.88, 1.12))
    if gain.baseline is None:
        return round(planned * share, -2 if not gain.unit else 1)
    return round(gain.baseline + (planned - gain.baseline) * share, 1)


def _months_after(day: datetime.date, months: int) -> datetime.date:
    """The first day of the month after the day, and so many months later."""
    return _shift(day.replace(day=1), max(months, 1))


def _shift(first: datetime.date, months: int) -> datetime.date:
    number = first.year * 12 + first.month - 1 + months
    return first.replace(year=number // 12, month=number % 12 + 1)


def _two(value: Any) -> Decimal:
    return Decimal(f"{value:.2f}")
