"""Fetching many rows as columns of numbers: the database's own values, without an object or a converter per cell."""

from __future__ import annotations

from typing import Any

import numpy as np
from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Func, IntegerField
from numpy.typing import NDArray

DateArray = NDArray[np.datetime64]
FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

_NO_DATE = np.datetime64("NaT", "D").astype(np.int64)


class EpochDay(Func):
    """A date as its number of days since 1970-01-01."""

    output_field = IntegerField()
    arity = 1
    template = "(%(expressions)s - DATE '1970-01-01')"

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        """SQLite keeps dates as text."""
        template = "CAST(julianday(%(expressions)s) - 2440587.5 AS INTEGER)"
        return super().as_sql(compiler, connection, template=template, **extra)


def fetch_columns(rows: Any, width: int) -> list[tuple[Any, ...]]:
    """The columns of a `values_list` queryset as the driver gives them: ask only for numbers and text. One query.

    A plain cursor, so that PostgreSQL may scan with parallel workers, which it does not for server-side cursors.
    """
    try:
        statement, params = rows.query.sql_with_params()
    except EmptyResultSet:  # asked for none of a list of ids
        return [()] * width
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        table = cursor.fetchall()
    return list(zip(*table, strict=True)) if table else [()] * width


def ints(values: tuple[Any, ...]) -> IntArray:
    """A column of whole numbers without gaps."""
    return np.array(values, dtype=np.int64)


def floats(values: tuple[Any, ...]) -> FloatArray:
    """A column of numbers, NaN where there is none."""
    return np.array(values, dtype=np.float64)


def dates(values: tuple[Any, ...]) -> DateArray:
    """A column of `EpochDay` numbers, NaT where there is none."""
    days = np.array(values, dtype=np.float64)
    gaps = np.isnan(days)
    return np.where(gaps, _NO_DATE, np.where(gaps, 0, days).astype(np.int64)).view("datetime64[D]")
