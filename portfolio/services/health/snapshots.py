"""From the engine's arrays to snapshot rows, and the rows into the table: only what differs is written."""

from __future__ import annotations

import csv
import datetime
import io
import json
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import numpy as np
from django.db import connection

from portfolio.calc.health import BAND_CODES, DIMENSIONS, HealthResult
from portfolio.models import EarlyWarning, HealthModel, HealthSnapshot
from portfolio.queries.health_chunk import Chunk
from portfolio.queries.health_fetch import FloatArray
from portfolio.queries.measures import Measures

MONEY = ("bac", "pv", "ev", "ac", "eac")
COLUMNS = (
    "project_id",
    "date",
    "model_id",
    "overall",
    "band",
    "declared",
    "reviewed",
    "stale",
    *DIMENSIONS,
    *MONEY,
    "inputs",
)
KEY = ("project_id", "date")
Row = tuple[Any, ...]


def snapshot_rows(measures: Measures, result: HealthResult, model: HealthModel, day: datetime.date) -> list[Row]:
    """One row per project in the order of `COLUMNS`, n/a as None."""
    size = measures.ids.size
    columns: list[list[Any]] = [
        measures.ids.tolist(),
        [day] * size,
        [model.pk] * size,
        _numbers(result.overall),
        [BAND_CODES[code] for code in result.band.tolist()],
        measures.reports.declared.tolist(),
        measures.reports.reviewed.tolist(),
        result.stale.tolist(),
        *(_numbers(result.dimension_scores[:, index]) for index in range(len(DIMENSIONS))),
        *(_amounts(getattr(measures.value, name)) for name in MONEY),
        inputs_of(measures),
    ]
    return list(zip(*columns, strict=True))


def _numbers(values: FloatArray) -> list[float | None]:
    return [None if value != value else value for value in values.tolist()]


def _amounts(values: FloatArray) -> list[Decimal | None]:
    return [None if value != value else Decimal(f"{value:.2f}") for value in values.tolist()]


def inputs_of(measures: Measures) -> list[dict[str, Any]]:
    """The stored inputs of each project: measures with data by code, the driver, and the facts sentences are made of.

    Beside the measures: `cycle_days`, `report` (id) and `report_on` or `never_reported`, `key_milestone` (id),
    `milestones_due`, `milestones_met` (reached no later than planned), `open_issues`, `overdue_issues`, `missing_rate`.
    """
    entries: list[dict[str, Any]] = [{"driver": driver} for driver in measures.driver.tolist()]
    for code, values in measures.measures.items():
        _put(entries, code, values.tolist(), ~np.isnan(values))
    _put(entries, "cycle_days", measures.cycle_days.astype(np.int64).tolist())
    reports = measures.reports
    _put(entries, "report", reports.row_id.tolist(), reports.row_id > 0)
    _put(entries, "report_on", np.datetime_as_string(reports.published).tolist(), ~np.isnat(reports.published))
    _put(entries, "never_reported", measures.never_reported.tolist(), measures.never_reported)
    _put(entries, "key_milestone", measures.key_milestone.tolist(), measures.key_milestone > 0)
    _put(entries, "milestones_due", measures.milestones_due.tolist())
    _put(entries, "milestones_met", measures.milestones_met.tolist())
    for name, counts in (("open_issues", measures.open_issues), ("overdue_issues", measures.overdue_issues)):
        known = ~np.isnan(counts)
        _put(entries, name, np.where(known, counts, 0).astype(np.int64).tolist(), known)
    missing = measures.value.missing_rate
    _put(entries, "missing_rate", missing.tolist(), missing != "")
    return entries


def _put(entries: list[dict[str, Any]], name: str, values: list[Any], known: Any = None) -> None:
    if known is None:
        for entry, value in zip(entries, values, strict=True):
            entry[name] = value
        return
    for index in np.flatnonzero(known).tolist():
        entries[index][name] = values[index]


