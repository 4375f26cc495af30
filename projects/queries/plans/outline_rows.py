"""The rows of a plan as the outline editor takes them: short lists of JSON values, whole or only those that changed."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.utils.translation import get_language

from pmo.core.people.models import Person
from pmo.core.records.listed import Listed
from projects.calc.plan.typed import Rules, write_duration, write_link
from projects.models.plan import PlanTask, PlanVersion
from projects.queries.plans.links import links_of

SUMMARY, MILESTONE, CRITICAL, INACTIVE = 1, 2, 4, 8
_COLUMNS = (
    "id", "position", "level", "summary", "milestone", "critical", "active", "name", "duration", "duration_unit",
    "estimated", "starts_at", "finishes_at", "percent_complete", "responsible_id", "version", "wbs",
)  # fmt: skip
ROW = (
    "id",
    "position",
    "level",
    "flags",
    "name",
    "duration",
    "start",
    "finish",
    "percent",
    "responsible",
    "links",
    "version",
    "code",
)
"""What the places of a row's list mean. `links` are [row, what follows its number]; `code` is empty where it follows the outline."""


def outline_rows(
    plan: PlanVersion, rules: Rules, ids: Iterable[int] | None = None, part: slice | None = None
) -> list[list[Any]]:
    """Rows in order: all, a part of all, or those of the ids. Three statements."""
    found = PlanTask.objects.filter(plan=plan).order_by("position", "pk")
    if ids is not None:
        found = found.filter(Listed("pk", ids))
    stored = list(found.values_list(*_COLUMNS)[part] if part is not None else found.values_list(*_COLUMNS))
    keys = [row[0] for row in stored]
    links = _links(plan, keys if ids is not None or part is not None else None, rules)
    names = person_names({row[14] for row in stored if row[14] is not None})
    language = get_language() or "en"
    return [_row(row, links, names, rules, language) for row in stored]


def _row(
    row: tuple[Any, ...], links: dict[int, list[list[Any]]], names: dict[int, str], rules: Rules, language: str
) -> list[Any]:
    key, position, level, summary, milestone, critical, active, name, duration, unit, estimated = row[:11]
    starts, finishes, percent, person, version, wbs = row[11:]
    flags = summary * SUMMARY + milestone * MILESTONE + bool(critical) * CRITICAL + (not active) * INACTIVE
    return [
        key,
        position,
        level,
        flags,
        name,
        write_duration(duration, unit, rules, estimated=estimated, language=language),
        _day(starts),
        _day(finishes),
        None if percent is None else round(percent, 1),
        names.get(person, ""),
        links.get(key, []),
        version,
        wbs,
    ]


def _day(at: datetime.datetime | None) -> str:
    return at.date().isoformat() if at is not None else ""


def _links(plan: PlanVersion, keys: list[int] | None, rules: Rules) -> dict[int, list[list[Any]]]:
    rows = links_of(plan).order_by("pk")
    if keys is not None:
        rows = rows.filter(Listed("successor_id", keys))
    found: dict[int, list[list[Any]]] = defaultdict(list)
    for successor, predecessor, kind, lag, unit in rows.values_list(
        "successor_id", "predecessor_id", "kind", "lag", "lag_unit"
    ):
        found[successor].append([predecessor, write_link(kind, lag, unit, rules)])
    return found


def shapes(plan: PlanVersion, ids: Iterable[int]) -> list[list[int]]:
    """Rows of which only the place in the outline changed: id, position, level, flags of the tree."""
    rows = (
        PlanTask.objects.filter(Listed("pk", ids), plan=plan)
        .order_by("position", "pk")
        .values_list("id", "position", "level", "summary")
    )
    return [[key, position, level, int(summary)] for key, position, level, summary in rows]


def person_names(ids: set[int]) -> dict[int, str]:
    """What people are called in the reader's language."""
    return {row.pk: str(row) for row in Person.all_objects.filter(pk__in=ids)} if ids else {}
