"""What an export holds, whatever the file format."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

Value = str | int | float | Decimal | datetime.date | datetime.datetime | bool | None


@dataclass(frozen=True)
class ExportColumn:
    """A column: its head, the kind of its values (text, number, percent, date, datetime) and its decimals."""

    label: str
    kind: str = "text"
    places: int = 0


@dataclass(frozen=True)
class ExportTable:
    """A table and what must be known about it: `notes` are (label, text) lines such as filters, time, user, row count.

    `rows` is read once, as a stream.
    """

    title: str
    notes: list[tuple[str, str]]
    columns: list[ExportColumn]
    rows: Iterable[list[Value]]