def lock_date(day: datetime.date) -> None:
    """Let one transaction at a time compute a date. SQLite's transactions are immediate and need nothing more."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_LOCK_CLASS, day.toordinal()])


_LOCK_CLASS = 0x6865616C  # "heal"


def store(chunk: Chunk, day: datetime.date, rows: list[Row]) -> int:
    """Make the snapshots of the chunk on the day exactly these; returns how many rows changed, came or went.

    Runs inside the caller's transaction, after `lock_date`.
    """
    found = HealthSnapshot.objects.filter(chunk.where(), date=day).order_by().values_list("project_id", flat=True)
    have = np.fromiter(found, dtype=np.int64)
    _place, kept = chunk.places(have)
    gone = remove(day, have[~kept].tolist())
    if not rows:
        return gone
    if connection.vendor == "postgresql":
        return gone + (_merge(rows) if kept.any() else _copy(rows))
    return gone + _upsert(chunk, day, rows)


def remove(day: datetime.date, project_ids: list[int]) -> int:
    """Remove the day's snapshots of these projects, and the warnings raised with them; returns how many snapshots went."""
    if not project_ids:
        return 0
    EarlyWarning.objects.filter(date=day, project_id__in=project_ids).delete()
    return HealthSnapshot.objects.filter(date=day, project_id__in=project_ids).delete()[0]


def _upsert(chunk: Chunk, day: datetime.date, rows: list[Row]) -> int:
    found = HealthSnapshot.objects.filter(chunk.where(), date=day).order_by()
    stored = {row[0]: row for row in found.values_list(*COLUMNS)}
    changed = [row for row in rows if stored.get(row[0]) != row]
    fields = [name for name in COLUMNS if name not in KEY]
    HealthSnapshot.objects.bulk_create(
        [HealthSnapshot(**dict(zip(COLUMNS, row, strict=True))) for row in changed],
        batch_size=500,
        update_conflicts=True,
        unique_fields=["project", "date"],
        update_fields=[name.removesuffix("_id") for name in fields],
    )
    return len(changed)


def _copy(rows: list[Row]) -> int:
    """PostgreSQL, a date without snapshots: COPY straight into the table. `lock_date` keeps other runs out."""
    with connection.cursor() as cursor:
        _copy_into(cursor, HealthSnapshot._meta.db_table, rows)
    return len(rows)


def copy_rows(table: str, columns: Sequence[str], rows: list[Row]) -> None:
    """PostgreSQL: COPY rows whose last value is JSON straight into a table."""
    with connection.cursor() as cursor:
        _copy_into(cursor, table, rows, columns)


def _copy_into(cursor: Any, table: str, rows: list[Row], columns: Sequence[str] = COLUMNS) -> None:
    from psycopg2 import sql

    names = sql.SQL(", ").join(map(sql.Identifier, columns))
    statement = sql.SQL("COPY {} ({}) FROM STDIN WITH (FORMAT csv)").format(sql.Identifier(table), names)
    cursor.copy_expert(statement, csv_of(rows))


def _merge(rows: list[Row]) -> int:
    """PostgreSQL: COPY into a temporary table, then one INSERT that updates only rows that differ."""
    from psycopg2 import sql

    table, incoming = sql.Identifier(HealthSnapshot._meta.db_table), sql.Identifier(_INCOMING)
    values = [sql.Identifier(name) for name in COLUMNS if name not in KEY]
    parts = {
        "table": table,
        "incoming": incoming,
        "names": sql.SQL(", ").join(map(sql.Identifier, COLUMNS)),
        "changes": sql.SQL(", ").join(sql.SQL("{0} = EXCLUDED.{0}").format(name) for name in values),
        "old": sql.SQL(", ").join(sql.SQL("{}.{}").format(table, name) for name in values),
        "new": sql.SQL(", ").join(sql.SQL("EXCLUDED.{}").format(name) for name in values),
    }
    with connection.cursor() as cursor:
        create = "CREATE TEMPORARY TABLE {incoming} ON COMMIT DROP AS SELECT {names} FROM {table} WITH NO DATA"
        cursor.execute(sql.SQL(create).format(**parts))
        _copy_into(cursor, _INCOMING, rows)
        cursor.execute(sql.SQL(_MERGE).format(**parts))
        changed: int = cursor.rowcount
        cursor.execute(sql.SQL("DROP TABLE {}").format(incoming))
    return changed


_INCOMING = "incoming_health"
_MERGE = (
    "INSERT INTO {table} ({names}) SELECT {names} FROM {incoming} ORDER BY project_id "
    "ON CONFLICT (project_id, date) DO UPDATE SET {changes} WHERE ({old}) IS DISTINCT FROM ({new})"
)


def csv_of(rows: list[Row]) -> io.StringIO:
    """The rows as COPY reads them; n/a is an empty field."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    encode = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False).encode
    writer.writerows((*row[:-1], encode(row[-1])) for row in rows)
    buffer.seek(0)
    return buffer
