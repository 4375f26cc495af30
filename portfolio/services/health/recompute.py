"""Recomputing the health of a date: read in chunks, compute, write what differs, roll up.

Everything is read as it stood at the end of the date, so running twice changes nothing, a run that was killed is
finished by the next one, and what is edited later leaves past dates alone.
"""

from __future__ import annotations

import datetime
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from pmo.core.audit.actor import Actor
from pmo.core.audit.services import Act, record
from pmo.core.calendars.queries import org_today
from pmo.core.history.queries import as_of
from portfolio.calc.health import HealthModelSpec, compute
from portfolio.models import HealthModel, HealthSnapshot, Portfolio, PortfolioItem
from portfolio.queries.health_chunk import Chunk, IntArray, chunks, qualifying_ids
from portfolio.queries.health_models import NoHealthModelError, model_in_force, spec_of
from portfolio.queries.measures import DayFacts, day_facts, read_measures
from portfolio.services.health.models import ensure_default_model
from portfolio.services.health.rollup import roll_up
from portfolio.services.health.snapshots import lock_date, remove, snapshot_rows, store
from portfolio.services.health.warnings import raise_warnings

CHUNK = 10_000
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class RecomputeResult:
    """What a run did: projects that qualify on the date, their snapshots on file, rows that changed, seconds."""

    date: datetime.date
    projects: int
    snapshots: int
    changed: int
    seconds: float

    def as_dict(self) -> dict[str, object]:
        """The figures the command and the job report."""
        return {
            "date": self.date.isoformat(),
            "projects": self.projects,
            "snapshots": self.snapshots,
            "seconds": round(self.seconds, 3),
        }


def recompute(
    *,
    actor: Actor,
    day: datetime.date,
    portfolio: Portfolio | None = None,
    project_ids: Sequence[int] | None = None,
    progress: Progress | None = None,
    chunk_size: int = CHUNK,
    today: datetime.date | None = None,
) -> RecomputeResult:
    """Compute the snapshots and roll-ups of a date, for all projects, those of a portfolio or those given.

    `progress(done, total)` is called in projects after every chunk and may raise to stop; each chunk is one
    transaction. Raises ValidationError for a date that has not come yet.
    """
    started = time.monotonic()
    if day > (today or org_today()):
        raise ValidationError({"date": _("%(day)s has not come yet.") % {"day": day.isoformat()}})
    model = _model_on(day, actor)
    spec = spec_of(model)
    among = _among(day, portfolio, project_ids)
    ids = qualifying_ids(day, among)
    facts = day_facts(day)
    changed, done = 0, 0
    for chunk in chunks(ids, chunk_size, whole=among is None):
        changed += _one_chunk(chunk, facts, model, spec)
        done += chunk.ids.size
        if progress is not None:
            progress(done, ids.size)
    changed += _finish(day, spec, among, ids)
    _note(actor, day, portfolio, ids.size, changed)
    return RecomputeResult(day, int(ids.size), _on_file(day, among, ids), changed, time.monotonic() - started)


def _model_on(day: datetime.date, actor: Actor) -> HealthModel:
    """The rules of the day; the first version, which holds from the beginning, where there is none yet."""
    try:
        return model_in_force(day)
    except NoHealthModelError:
        ensure_default_model(actor=actor)
        return model_in_force(day)


def _among(day: datetime.date, portfolio: Portfolio | None, project_ids: Sequence[int] | None) -> IntArray | None:
    """The projects a partial run is about, None for all."""
    if portfolio is None and project_ids is None:
        return None
    chosen: IntArray | None = None
    if project_ids is not None:
        chosen = np.unique(np.array(list(project_ids), dtype=np.int64))
    if portfolio is not None:
        items = as_of(PortfolioItem, day).filter(portfolio_id=portfolio.pk).values_list("project_id", flat=True)
        members = np.unique(np.fromiter(items, dtype=np.int64))
        chosen = members if chosen is None else np.intersect1d(chosen, members)
    return chosen


def _one_chunk(chunk: Chunk, facts: DayFacts, model: HealthModel, spec: HealthModelSpec) -> int:
    with transaction.atomic():
        lock_date(facts.day)
        measures = read_measures(chunk, facts)
        result = compute(spec, measures.measures, drivers=measures.driver, size=chunk.ids.size)
        changed = store(chunk, facts.day, snapshot_rows(measures, result, model, facts.day))
        return changed + raise_warnings(chunk, measures, result, spec, facts.day)


def _finish(day: datetime.date, spec: HealthModelSpec, among: IntArray | None, ids: IntArray) -> int:
    with transaction.atomic():
        lock_date(day)
        gone = 0 if among is None else remove(day, np.setdiff1d(among, ids).tolist())
        return gone + roll_up(day, spec, scope=among)


def _on_file(day: datetime.date, among: IntArray | None, ids: IntArray) -> int:
    rows = HealthSnapshot.objects.filter(date=day)
    return rows.count() if among is None else rows.filter(project_id__in=ids.tolist()).count()


def _note(actor: Actor, day: datetime.date, portfolio: Portfolio | None, projects: int, changed: int) -> None:
    changes = {"date": [None, day], "projects": [None, projects], "changed": [None, changed]}
    if portfolio is not None:
        changes["portfolio"] = [None, portfolio.code]
    model = "portfolio.healthsnapshot"
    act = Act(action="recompute", model=model, object_id=None, object_label=day.isoformat(), changes=changes)
    record(actor=actor, act=act)
