"""What is due once a day (or once per any other key) by the organisation's clock."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils import timezone

from pmo.core.calendars.queries import organisation_zone
from pmo.core.jobs.models import DailyStart

Due = Callable[[datetime.datetime], str | None]
Start = Callable[[str], object]


@dataclass(frozen=True)
class Daily:
    """`due` tells the key that is due at a moment of the organisation's clock; `start` begins the work for it."""

    name: str
    due: Due
    start: Start


_entries: dict[str, Daily] = {}


def register_daily(name: str, due: Due, start: Start) -> None:
    """Declare a daily entry; call it from the app's wiring.

    `due(org_now)` gets an aware datetime in the organisation's zone and returns a key such as "2026-11-24" once the hour
    has come, None before; it must be quick. `start(key)` runs once per key, in one transaction with the note that it has,
    and usually enqueues a job; if it raises, the next tick tries again.
    """
    _entries[name] = Daily(name, due, start)


def due_entries(now: datetime.datetime) -> list[tuple[str, str]]:
    """(name, key) of the entries that are due and have not started: one query, whatever their number."""
    org_now = now.astimezone(organisation_zone())
    asked = [(entry.name, key) for entry in _entries.values() if (key := entry.due(org_now)) is not None]
    started = set(DailyStart.objects.filter(key__in=[_row_key(*pair) for pair in asked]).values_list("key", flat=True))
    return [pair for pair in asked if _row_key(*pair) not in started]


def start_entry(name: str, key: str) -> bool:
    """Start the entry for the key unless it has been started; returns whether this call did."""
    try:
        with transaction.atomic():
            DailyStart.objects.create(key=_row_key(name, key), name=name, at=timezone.now())
            _entries[name].start(key)
    except IntegrityError:
        if DailyStart.objects.filter(key=_row_key(name, key)).exists():
            return False
        raise
    return True


def _row_key(name: str, key: str) -> str:
    return f"{name} {key}"
