"""The outline of a draft as it stands, and the writing of its rows: few statements whatever the size of the plan."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection

from pmo.core.records.listed import Listed
from projects.calc.plan.outline import Outline
from projects.models.plan import PlanTask, PlanVersion

FEW = 12
SHAPE = ("level", "parent_id", "summary")
_TYPES = {"position": "bigint", "level": "integer", "parent_id": "bigint", "summary": "boolean", "wbs": "varchar(200)"}


@dataclass
class Sheet:
    """Order, levels, positions and what is stored of the tree."""

    outline: Outline
    positions: dict[int, int]
    shapes: dict[int, tuple[int, int | None, bool]]
    """Level, parent, whether it is a summary; as `SHAPE` names them."""


def load(plan: PlanVersion) -> Sheet:
    """One statement of five small columns, read without the ORM: an outline of thousands is read at every keystroke."""
    table = PlanTask._meta.db_table
    sql = f"SELECT id, level, position, parent_id, summary FROM {table} WHERE plan_id = %s ORDER BY position, id"  # noqa: S608  names of the model only
    with connection.cursor() as cursor:
        cursor.execute(sql, [plan.pk])
        rows = cursor.fetchall()
    ids, levels, places, parents, summaries = zip(*rows, strict=True) if rows else ((), (), (), (), ())
    shapes = zip(levels, parents, map(bool, summaries), strict=True)
    return Sheet(Outline(ids, levels), dict(zip(ids, places, strict=True)), dict(zip(ids, shapes, strict=True)))


def write_rows(values: Mapping[int, Mapping[str, Any]]) -> None:
    """Write columns of rows by id: row by row where they are few, else a statement a column."""
    if len(values) <= FEW:
        for key, columns in values.items():
            PlanTask.objects.filter(pk=key).update(**columns)
        return
    by_column: dict[str, dict[int, Any]] = defaultdict(dict)
    for key, columns in values.items():
        for column, value in columns.items():
            by_column[column][key] = value
    for column, new in by_column.items():
        _write_column(column, new)


def _write_column(column: str, values: Mapping[int, Any]) -> None:
    groups: dict[Any, list[int]] = defaultdict(list)
    for key, value in values.items():
        groups[value].append(key)
    if len(groups) <= FEW or column not in _TYPES:
        for value, keys in groups.items():
            PlanTask.objects.filter(Listed("pk", keys)).update(**{column: value})
        return
    table = PlanTask._meta.db_table
    sql = (
        f"UPDATE {table} SET {column} = CAST(new.value AS {_TYPES[column]}) "  # noqa: S608  names of the model only
        f"FROM {_PAIRS[connection.vendor]} WHERE {table}.id = new.key"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, _pairs(values))


_PAIRS = {
    "postgresql": "unnest(%s, %s) AS new(key, value)",
    "sqlite": "(SELECT json_extract(value, '$[0]') AS key, json_extract(value, '$[1]') AS value FROM json_each(%s)) AS new",
}


def _pairs(values: Mapping[int, Any]) -> list[Any]:
    """Ids and values as what `_PAIRS` takes."""
    if connection.vendor == "sqlite":
        return [json.dumps(list(values.items()))]
    return [list(values.keys()), list(values.values())]
