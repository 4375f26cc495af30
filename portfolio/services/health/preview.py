"""Who would change colour under other rules. Nothing is written."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

import numpy as np

from portfolio.calc.health import BAND_CODES, HealthModelSpec, HealthResult, compute
from portfolio.queries.health_chunk import Chunk, IntArray, chunks, qualifying_ids
from portfolio.queries.health_models import model_in_force, spec_of
from portfolio.queries.measures import DayFacts, day_facts, read_measures
from portfolio.services.health.recompute import CHUNK
from projects.models import Project


@dataclass(frozen=True)
class ColourChange:
    """A project whose colour would change, with its scores as shown (None where grey)."""

    project: Project
    before_band: str
    after_band: str
    before: float | None
    after: float | None

    @property
    def worse(self) -> bool:
        """Whether the change is for the worse; losing the colour is no change for the worse."""
        return 0 < BAND_CODES.index(self.after_band) < BAND_CODES.index(self.before_band)


@dataclass(frozen=True)
class Preview:
    """What the rules would do to the visible projects on a day: counts per colour before and after, and who changes."""

    day: datetime.date
    model_number: int
    projects: int
    before: dict[str, int]
    after: dict[str, int]
    changes: list[ColourChange]


def preview(*, spec: HealthModelSpec, day: datetime.date, user: Any) -> Preview:
    """Compute the visible projects of a day under the rules in force and under `spec`, from the same measures.

    Raises NoHealthModelError where no rules are in force on the day. `spec` must be valid. The number of queries does not
    depend on the number of projects.
    """
    model = model_in_force(day)
    old_spec = spec_of(model)
    visible = np.sort(np.fromiter(Project.objects.visible_to(user).values_list("pk", flat=True), dtype=np.int64))
    ids = qualifying_ids(day)
    facts = day_facts(day)
    seen: IntArray = np.zeros(0, dtype=np.int64)
    pairs: list[_Pair] = []
    for chunk in chunks(ids, CHUNK, whole=True):
        pairs.append(_both(chunk, facts, old_spec, spec, np.isin(chunk.ids, visible)))
        seen = np.concatenate([seen, pairs[-1].ids])
    before, after = (np.concatenate([getattr(pair, name) for pair in pairs]) for name in ("old_band", "new_band"))
    return Preview(
        day=day,
        model_number=model.number,
        projects=int(seen.size),
        before=_counts(before),
        after=_counts(after),
        changes=_changes(pairs),
    )


@dataclass(frozen=True)
class _Pair:
    ids: IntArray
    old_band: np.typing.NDArray[np.int8]
    new_band: np.typing.NDArray[np.int8]
    old_shown: np.typing.NDArray[np.float64]
    new_shown: np.typing.NDArray[np.float64]


def _both(
    chunk: Chunk, facts: DayFacts, old: HealthModelSpec, new: HealthModelSpec, visible: np.typing.NDArray[np.bool_]
) -> _Pair:
    measures = read_measures(chunk, facts)

    def computed(spec: HealthModelSpec) -> HealthResult:
        return compute(spec, measures.measures, drivers=measures.driver, size=chunk.ids.size)

    first, second = computed(old), computed(new)
    return _Pair(
        chunk.ids[visible], first.band[visible], second.band[visible], first.shown[visible], second.shown[visible]
    )


def _counts(bands: np.typing.NDArray[np.int8]) -> dict[str, int]:
    number = np.bincount(bands, minlength=len(BAND_CODES)).tolist()
    return dict(zip(BAND_CODES, number, strict=True))


def _changes(pairs: list[_Pair]) -> list[ColourChange]:
    """Worse ones first, then by the size of the change."""
    rows = [
        (
            int(pair.ids[at]),
            int(pair.old_band[at]),
            int(pair.new_band[at]),
            _score(pair.old_shown[at]),
            _score(pair.new_shown[at]),
        )
        for pair in pairs
        for at in np.flatnonzero(pair.old_band != pair.new_band)
    ]
    projects = Project.all_objects.in_bulk([row[0] for row in rows])
    changes = [
        ColourChange(projects[pk], BAND_CODES[old], BAND_CODES[new], before, after)
        for pk, old, new, before, after in rows
    ]
    return sorted(changes, key=lambda row: (not row.worse, (row.after or 0) - (row.before or 0), row.project.code))


def _score(value: float) -> float | None:
    return None if np.isnan(value) else float(value)
