"""The one milestone model, fed from the published plan.

A milestone of the plan gives name, baseline, forecast and actual date to the project's milestone with its `task_key`; the
first time it adopts a milestone of the same name that has none. What people keep beside these (key milestone, weight, owner,
note) stays, as does a baseline that the plan says nothing of. A milestone whose task is gone keeps its row and its dates;
one that somebody took off the plan (`detaching`) is left alone, and no other is made of its task.
"""

from __future__ import annotations

import datetime
import uuid
from dataclasses import dataclass
from typing import Any

from django.db.models import OuterRef, Subquery

from pmo.core.audit.actor import Actor
from pmo.core.calendars.queries import org_today
from pmo.core.records.bulk import update_many
from pmo.core.records.services import create_many
from projects.models.milestone import Milestone
from projects.models.plan import PlanTask, PlanVersion, TaskBaseline

_LONGEST_NAME = 300


@dataclass(frozen=True)
class MilestoneFeed:
    """What publishing did to the project's milestones, by their names."""

    created: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    adopted: tuple[str, ...] = ()  # were kept by hand and are fed by the plan from now on
    released: tuple[str, ...] = ()  # their task is gone: the row stays, kept by hand
    in_trash: tuple[str, ...] = ()  # deleted by somebody: the plan does not bring them back

    def counts(self) -> dict[str, int]:
        """How many of each."""
        return {name: len(getattr(self, name)) for name in ("created", "changed", "adopted", "released", "in_trash")}


def feed_milestones(*, actor: Actor, version: PlanVersion, reason: str = "") -> MilestoneFeed:
    """Bring the project's milestones up to the version, in a constant number of statements per 500; call it in a transaction."""
    wanted = values_of(version)
    rows = list(Milestone.all_objects.filter(project_id=version.project_id).order_by("pk"))
    alive = [row for row in rows if row.deleted_at is None]
    deleted = {row.task_key: row for row in rows if row.deleted_at is not None and row.task_key}
    fed = {row.task_key: row for row in alive if row.task_key}
    left = {row.left_task_key for row in alive if row.left_task_key}
    free: dict[str, list[Milestone]] = {}
    for row in reversed(alive):
        if row.task_key is None and row.left_task_key is None:
            free.setdefault(_folded(row.name), []).append(row)
    changes: list[tuple[Any, dict[str, Any]]] = []
    new, adopted, in_trash = [], [], []
    for key, values in wanted.items():
        same_name = free.get(_folded(values["name"]))
        if key in fed:
            changes.append((fed[key], values))
        elif key in left:
            continue
        elif key in deleted:
            in_trash.append(values["name"])
        elif same_name:
            row = same_name.pop()
            adopted.append(row.name)
            changes.append((row, {**values, "task_key": key}))
        else:
            new.append(_new(version, key, values))
    released = [row for key, row in fed.items() if key not in wanted]
    changes += [(row, {"task_key": None}) for row in released]
    today = org_today()
    touched = update_many(actor=actor, changes=changes, day=today, reason=reason)
    create_many(actor=actor, rows=new, reason=reason, day=today)
    gone = {row.pk for row in released}
    return MilestoneFeed(
        created=tuple(row.name for row in new),
        changed=tuple(row.name for row in touched if row.pk not in gone),
        adopted=tuple(adopted),
        released=tuple(row.name for row in released),
        in_trash=tuple(in_trash),
    )


def _folded(name: str) -> str:
    return " ".join(name.split()).casefold()


def _new(version: PlanVersion, key: uuid.UUID, values: dict[str, Any]) -> Milestone:
    row = Milestone(project_id=version.project_id, task_key=key, **values)
    row.clean_fields(exclude=["project", "owner", "code"])
    return row


def values_of(version: PlanVersion) -> dict[uuid.UUID, dict[str, Any]]:
    """Values of the milestones by the keys of their tasks, in the order of the outline."""
    agreed = TaskBaseline.objects.filter(task=OuterRef("pk"), number=0).values("finishes_at")[:1]
    tasks = PlanTask.objects.filter(plan=version, milestone=True, summary=False, active=True)
    rows = tasks.order_by("position", "pk").values_list(
        "key", "name", "wbs", "code", "starts_at", "finishes_at", "actual_finish", Subquery(agreed)
    )
    found = {}
    for key, name, wbs, code, starts, finishes, actual, baseline in rows:
        shown = " ".join(name.split()) or wbs or code
        if not shown:
            continue
        found[key] = {
            "name": shown[:_LONGEST_NAME],
            "forecast_date": _day(finishes or starts),
            "actual_date": _day(actual),
        }
        if baseline is not None:
            found[key]["baseline_date"] = _day(baseline)
    return found


def _day(moment: datetime.datetime | None) -> datetime.date | None:
    return None if moment is None else moment.date()
