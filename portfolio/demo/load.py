"""Writing a book to the database: current rows and version rows, by COPY on PostgreSQL and by batched inserts elsewhere."""

from __future__ import annotations

import csv
import datetime
import io
import json
import os
from collections.abc import Iterator, Sequence
from operator import itemgetter
from typing import Any

from django.core.management.color import no_style
from django.db import connection, models, transaction

from pmo.core.history.models import version_of, versioned_fields
from portfolio.demo.track import Book, Track, told_fields

_BATCH = 2000
_TEXT = (models.CharField, models.TextField)


def first_free_id(model: type[models.Model]) -> int:
    """One more than the largest id in the table."""
    last: int | None = model._base_manager.aggregate(last=models.Max("pk"))["last"]
    return (last or 0) + 1


def load(book: Book, *, now: datetime.datetime) -> dict[str, int]:
    """Write every record of the book in one transaction; returns rows written by table label.

    Rows carry the days of the simulation as their times of creation and change, none of them later than `now` (UTC).
    """
    written: dict[str, int] = {}
    models_written: list[type[models.Model]] = []
    with transaction.atomic():
        for model, tracks in book.tracks.items():
            written[model._meta.label] = _write(model, _current_columns(model), list(_current_rows(model, tracks, now)))
            models_written.append(model)
            table = version_of(model)
            if table is not None:
                columns = ["row_id", "valid_from", "valid_to", *versioned_fields(model)]
                written[table._meta.label] = _write(table, columns, list(_version_rows(model, tracks)))
                models_written.append(table)
        _reset_sequences(models_written)
    return written


def _current_columns(model: type[models.Model]) -> list[str]:
    return [
        "id",
        "uid",
        "version",
        "created_at",
        "updated_at",
        "deleted_at",
        *(field.attname for field in told_fields(model)),
    ]


def _current_rows(
    model: type[models.Model], tracks: Sequence[Track], now: datetime.datetime
) -> Iterator[tuple[Any, ...]]:
    values_of = _picker([field.attname for field in told_fields(model)])
    latest = _stamp_text(now)
    uids = _random_uids(len(tracks))
    for track, uid in zip(tracks, uids, strict=True):
        created = min(_moment(track.created, track.pk), latest)
        changed = min(_moment(track.changed, track.pk + track.writes), latest)
        yield (track.pk, uid, track.writes, created, max(created, changed), None, *values_of(track.now))


def _version_rows(model: type[models.Model], tracks: Sequence[Track]) -> Iterator[tuple[Any, ...]]:
    values_of = _picker(versioned_fields(model))
    for track in tracks:
        for valid_from, valid_to, values in track.versions():
            yield (track.pk, valid_from, valid_to, *values_of(values))


def _picker(names: list[str]) -> Any:
    if len(names) == 1:
        return lambda values: (values[names[0]],)
    return itemgetter(*names)


def _random_uids(count: int) -> list[str]:
    """Random version-4 UUIDs as 32 hexadecimal digits."""
    noise = os.urandom(16 * count).hex()
    parts = (noise[start : start + 32] for start in range(0, 32 * count, 32))
    return [f"{part[:12]}4{part[13:16]}{'89ab'[int(part[16], 16) % 4]}{part[17:]}" for part in parts]


def _moment(day: datetime.date, salt: int) -> str:
    """A time within the office hours of the day (01:00 to 08:59 UTC is 9 to 17 o'clock in Shanghai)."""
    return f"{day} 0{1 + salt % 8}:{salt * 7 % 60:02d}:{salt * 13 % 60:02d}"


def _stamp_text(now: datetime.datetime) -> str:
    return now.astimezone(datetime.UTC).strftime("%Y-%m-%d %H:%M:%S")


def _write(model: type[models.Model], attnames: list[str], rows: list[tuple[Any, ...]]) -> int:
    if connection.vendor == "postgresql":
        _copy(model, attnames, rows)
    else:
        _insert(model, attnames, rows)
    return len(rows)


def _fields(model: type[models.Model], attnames: list[str]) -> list[Any]:
    by_name = {field.attname: field for field in model._meta.concrete_fields}
    return [by_name[name] for name in attnames]


def _copy(model: type[models.Model], attnames: list[str], rows: list[tuple[Any, ...]]) -> None:
    """Stream the rows as CSV: an empty field is NULL, except in text columns, which are never NULL."""
    fields = _fields(model, attnames)
    quote = connection.ops.quote_name
    columns = ", ".join(quote(field.column) for field in fields)
    texts = ", ".join(quote(str(field.column)) for field in fields if isinstance(field, _TEXT))
    never_null = f", FORCE_NOT_NULL ({texts})" if texts else ""
    has_json = any(isinstance(field, models.JSONField) for field in fields)
    statement = f"COPY {quote(model._meta.db_table)} ({columns}) FROM STDIN WITH (FORMAT csv{never_null})"
    with connection.cursor() as cursor:
        for start in range(0, len(rows), _BATCH * 10):
            stream = io.StringIO()
            part: Any = rows[start : start + _BATCH * 10]
            if has_json:
                part = (map(_json_as_text, row) for row in part)
            csv.writer(stream, lineterminator="\n").writerows(part)
            stream.seek(0)
            cursor.copy_expert(statement, stream)


def _insert(model: type[models.Model], attnames: list[str], rows: list[tuple[Any, ...]]) -> None:
    fields = _fields(model, attnames)
    quote = connection.ops.quote_name
    columns = ", ".join(quote(field.column) for field in fields)
    marks = ", ".join(["%s"] * len(fields))
    statement = f"INSERT INTO {quote(model._meta.db_table)} ({columns}) VALUES ({marks})"  # noqa: S608  names come from models
    with connection.cursor() as cursor:
        for start in range(0, len(rows), _BATCH):
            cursor.executemany(statement, [tuple(map(_plain, row)) for row in rows[start : start + _BATCH]])


def _plain(value: Any) -> Any:
    """What a database without COPY takes: numbers and text."""
    if value is None or isinstance(value, str | int):
        return value
    return str(_json_as_text(value))


def _json_as_text(value: Any) -> Any:
    """The text of a JSON field's value; anything else as it is."""
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else value


def _reset_sequences(written: list[type[models.Model]]) -> None:
    """Ids were given by us: tell the sequences where they stand."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), written):
            cursor.execute(statement)
