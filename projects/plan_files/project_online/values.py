"""Values of ProjectData rows: numbers arrive as text or number, times with or without a zone, durations and work in hours."""

from __future__ import annotations

import datetime
import re
from decimal import Decimal, InvalidOperation
from typing import Any

from projects.calc.plan.document import Span

MILLISECONDS = re.compile(r"/Date\((-?\d+)(?:[+-]\d{4})?\)/")
EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)
SMALLEST = -30
TRUE = {"true", "1", "yes"}


def text(row: dict[str, Any], name: str) -> str:
    """The value as text without outer blanks, "" for none."""
    value = row.get(name)
    return "" if value is None or isinstance(value, dict | list) else str(value).strip()


def exact(row: dict[str, Any], name: str) -> Decimal | None:
    """The value as an exact number, None for none; one that is too small to mean anything is 0, or a million digits would tell it."""
    try:
        number = Decimal(text(row, name))
    except InvalidOperation:
        return None
    if number.is_finite() and number.adjusted() < SMALLEST:
        return Decimal(0)
    return number if number.is_finite() and abs(number) < Decimal(10) ** 15 else None


def number(row: dict[str, Any], name: str) -> float | None:
    found = exact(row, name)
    return None if found is None else float(found)


def whole(row: dict[str, Any], name: str) -> int | None:
    found = exact(row, name)
    return None if found is None else int(found)


def flag(row: dict[str, Any], name: str) -> bool:
    return text(row, name).lower() in TRUE


def minutes(row: dict[str, Any], name: str) -> float | None:
    """Hours as minutes."""
    hours = exact(row, name)
    return None if hours is None else float(hours * 60)


def span(row: dict[str, Any], name: str, estimated: bool = False) -> Span | None:
    """Hours as a span that people write in days."""
    found = minutes(row, name)
    return None if found is None else Span(found, "d", estimated)


def moment(row: dict[str, Any], name: str) -> datetime.datetime | None:
    """A wall clock time; the service writes them without a zone, exports sometimes with Z."""
    value = text(row, name)
    match = MILLISECONDS.fullmatch(value)
    try:
        if match:
            return (EPOCH + datetime.timedelta(milliseconds=int(match.group(1)))).replace(tzinfo=None)
        found = datetime.datetime.fromisoformat(value.removesuffix("Z")).replace(tzinfo=None, microsecond=0)
    except (ValueError, OverflowError):
        return None
    return found if 1900 <= found.year <= 2149 else None
